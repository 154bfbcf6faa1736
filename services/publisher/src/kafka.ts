import type { Clock } from '@clarity/shared/runtime/clock'
import { KnownError } from '@clarity/shared/runtime/errors'
import type { HealthCheck } from '@clarity/shared/runtime/health'
import { toKafkaSecurity } from '@clarity/shared/runtime/kafka-security'
import type { Logger } from '@clarity/shared/runtime/log'
import { type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import type { KafkaClientConfig } from '@clarity/shared/runtime/variables'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { toKafkaError } from './kafka-error.ts'

/**
 * A Kafka client whose own messages go to our log for whoever looks closely: who uses it tells what failed.
 * @throws ConfigError when the settings of TLS and SASL cannot be used, see `toKafkaSecurity`
 */
export function createKafka(config: KafkaClientConfig, log: Logger): Kafka {
  return new Kafka({
    clientId: 'clarity-bitbucket-publisher',
    brokers: config.KAFKA_BROKERS,
    ...toKafkaSecurity(config),
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

/**
 * Connects and prepares what is needed in Kafka, waiting for it as long as it takes; after a failure all of it is begun anew.
 * Rejects only with the signal's reason, or with what is not Kafka's doing.
 */
export async function connectKafka<Client extends Pick<Admin, 'connect' | 'disconnect'>>(
  client: Client,
  prepare: (client: Client) => Promise<void>,
  { clock, random, log, signal }: ConnectOptions,
): Promise<void> {
  const onRetry = (err: unknown, attempt: number, delayMs: number) =>
    log[attempt < 5 ? 'warn' : 'error'](
      { event: 'kafka.away', err, attempt, delayMs },
      'Kafka does not answer, waiting for it',
    )
  await retry(patience, { clock, random, signal, onRetry }, () => connectOnce(client, prepare))
}

/**
 * Connects and prepares; disconnects when that fails.
 * @throws DependencyError when Kafka does not answer or refuses us, and what `prepare` throws of our own errors
 */
export async function connectOnce<Client extends Pick<Admin, 'connect' | 'disconnect'>>(
  client: Client,
  prepare: (client: Client) => Promise<void>,
): Promise<void> {
  try {
    await client.connect()
    await prepare(client)
  } catch (cause) {
    await client.disconnect().catch(() => undefined)
    throw cause instanceof KnownError ? cause : toKafkaError(cause)
  }
}

/** Ready when everything in Kafka is prepared and the cluster tells of itself. */
export function pingKafka(admin: Pick<Admin, 'describeCluster'>, isPrepared: () => boolean): HealthCheck {
  return {
    name: 'kafka',
    check: async () => {
      // The client must not be asked before it is connected.
      if (!isPrepared()) throw new Error('not connected yet')
      await admin.describeCluster()
    },
  }
}
