import { ensureCommand } from './commands.ts'

/** Path of Chromium; installs it where it can, else throws a `LaunchError` that says what to install. */
export function ensureChromium(): Promise<string> {
  return ensureCommand({ command: 'chromium', packages: ['chromium'] })
}
