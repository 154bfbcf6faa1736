import { randomUUID } from 'node:crypto'
import type { Admin, EachBatchPayload, Kafka } from 'kafkajs'

/** A record as it lies in a topic. */
export interface TopicRecord {
  readonly partition: number
  readonly offset: string
  /** When it was sent, in ms since the epoch. */
  readonly timestampMs: number
  readonly key: string
  /** Null is a tombstone. */
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

export interface ReadToEndOptions {
  readonly kafka: Kafka
  readonly admin: Admin
  readonly topic: string
  /** Begins the name of a consumer group that lives as long as the reading. */
  readonly groupPrefix: string
  /** Only these partitions; all when absent. */
  readonly partitions?: ReadonlySet<number>
  /** Where to begin in each partition; at its beginning when absent. */
  readonly from?: ReadonlyMap<number, bigint>
  /** Rejects to end the reading with its reason. */
  readonly onRecord: (record: TopicRecord) => void | Promise<void>
  /** Asked when the end is reached: false reads on, until it is true. Then what was told last is there as a whole. */
  readonly isWhole?: () => boolean
  readonly signal?: AbortSignal
}

/**
 * Reads what is committed in a topic, from its beginning to where its end was at the call or later, in order of each
 * partition. A transaction under way at that end is waited for.
 */
export async function readToEnd(options: ReadToEndOptions): Promise<void> {
  const { kafka, admin, topic, groupPrefix, isWhole = () => true, signal } = options
  signal?.throwIfAborted()
  const progress = await planReading(options)
  if (progress.isAtEnd() && isWhole()) return
  const groupId = `${groupPrefix}.${randomUUID()}`
  // Short waits: at the end there is nothing more to come, and who leaves waits for the last answer.
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 100 })
  const done = Promise.withResolvers<void>()
  const abort = () => done.reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) done.reject(error)
  })
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    progress.reached(partition, BigInt(lastOffset) + 1n)
    if (progress.isAtEnd() && isWhole()) done.resolve()
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatch: (payload) => takeBatch(payload, progress, options).catch(done.reject),
    })
    for (const { partition, begin } of progress.plans) consumer.seek({ topic, partition, offset: String(begin) })
    consumer.pause([{ topic, partitions: progress.unwanted }])
    await done.promise
  } finally {
    signal?.removeEventListener('abort', abort)
    await consumer.disconnect()
    // It is of no further use; where it stays, Kafka forgets it by itself.
    await admin.deleteGroups([groupId]).catch(() => undefined)
  }
}

async function takeBatch(
  { batch, heartbeat, isStale, isRunning }: EachBatchPayload,
  progress: Progress,
  { onRecord }: ReadToEndOptions,
): Promise<void> {
  for (const { key, value, offset, timestamp, headers = {} } of batch.messages) {
    if (isStale() || !isRunning()) return
    if (!progress.isNext(batch.partition, BigInt(offset))) continue
    await onRecord({
      partition: batch.partition,
      offset,
      timestampMs: Number(timestamp),
      key: key?.toString() ?? '',
      value: value?.toString() ?? null,
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
    })
    progress.reached(batch.partition, BigInt(offset) + 1n)
  }
  await heartbeat()
}

/** What is to be read of one partition. */
interface Plan {
  readonly partition: number
  readonly begin: bigint
  readonly end: bigint
}

async function planReading({ admin, topic, partitions, from }: ReadToEndOptions): Promise<Progress> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const isWanted = (partition: number) => partitions?.has(partition) ?? true
  const plans = offsets
    .filter(({ partition }) => isWanted(partition))
    .map(({ partition, low, high }) => ({
      partition,
      begin: larger(BigInt(low), from?.get(partition) ?? 0n),
      end: BigInt(high),
    }))
  const unwanted = offsets.map(({ partition }) => partition).filter((partition) => !isWanted(partition))
  return new Progress(plans, unwanted)
}

/** How far each partition is read. */
class Progress {
  readonly plans: readonly Plan[]
  readonly unwanted: number[]
  readonly #next: Map<number, bigint>

  constructor(plans: readonly Plan[], unwanted: number[]) {
    this.plans = plans
    this.unwanted = unwanted
    this.#next = new Map(plans.map(({ partition, begin }) => [partition, begin]))
  }

  /** Before a seek has come through, and after a group was balanced anew, records come that are not wanted. */
  isNext(partition: number, offset: bigint): boolean {
    const next = this.#next.get(partition)
    return next !== undefined && offset >= next
  }

  reached(partition: number, next: bigint): void {
    const before = this.#next.get(partition)
    if (before !== undefined && next > before) this.#next.set(partition, next)
  }

  isAtEnd(): boolean {
    return this.plans.every(({ partition, end }) => (this.#next.get(partition) ?? 0n) >= end)
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
