/** Something on this machine is missing or did not start. The message says what, `remedy` what to do about it. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
  readonly remedy: string | undefined

  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(options.remedy ? `${message}\n${options.remedy}` : message, { cause: options.cause })
    this.remedy = options.remedy
  }
}
