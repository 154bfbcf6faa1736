import { DependencyError } from '@clarity/shared/runtime/errors'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox, type Outbox } from '@clarity/shared/store/outbox'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Pump } from './pump.ts'
import { type PlacedMessage, ShardStream, streamNames } from './shard-stream.ts'
import { ensureTopic } from './topics.ts'

const { client: redis } = await testRedis()
const { kafka, prefix } = testKafka()
const keys = createKeys({ prefix: 'test', shards: 4 })
const outbox = createOutbox(redis, keys)
const admin = kafka.admin()
const connectionId = 'con_1'
const shard = keys.shardOf(connectionId)
const partitions = 3
const end = 'the end'
const open: AsyncDisposable[] = []
let names = streamNames(prefix)
let streams = 0

beforeAll(() => admin.connect())
afterAll(async () => {
  await Promise.all(open.map((one) => one[Symbol.asyncDispose]()))
  await admin.disconnect()
})
beforeEach(async () => {
  await redis.flushdb()
  names = streamNames(`${prefix}${++streams}`)
  const topic = { replicationFactor: 1, partitionsFrom: 'SHARDS' } as const
  await ensureTopic(admin, { ...topic, topic: names.changes, partitions })
  await ensureTopic(admin, { ...topic, topic: names.outbox, partitions: keys.shards })
})

/** A publisher of the shard, as each process has one. */
function createPublisher(ownOutbox: Outbox = outbox) {
  const stream = new ShardStream({ kafka, admin, names, shard })
  const pump = new Pump({ outbox: ownOutbox, stream, shard, partitions })
  open.push(pump)
  return { stream, pump }
}

/** Appends events as the commit script does. */
async function append(subjects: readonly string[], padding = ''): Promise<void> {
  const { outbox: stream, outboxNumber } = keys.shard(shard)
  for (const subject of subjects) {
    const number = await redis.incr(outboxNumber)
    const data = { observedAt: '2026-11-23T10:00:00.000Z', padding }
    const ids = { tenantId: 'acme', connectionId, syncId: 'syn_1' }
    const event = { name: 'sync.started', subject, ...ids, before: null, after: null, data }
    await redis.xadd(
      stream,
      `${number}-0`,
      'connection',
      connectionId,
      'sequence',
      number,
      'event',
      JSON.stringify(event),
    )
  }
}

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `s${from + n}`)

async function pumpAll(pump: Pump): Promise<number[]> {
  const counts: number[] = []
  do counts.push(await pump.pumpOnce())
  while (counts.at(-1) !== 0)
  return counts
}

/** The subjects of all committed records, in order: one more is published, and whatever is there comes before it. */
async function readCommitted(): Promise<string[]> {
  await append([end])
  await pumpAll(createPublisher().pump)
  const subjects: string[] = []
  const found = new Set<number>()
  const done = Promise.withResolvers<void>()
  const consumer = kafka.consumer({ groupId: `${names.changes}.reader` })
  await consumer.connect()
  await consumer.subscribe({ topic: names.changes, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      found.add(partition)
      const subject = message.headers?.ce_subject?.toString() ?? ''
      if (subject === end) done.resolve()
      else subjects.push(subject)
    },
  })
  await done.promise
  await consumer.disconnect()
  expect(found.size).toBe(1)
  return subjects
}

const message = (subject: string): PlacedMessage => ({ value: '{}', partition: 0, headers: { ce_subject: subject } })

describe('the pump', () => {
  test('moves the outbox to Kafka in order and leaves nothing behind', async () => {
    await append(numbered(1, 1_200))
    expect(await pumpAll(createPublisher().pump)).toEqual([500, 500, 200, 0])
    expect(await outbox.size(shard)).toBe(0)
    expect(await readCommitted()).toEqual(numbered(1, 1_200))
  })

  test('bounds a batch by its bytes', async () => {
    await append(numbered(1, 20), 'x'.repeat(100_000))
    expect(await createPublisher().pump.pumpOnce()).toBe(5)
    expect(await outbox.size(shard)).toBe(15)
  })

  test('that dies after the commit and before trimming has published once, and the next one goes on after it', async () => {
    await append(numbered(1, 3))
    const dying = createPublisher({ ...outbox, trim: () => Promise.reject(new Error('killed')) })
    await expect(dying.pump.pumpOnce()).rejects.toThrow('killed')
    expect(await outbox.size(shard)).toBe(3)
    await append(numbered(4, 5))
    await pumpAll(createPublisher().pump)
    expect(await readCommitted()).toEqual(numbered(1, 5))
  })

  test('whose trimming failed does not send again what it has sent', async () => {
    await append(numbered(1, 3))
    let trims = 0
    const trim: Outbox['trim'] = (...args) => (++trims === 1 ? Promise.reject(new Error('away')) : outbox.trim(...args))
    const { pump } = createPublisher({ ...outbox, trim })
    await expect(pump.pumpOnce()).rejects.toThrow('away')
    await pumpAll(pump)
    expect(await outbox.size(shard)).toBe(0)
    expect(await readCommitted()).toEqual(numbered(1, 3))
  })

  test('keeps every event when Kafka does not take them', async () => {
    await append(numbered(1, 3))
    const missing = new ShardStream({ kafka, admin, names: { ...names, changes: `${prefix}missing` }, shard })
    await using pump = new Pump({ outbox, stream: missing, shard, partitions })
    await expect(pump.pumpOnce()).rejects.toThrow(DependencyError)
    expect(await outbox.size(shard)).toBe(3)
  })

  test('stops where Redis has lost what Kafka has: no number may stand for two events', async () => {
    await append(numbered(1, 5))
    await pumpAll(createPublisher().pump)
    await redis.flushdb()
    await append(numbered(1, 3))
    const { pump } = createPublisher()
    await expect(pump.pumpOnce()).rejects.toMatchObject({ context: { lastInRedis: '3', lastInKafka: '5' } })
    expect(await outbox.size(shard)).toBe(3)
  })
})

describe('a shard that is taken over', () => {
  test('has nothing of what its former owner had sent and not committed', async () => {
    await append(numbered(1, 2))
    const former = createPublisher()
    await pumpAll(former.pump)
    // All of a publication but its commit.
    const producer = kafka.producer({
      transactionalId: `${names.transactions}-${shard}`,
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic: names.changes, messages: [message('uncommitted')] })
    const offsets = [{ topic: names.outbox, partitions: [{ partition: shard, offset: '99' }] }]
    await transaction.sendOffsets({ consumerGroupId: names.group, topics: offsets })
    expect(await createPublisher().stream.takeOver()).toBe(2n)
    await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' })
    await producer.disconnect()
    expect(await readCommitted()).toEqual(numbered(1, 2))
  })

  test('is closed to its former owner, who was only paused', async () => {
    await append(numbered(1, 3))
    const paused = createPublisher()
    await paused.stream.takeOver()
    await pumpAll(createPublisher().pump)
    await expect(paused.stream.publish([message('doubled')], 3n)).rejects.toThrow(DependencyError)
    expect(paused.stream.isOpen).toBe(false)
    expect(await readCommitted()).toEqual(numbered(1, 3))
  })

  test('goes on exactly where the last commit was, however soon after it', async () => {
    for (let last = 1; last <= 20; last++) {
      await append([`s${last}`])
      const { stream, pump } = createPublisher({ ...outbox, trim: async () => undefined })
      await pump.pumpOnce()
      await stream[Symbol.asyncDispose]()
      await using next = new ShardStream({ kafka, admin, names, shard })
      expect(await next.takeOver()).toBe(BigInt(last))
    }
    expect(await readCommitted()).toEqual(numbered(1, 20))
  })
})

describe('a topic', () => {
  test('is created once with its partitions and its retention', async () => {
    const topic = names.changes
    await ensureTopic(admin, { topic, partitions, replicationFactor: 1, partitionsFrom: 'TOPIC_PARTITIONS' })
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ['retention.ms', 'cleanup.policy'] }],
    })
    const settings = Object.fromEntries(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
    )
    expect(settings).toMatchObject({ 'retention.ms': '2592000000', 'cleanup.policy': 'delete' })
  })

  test.each(['TOPIC_PARTITIONS', 'SHARDS'] as const)(
    'with another number of partitions than %s is refused, for the order of connections would be lost',
    async (partitionsFrom) => {
      const topic = { topic: names.changes, partitions: partitions + 1, replicationFactor: 1, partitionsFrom }
      await expect(ensureTopic(admin, topic)).rejects.toThrow(
        new RegExp(`${partitionsFrom}: is 4, but the topic .* has 3`),
      )
    },
  )
})
