import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a tool, of this repository or of the machine, in the root, with this terminal, and gives its exit code. When this process is told to
 * end meanwhile, it waits for the tool to end first, and then ends itself.
 */
export async function run([tool, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const color = process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: '1' }
  const own = join(root, 'node_modules', '.bin', tool)
  const child = spawn(existsSync(own) ? own : tool, args, {
    cwd: root,
    env: { ...process.env, ...color, ...env },
    stdio: 'inherit',
  })
  let toldTo: NodeJS.Signals | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    toldTo = signal
    // The terminal has sent Ctrl-C to the tool as well.
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject)
  child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  const exitCode = await promise.finally(() => process.off('SIGINT', onSignal).off('SIGTERM', onSignal))
  if (toldTo) process.exit(128 + constants.signals[toldTo])
  return exitCode
}
