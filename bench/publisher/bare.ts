// What kafkajs alone does with the same records, batches, acks and transactions as the publisher: a loop for each shard. Either all of
// its records are made before the clock starts, and then it asks Redis for nothing; or it reads and makes them as it goes.
import { batchBytesMax, batchEntriesMax } from '@clarity/publisher/pump'
import { type KafkaRecord, toRecords, toWatermark } from '@clarity/publisher/record'
import { type StreamNames, streamNames } from '@clarity/publisher/shard-stream'
import { createLog } from '@clarity/shared/runtime/log'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox, digestOfEntries, type OutboxEntry } from '@clarity/shared/store/outbox'
import { createRedis } from '@clarity/shared/store/redis'
import * as ours from 'kafkajs'
import { CompressionTypes, type Kafka, logLevel, type Producer } from 'kafkajs'
import * as asPublished from 'kafkajs-as-published'
import { BareOptions } from './bare-options.ts'
import type { BatchLine } from './watch.ts'

interface Batch {
  readonly events: number
  readonly changes: KafkaRecord[]
  readonly state: KafkaRecord[]
  readonly offset: string
  readonly metadata: string
}

const options = BareOptions.parse(JSON.parse(process.argv[2] ?? ''))
const compression = options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
const shards = Array.from({ length: options.shards }, (_, shard) => shard)

const log = createLog({ service: 'bench', version: '0.1.0', level: 'warn' })
const redis = createRedis(options.redisUrl, { whenAway: 'fail', log })
const outbox = createOutbox(redis, createKeys({ prefix: options.outboxPrefix, shards: options.shards }))
const batches = await Promise.all(shards.map((shard) => prepare(shard)))
const names = streamNames(options.topicPrefix)
const client = options.client === 'ours' ? ours : asPublished
const kafka = new client.Kafka({ clientId: 'bare', brokers: options.brokers, logLevel: logLevel.ERROR })
const producers = await Promise.all(shards.map((shard) => connect(kafka, names, shard)))
process.stdout.write('{"event":"prepared"}\n')
await Promise.all(producers.map((producer, shard) => publishAll(producer, shard, batches[shard] ?? [])))
// Whoever watches looks at this process in /proc when the last line has come, and ends it then.
await new Promise<void>((resolve) => process.once('SIGTERM', resolve))
await Promise.all(producers.map((producer) => producer.disconnect()))
redis.disconnect()

type Batches = Iterable<Batch> | AsyncIterable<Batch>

async function prepare(shard: number): Promise<Batches> {
  if (options.records === 'meanwhile') return batchesOf(shard)
  const all: Batch[] = []
  for await (const batch of batchesOf(shard)) all.push(batch)
  return all
}

async function* batchesOf(shard: number): AsyncGenerator<Batch> {
  for (let after = 0n; ; ) {
    const entries = takeBatch(await readEntries(shard, after))
    const last = entries.at(-1)?.number
    if (last === undefined) return
    yield toBatch(entries, after, last)
    after = last
  }
}

async function readEntries(shard: number, after: bigint): Promise<OutboxEntry[]> {
  const { entries } = await outbox.read(shard, batchEntriesMax, after)
  return entries.map((entry) => {
    if ('event' in entry) return entry
    throw new Error(`the bench has written an entry that is no event: ${entry.text}`)
  })
}

function takeBatch(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  let bytes = 0
  const end = entries.findIndex(({ text }, index) => {
    bytes += text.length
    return index > 0 && bytes > batchBytesMax
  })
  return end === -1 ? entries : entries.slice(0, end)
}

function toBatch(entries: readonly OutboxEntry[], after: bigint, last: bigint): Batch {
  const records = entries.map((entry) => toRecords(entry, options.partitions))
  const lasts = new Map(entries.map((entry) => [entry.event.connectionId, entry]))
  const watermarks = [...lasts.values()].map((entry) => toWatermark(entry, options.partitions))
  return {
    events: entries.length,
    changes: records.map(({ change }) => change),
    state: [...records.flatMap(({ state }) => state), ...watermarks],
    offset: String(last + 1n),
    metadata: JSON.stringify({ after: String(after), digest: digestOfEntries(entries) }),
  }
}

async function connect(kafka: Kafka, { transactions }: StreamNames, shard: number): Promise<Producer> {
  const producer = kafka.producer({
    transactionalId: `${transactions}-${shard}`,
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
    retry: { initialRetryTime: 5, multiplier: 1.5, maxRetryTime: 500, retries: 30 },
  })
  await producer.connect()
  return producer
}

async function publishAll(producer: Producer, shard: number, ofShard: Batches): Promise<void> {
  for await (const { events, changes, state, offset, metadata } of ofShard) {
    const topicMessages = [
      { topic: names.changes, messages: changes },
      { topic: names.state, messages: state },
    ]
    const transaction = await producer.transaction()
    await transaction.sendBatch({ acks: -1, compression, topicMessages })
    const topics = [{ topic: names.outbox, partitions: [{ partition: shard, offset, metadata }] }]
    await transaction.sendOffsets({ consumerGroupId: names.group, topics })
    await transaction.commit()
    const line: BatchLine = { event: 'batch.published', shard, records: events, time: new Date().toISOString() }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }
}
