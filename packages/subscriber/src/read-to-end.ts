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
  readonly kafka: Pick<Kafka, 'consumer'>
  readonly admin: Pick<Admin, 'fetchTopicOffsets' | 'deleteGroups'>
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
 * partition. A transaction under way at that end is waited for, unless nothing was ever committed before it.
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
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset, highWatermark } }) => {
    progress.foundEnd(partition, BigInt(highWatermark))
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
    for (const { partition, seekTo } of progress.plans) consumer.seek({ topic, partition, offset: String(seekTo) })
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

/**
 * What is to be read of one partition. Kafka tells the client no end but that before the oldest transaction that is under way, though
 * others may have been committed behind it. With every batch it tells where the records end; so the reading begins with a record
 * before that, where nothing else is to come, and goes on to the end that it hears of first.
 */
interface Plan {
  readonly partition: number
  /** The first record that is wanted. */
  readonly begin: bigint
  /** Where the reading begins. */
  readonly seekTo: bigint
  /** Null: Kafka has not told yet. */
  readonly end: bigint | null
}

async function planReading({ admin, topic, partitions, from }: ReadToEndOptions): Promise<Progress> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const isWanted = (partition: number) => partitions?.has(partition) ?? true
  const plans = offsets
    .filter(({ partition }) => isWanted(partition))
    .map(({ partition, low, high }): Plan => {
      const [first, committed] = [BigInt(low), BigInt(high)]
      const begin = larger(first, from?.get(partition) ?? 0n)
      // Without any record that is committed no batch would come.
      if (committed <= first) return { partition, begin, seekTo: begin, end: begin }
      return { partition, begin, seekTo: smaller(begin, committed - 1n), end: null }
    })
  const unwanted = offsets.map(({ partition }) => partition).filter((partition) => !isWanted(partition))
  return new Progress(plans, unwanted)
}

/** How far each partition is read. */
class Progress {
  readonly plans: readonly Plan[]
  readonly unwanted: number[]
  readonly #next: Map<number, bigint>
  readonly #end: Map<number, bigint | null>

  constructor(plans: readonly Plan[], unwanted: number[]) {
    this.plans = plans
    this.unwanted = unwanted
    this.#next = new Map(plans.map(({ partition, begin }) => [partition, begin]))
    this.#end = new Map(plans.map(({ partition, end }) => [partition, end]))
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

  /** Where the records of a partition end; what comes later is not waited for. */
  foundEnd(partition: number, end: bigint): void {
    if (this.#end.get(partition) === null) this.#end.set(partition, end)
  }

  isAtEnd(): boolean {
    return [...this.#end].every(([partition, end]) => end !== null && (this.#next.get(partition) ?? 0n) >= end)
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
