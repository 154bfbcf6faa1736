import { DependencyError } from '@clarity/shared/runtime/errors'
import type { Outbox, OutboxEntry } from '@clarity/shared/store/outbox'
import { toRecord } from './record.ts'
import type { PlacedMessage, ShardStream } from './shard-stream.ts'

export interface PumpOptions {
  readonly outbox: Outbox
  readonly stream: Pick<ShardStream, 'isOpen' | 'takeOver' | 'publish'> & AsyncDisposable
  readonly shard: number
  /** Of the changes topic. */
  readonly partitions: number
}

const batchEntriesMax = 500
const batchBytesMax = 512 * 1024

/**
 * Moves one shard's outbox to Kafka, batch after batch, in order and exactly once:
 *
 *   (take over: what is published?) -> read the entries after that -> publish them -> trim them
 *
 * Whatever is interrupted: what is published, Kafka knows, and entries that it has already are trimmed and not sent. A batch is
 * begun only after the one before it is committed, so the order of a connection holds. Never more than a batch is in memory.
 */
export class Pump implements AsyncDisposable {
  readonly #options: PumpOptions
  #published = 0n

  constructor(options: PumpOptions) {
    this.#options = options
  }

  /** Publishes one batch of the shard; answers how many events it was, 0 when nothing waits. */
  async pumpOnce(): Promise<number> {
    const { outbox, stream, shard, partitions } = this.#options
    if (!stream.isOpen) {
      // A shard in which nothing happens needs no connection.
      if ((await outbox.size(shard)) === 0) return 0
      this.#published = await this.#takeOver()
    }
    const entries = await outbox.read(shard, batchEntriesMax, this.#published)
    const { messages, last } = toBatch(entries, partitions)
    if (last !== null) {
      await stream.publish(messages, last)
      this.#published = last
    }
    await outbox.trim(shard, this.#published)
    return messages.length
  }

  async #takeOver(): Promise<bigint> {
    const { outbox, stream, shard } = this.#options
    const published = await stream.takeOver()
    const last = await outbox.lastNumber(shard)
    if (last >= published) return published
    await stream[Symbol.asyncDispose]()
    throw rewound({ shard, last, published })
  }

  /** Lets the shard go: whoever publishes it next takes it over. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.stream[Symbol.asyncDispose]()
  }
}

/** New entries would have the numbers of old ones, and be taken for them. */
function rewound({ shard, last, published }: { shard: number; last: bigint; published: bigint }): DependencyError {
  return new DependencyError('redis', 'Redis has lost events that are in Kafka', {
    remedy: 'Bring Redis back with its last data. Nothing of this shard is published or trimmed until then.',
    context: { shard, lastInRedis: last.toString(), lastInKafka: published.toString() },
  })
}

function toBatch(entries: readonly OutboxEntry[], partitions: number) {
  const messages: PlacedMessage[] = []
  let last: bigint | null = null
  let bytes = 0
  for (const entry of entries) {
    const { key, value, partition, headers } = toRecord(entry, partitions)
    bytes += Buffer.byteLength(value)
    if (messages.length > 0 && bytes > batchBytesMax) break
    messages.push({ key, value, partition, headers: { ...headers } })
    last = entry.number
  }
  return { messages, last }
}
