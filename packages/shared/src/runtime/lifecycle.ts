import { KnownError } from './errors.ts'
import type { Logger } from './log.ts'
import { redactText } from './redact.ts'

/**
 * The life of a service process: run until a signal, close in reverse order, leave by an empty event
 * loop. A second signal, or a close that takes longer than the limit, forces the exit with a failure.
 */
export interface Service extends AsyncDisposable {
  /** Resolves when the work is over, which for a server is when `signal` aborts; rejects on a fatal error. */
  run(signal: AbortSignal): Promise<void>
}

export interface LifecycleOptions {
  readonly log: Logger
  /** How long closing may take. */
  readonly closeTimeoutMs?: number
}

/**
 * Runs the service that `create` builds, until SIGTERM or SIGINT. Sets the process's exit code: 0 after a
 * signal, 1 after an error. Everything that nobody caught ends the process.
 */
export async function runService(
  create: (signal: AbortSignal) => Promise<Service>,
  options: LifecycleOptions,
): Promise<void> {
  const { log, closeTimeoutMs = 10_000 } = options
  const controller = new AbortController()
  const stop = (cause: string) => {
    if (controller.signal.aborted) process.exit(1)
    log.info({ event: 'service.stopping', cause }, 'stopping')
    controller.abort(new Error(cause))
    setTimeout(() => {
      log.fatal({ event: 'service.stop-timed-out', closeTimeoutMs }, 'closing took too long, forced exit')
      process.exit(1)
    }, closeTimeoutMs).unref()
  }
  const fail = (err: unknown) => {
    process.exitCode = 1
    log.fatal({ event: 'service.failed', err }, 'fatal error')
    if (!controller.signal.aborted) stop('fatal error')
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  try {
    await using service = await create(controller.signal)
    await service.run(controller.signal)
  } catch (error) {
    if (error !== controller.signal.reason) fail(error)
  }
  log.info({ event: 'service.stopped' }, 'stopped')
}

/**
 * Prints what an operator needs when the service cannot even start, and fails the process. Node's own way to print an error
 * shows all its properties: of one of a driver, the command with the login in it.
 */
export function exitWithStartError(error: unknown): never {
  process.stderr.write(`${redactText(describe(error))}\n`)
  process.exit(1)
}

function describe(error: unknown): string {
  if (error instanceof KnownError) return `${error.message}\n${error.remedy}`
  return error instanceof Error ? (error.stack ?? error.message) : `What was thrown is no error but a ${typeof error}`
}
