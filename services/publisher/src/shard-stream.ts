import type { Clock } from '@clarity/shared/runtime/clock'
import { DependencyError } from '@clarity/shared/runtime/errors'
import { delayBeforeRetry, type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import type { Admin, CompressionTypes, Kafka, Producer, RecordMetadata, TopicMessages } from 'kafkajs'
import { z } from 'zod'
import { toKafkaError } from './kafka-error.ts'
import { sendOnce } from './send-once.ts'

export interface ShardStreamOptions {
  readonly kafka: Kafka
  readonly admin: Pick<Admin, 'fetchOffsets'>
  readonly names: StreamNames
  readonly shard: number
  readonly compression: CompressionTypes
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Told how long each transaction took that was committed, in seconds. */
  readonly onCommitted?: (seconds: number) => void
}

/** What the stream is called in Kafka. */
export interface StreamNames {
  /** Every event. */
  readonly changes: string
  /** What is there now: compacted. */
  readonly state: string
  /** What people did. */
  readonly audit: string
  /** What could not be told. */
  readonly deadLetter: string
  /** A topic without records, one partition for each shard: what is published of a shard's outbox is an offset of it. */
  readonly outbox: string
  /** The consumer group, of no members, that has these offsets. */
  readonly group: string
  /** Begins the transactional id of each shard. */
  readonly transactions: string
}

/** All names follow from the prefix of the topics. */
export function streamNames(prefix: string): StreamNames {
  return {
    changes: `${prefix}.changes`,
    state: `${prefix}.state`,
    audit: `${prefix}.audit`,
    deadLetter: `${prefix}.dead-letter`,
    outbox: `${prefix}.outbox`,
    group: `${prefix}.publisher`,
    transactions: `${prefix}.shard`,
  }
}

/** A batch of the outbox: the entries after `after`, up to and with `last`, and what they are recognised by. */
export interface BatchMark {
  readonly after: bigint
  readonly last: bigint
  readonly digest: string
}

/** What Kafka knows of a shard. */
export interface Published {
  /** The number of the last entry that is in Kafka, 0 when there is none. */
  readonly last: bigint
  /** The batch that it was published with; null when nothing is known of it. */
  readonly batch: BatchMark | null
}

/** Sends records within the transaction; says where they came to lie. */
export type Send = (messages: readonly TopicMessages[]) => Promise<RecordMetadata[]>

/** Kafka refuses the records themselves, and will whenever they are sent. */
export class RecordsRefusedError extends DependencyError {}

const whileEnding: RetryPolicy = { initialMs: 10, maxMs: 500, factor: 1.5, attempts: 20 }
const whileLoading: RetryPolicy = { initialMs: 50, maxMs: 500, factor: 2, attempts: 10 }

const refusals = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']

/** The offset's metadata. */
const Mark = z.object({ after: z.string().regex(/^\d+$/), digest: z.string() })

/**
 * The way of one shard's outbox into Kafka. A batch and the number of its last entry, as an offset, are one transaction: what
 * is published and how far we are can never differ. The transactional id is the shard's, so whoever takes the shard over
 * fences whoever had it, and ends what that one had begun.
 *
 * After an error nobody knows whether the transaction was committed: the shard must be taken over anew, and then Kafka tells.
 */
export class ShardStream implements AsyncDisposable {
  readonly #options: ShardStreamOptions
  #producer: Producer | null = null

  constructor(options: ShardStreamOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#producer !== null
  }

  /** Fences the present owner, and says what it has published. */
  async takeOver(): Promise<Published> {
    const { kafka, names, shard } = this.#options
    await this[Symbol.asyncDispose]()
    const producer = kafka.producer({
      transactionalId: `${names.transactions}-${shard}`,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: sendOnce,
      retry: { initialRetryTime: 5, multiplier: 1.5, maxRetryTime: 500, retries: 10 },
    })
    try {
      await producer.connect()
      // kafkajs asks for its epoch, which is what fences, with the first transaction and not before.
      const fencing = await producer.transaction()
      await fencing.abort()
      const published = await this.peek()
      this.#producer = producer
      return published
    } catch (cause) {
      await disconnect(producer)
      throw this.#failure('The shard could not be taken over in Kafka', cause)
    }
  }

  /** What is published of the shard, whoever owns it; that may be behind by now. */
  async peek(): Promise<Published> {
    const { clock, random } = this.#options
    // A coordinator of groups that has just been started does not know yet.
    return retry(whileLoading, { clock, random }, () =>
      this.#readPublished().catch((cause: unknown) => {
        throw this.#failure('Kafka does not say how far the shard is', cause)
      }),
    )
  }

  /** Publishes what `write` sends as the batch of `mark`: all of it, or nothing. */
  async publish({ after, last, digest }: BatchMark, write: (send: Send) => Promise<void>): Promise<void> {
    const { names, shard, compression, clock, onCommitted } = this.#options
    const producer = this.#producer
    if (producer === null) throw this.#failure('The shard was not taken over', null)
    try {
      const begunAtMs = clock.now()
      const transaction = await producer.transaction()
      const metadata = JSON.stringify({ after: String(after), digest } satisfies z.input<typeof Mark>)
      const partitions = [{ partition: shard, offset: String(last + 1n), metadata }]
      const offsets = { consumerGroupId: names.group, topics: [{ topic: names.outbox, partitions }] }
      // First, for it can be tried again where records cannot.
      await this.#whenOver(() => transaction.sendOffsets(offsets))
      // All replicas (-1), or it does not count as sent.
      await write((topicMessages) =>
        transaction.sendBatch({ acks: -1, compression, topicMessages: topicMessages.filter(hasMessages) }),
      )
      await transaction.commit()
      onCommitted?.((clock.now() - begunAtMs) / 1_000)
    } catch (cause) {
      await this[Symbol.asyncDispose]()
      throw this.#failure('Kafka did not take a batch of events', cause)
    }
  }

  /** Kafka ends the transaction of the last batch a little after it has said so; until then it refuses what the next one begins with. */
  async #whenOver(begin: () => Promise<void>): Promise<void> {
    const { clock, random } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        return await begin()
      } catch (error) {
        if (!isConcurrent(error) || attempt === whileEnding.attempts) throw error
        await clock.sleep(delayBeforeRetry(whileEnding, attempt, random()))
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    if (producer !== null) await disconnect(producer)
  }

  /** An offset is the number of the entry that comes next. */
  async #readPublished(): Promise<Published> {
    const { admin, names, shard } = this.#options
    const [topic] = await admin.fetchOffsets({ groupId: names.group, topics: [names.outbox] })
    const { offset = '-1', metadata = null } = topic?.partitions.find(({ partition }) => partition === shard) ?? {}
    if (offset === '-1') return { last: 0n, batch: null }
    const last = BigInt(offset) - 1n
    const mark = metadata ? Mark.parse(JSON.parse(metadata)) : null
    return { last, batch: mark && { after: BigInt(mark.after), last, digest: mark.digest } }
  }

  #failure(message: string, cause: unknown): DependencyError {
    const details = {
      remedy: toKafkaError(cause).remedy,
      context: { shard: this.#options.shard },
      cause,
    }
    if (isRefusal(cause)) return new RecordsRefusedError('kafka', 'Kafka refuses a record', details)
    return new DependencyError('kafka', message, details)
  }
}

function hasMessages({ messages }: TopicMessages): boolean {
  return messages.length > 0
}

function isConcurrent(cause: unknown): boolean {
  return cause instanceof Error && 'type' in cause && cause.type === 'CONCURRENT_TRANSACTIONS'
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && 'type' in cause && refusals.includes(String(cause.type))
}

/** What a connection that is lost anyway says at its end is of no use. */
async function disconnect(producer: Producer): Promise<void> {
  await producer.disconnect().catch(() => undefined)
}
