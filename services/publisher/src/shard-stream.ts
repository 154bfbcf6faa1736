import { DependencyError } from '@clarity/shared/runtime/errors'
import type { Admin, Kafka, Message, Producer } from 'kafkajs'

export interface ShardStreamOptions {
  readonly kafka: Kafka
  readonly admin: Admin
  readonly names: StreamNames
  readonly shard: number
}

/** What the stream is called in Kafka. */
export interface StreamNames {
  readonly changes: string
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
    outbox: `${prefix}.outbox`,
    group: `${prefix}.publisher`,
    transactions: `${prefix}.shard`,
  }
}

/** A record with the partition that it goes to. */
export type PlacedMessage = Message & { readonly partition: number }

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

  /** Fences the present owner; the number of the last entry of the outbox that is in Kafka, 0 when there is none. */
  async takeOver(): Promise<bigint> {
    const { kafka, names, shard } = this.#options
    await this[Symbol.asyncDispose]()
    const producer = kafka.producer({
      transactionalId: `${names.transactions}-${shard}`,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Kafka ends the transaction of the last batch a little after it has said so; until then it refuses the next one.
      retry: { initialRetryTime: 5, multiplier: 1.5, maxRetryTime: 500, retries: 10 },
    })
    try {
      await producer.connect()
      // kafkajs asks for its epoch, which is what fences, with the first transaction and not before.
      const fencing = await producer.transaction()
      await fencing.abort()
      const published = await this.#readPublished()
      this.#producer = producer
      return published
    } catch (cause) {
      await disconnect(producer)
      throw this.#failure('The shard could not be taken over in Kafka', cause)
    }
  }

  /** Publishes a batch whose last entry has the number `last`: all of it, or nothing. */
  async publish(messages: readonly PlacedMessage[], last: bigint): Promise<void> {
    const { names, shard } = this.#options
    const producer = this.#producer
    if (producer === null) throw this.#failure('The shard was not taken over', null)
    try {
      const transaction = await producer.transaction()
      // All replicas (-1), or it does not count as sent.
      await transaction.send({ topic: names.changes, acks: -1, messages: [...messages] })
      const partitions = [{ partition: shard, offset: String(last + 1n) }]
      await transaction.sendOffsets({ consumerGroupId: names.group, topics: [{ topic: names.outbox, partitions }] })
      await transaction.commit()
    } catch (cause) {
      await this[Symbol.asyncDispose]()
      throw this.#failure('Kafka did not take a batch of events', cause)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    if (producer !== null) await disconnect(producer)
  }

  /** An offset is the number of the entry that comes next. */
  async #readPublished(): Promise<bigint> {
    const { admin, names, shard } = this.#options
    const [topic] = await admin.fetchOffsets({ groupId: names.group, topics: [names.outbox] })
    const offset = topic?.partitions.find(({ partition }) => partition === shard)?.offset ?? '-1'
    return offset === '-1' ? 0n : BigInt(offset) - 1n
  }

  #failure(message: string, cause: unknown): DependencyError {
    return new DependencyError('kafka', message, {
      remedy: 'See that Kafka runs and is reachable at KAFKA_BROKERS; the events wait in Redis.',
      context: { shard: this.#options.shard },
      cause,
    })
  }
}

/** What a connection that is lost anyway says at its end is of no use. */
async function disconnect(producer: Producer): Promise<void> {
  await producer.disconnect().catch(() => undefined)
}
