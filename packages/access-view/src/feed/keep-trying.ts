import type { Clock } from '@clarity/shared/runtime/clock'
import { isRetryable } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import { delayBeforeRetry, type RetryPolicy } from '@clarity/shared/runtime/retry'

export interface Patience {
  readonly clock: Clock
  readonly log: Logger
  /** Uniform in [0, 1). */
  readonly random: () => number
}

const policy: RetryPolicy = { initialMs: 500, maxMs: 15_000, factor: 2, attempts: Number.POSITIVE_INFINITY }

/** From this try on somebody should look. */
const loudFrom = 6

/**
 * Does `work` until it succeeds, as long as what it needs is away for a time: Kafka, or the database. Whatever else it rejects with is
 * given on. @throws the signal's reason when it aborts
 */
export async function keepTrying<Result>(
  { clock, log, random }: Patience,
  what: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (err) {
      if (signal.aborted || !isAway(err)) throw err
      const delayMs = delayBeforeRetry(policy, attempt, random())
      const level = attempt < loudFrom ? 'warn' : 'error'
      log[level](
        { event: 'view.retry', what, attempt, delayMs, err },
        'what the access view needs is away; trying again',
      )
      await clock.sleep(delayMs, signal)
    }
  }
}

/** Whether it failed because Kafka or the database is away, is starting, or was in the way of another: the same may go well later. */
export function isAway(error: unknown): boolean {
  if (isRetryable(error)) return true
  // By name: Node finds no class of kafkajs to import by its name.
  if (error instanceof Error && error.name.startsWith('KafkaJS')) return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // Of PostgreSQL: connection, resources, intervention of the operator, deadlock or serialization. Of Node: the network.
  if (/^(08|53|57|40)[0-9A-Z]{3}$/.test(code)) return true
  if (/^E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_AGAIN)/.test(code)) return true
  return (
    error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  )
}
