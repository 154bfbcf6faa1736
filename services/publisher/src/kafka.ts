import type { Clock } from '@clarity/shared/runtime/clock'
import { DependencyError } from '@clarity/shared/runtime/errors'
import type { HealthCheck } from '@clarity/shared/runtime/health'
import type { Logger } from '@clarity/shared/runtime/log'
import { type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import { type Admin, Kafka, logLevel } from 'kafkajs'

/** A Kafka client whose own messages go to our log for whoever looks closely: who uses it tells what failed. */
export function createKafka(brokers: string[], log: Logger): Kafka {
  return new Kafka({
    clientId: 'clarity-bitbucket-publisher',
    brokers,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, timestamp: _, logger: __, ...fields } = entry.log
      log.debug({ event: 'kafka.client', ...fields, detail: message }, 'Kafka client')
    },
    // Short, for whatever fails is tried again by us, where it is told.
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 3 },
  })
}

const patience: RetryPolicy = { initialMs: 500, maxMs: 10_000, factor: 2, attempts: Number.POSITIVE_INFINITY }

export interface ConnectOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly signal: AbortSignal
}

/** Connects, waiting for Kafka as long as it takes; rejects only with the signal's reason. */
export async function connectKafka(
  clients: readonly { connect(): Promise<void> }[],
  { clock, random, log, signal }: ConnectOptions,
): Promise<void> {
  const onRetry = (err: unknown, attempt: number, delayMs: number) =>
    log.warn({ event: 'kafka.away', err, attempt, delayMs }, 'Kafka does not answer, waiting for it')
  await retry(patience, { clock, random, signal, onRetry }, async () => {
    try {
      await Promise.all(clients.map((client) => client.connect()))
    } catch (cause) {
      throw new DependencyError('kafka', 'Kafka does not answer', {
        remedy: 'See that Kafka runs and is reachable at KAFKA_BROKERS; nothing is lost meanwhile.',
        cause,
      })
    }
  })
}

/** Ready when the cluster tells of itself. */
export function pingKafka(admin: Admin): HealthCheck {
  return {
    name: 'kafka',
    check: async () => {
      await admin.describeCluster()
    },
  }
}
