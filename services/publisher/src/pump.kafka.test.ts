import { DependencyError } from '@clarity/shared/runtime/errors'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox } from '@clarity/shared/store/outbox'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pumpOnce } from './pump.ts'
import { ensureTopic } from './topics.ts'

const { client: redis } = await testRedis()
const { kafka, prefix } = testKafka()
const keys = createKeys({ prefix: 'test', shards: 4 })
const outbox = createOutbox(redis, keys)
const admin = kafka.admin()
const producer = kafka.producer()
const connectionId = 'con_1'
const shard = keys.shardOf(connectionId)
const partitions = 3

beforeAll(async () => {
  await Promise.all([admin.connect(), producer.connect()])
})
afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect()])
})
beforeEach(() => redis.flushdb())

async function newTopic(name: string): Promise<string> {
  const topic = `${prefix}${name}`
  await ensureTopic(admin, { topic, partitions, replicationFactor: 1 })
  return topic
}

/** Appends events as the commit script does. */
async function append(from: number, to: number, padding = ''): Promise<void> {
  const { outbox: stream } = keys.shard(shard)
  for (let n = from; n <= to; n++) {
    const data = { observedAt: '2026-11-23T10:00:00.000Z', padding }
    const event = {
      name: 'sync.started',
      subject: `s${n}`,
      tenantId: 'acme',
      connectionId,
      syncId: 'syn_1',
      before: null,
      after: null,
      data,
    }
    await redis.xadd(stream, `${n}-0`, 'connection', connectionId, 'sequence', n, 'event', JSON.stringify(event))
  }
}

/** The subjects of all records of a topic, in order, with the partitions that hold any. */
async function readTopic(topic: string): Promise<{ subjects: string[]; partitions: number[] }> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const expected = offsets.reduce((sum, { high }) => sum + Number(high), 0)
  const subjects: string[] = []
  const found = new Set<number>()
  const done = Promise.withResolvers<void>()
  const consumer = kafka.consumer({ groupId: `${topic}.reader` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      subjects.push(message.headers?.ce_subject?.toString() ?? '')
      found.add(partition)
      if (subjects.length === expected) done.resolve()
    },
  })
  await done.promise
  await consumer.disconnect()
  return { subjects, partitions: [...found] }
}

describe('the pump', () => {
  test('moves the outbox to Kafka in order and leaves nothing behind', async () => {
    const topic = await newTopic('order')
    await append(1, 1_200)
    const counts: number[] = []
    do counts.push(await pumpOnce({ outbox, producer, topic, partitions }, shard))
    while (counts.at(-1) !== 0)
    expect(counts).toEqual([500, 500, 200, 0])
    const read = await readTopic(topic)
    expect(read.subjects).toEqual(Array.from({ length: 1_200 }, (_, n) => `s${n + 1}`))
    expect(read.partitions).toHaveLength(1)
    expect(await outbox.size(shard)).toBe(0)
  })

  test('bounds a batch by its bytes', async () => {
    const topic = await newTopic('bytes')
    await append(1, 20, 'x'.repeat(100_000))
    expect(await pumpOnce({ outbox, producer, topic, partitions }, shard)).toBe(5)
    expect(await outbox.size(shard)).toBe(15)
  })

  test('that dies after sending and before trimming sends again: at least once, with the same ids', async () => {
    const topic = await newTopic('again')
    await append(1, 3)
    const dying = { ...outbox, trim: () => Promise.reject(new Error('killed')) }
    await expect(pumpOnce({ outbox: dying, producer, topic, partitions }, shard)).rejects.toThrow('killed')
    await pumpOnce({ outbox, producer, topic, partitions }, shard)
    expect((await readTopic(topic)).subjects).toEqual(['s1', 's2', 's3', 's1', 's2', 's3'])
  })

  test('keeps every event when Kafka does not take them', async () => {
    await append(1, 3)
    const away = { send: () => Promise.reject(new Error('no broker')) }
    const pumping = pumpOnce({ outbox, producer: away, topic: 'any', partitions }, shard)
    await expect(pumping).rejects.toThrow(DependencyError)
    expect(await outbox.size(shard)).toBe(3)
  })
})

describe('the topic', () => {
  test('is created once with its partitions and its retention', async () => {
    const topic = await newTopic('settings')
    await newTopic('settings')
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ['retention.ms', 'cleanup.policy'] }],
    })
    const settings = Object.fromEntries(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
    )
    expect(settings).toMatchObject({ 'retention.ms': '2592000000', 'cleanup.policy': 'delete' })
  })

  test('with another number of partitions is refused, for the order of connections would be lost', async () => {
    const topic = await newTopic('partitions')
    const other = ensureTopic(admin, { topic, partitions: partitions + 1, replicationFactor: 1 })
    await expect(other).rejects.toThrow(/TOPIC_PARTITIONS: is 4, but the topic .* has 3/)
  })
})
