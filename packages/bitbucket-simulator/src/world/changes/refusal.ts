/** A change that cannot be done: 404 when it names what is not there, 409 when the truth stands against it. */
export class Refusal extends Error {
  readonly status: 404 | 409

  constructor(status: 404 | 409, message: string) {
    super(message)
    this.status = status
  }
}

/** The value that a change names. @throws Refusal 404 when it is not there. */
export function named<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw new Refusal(404, `there is no ${what} ${id}`)
  return value
}

/** @throws Refusal 409 with that message, when `condition` holds. */
export function refuseIf(condition: boolean, message: string): void {
  if (condition) throw new Refusal(409, message)
}
