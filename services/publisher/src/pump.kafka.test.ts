import { eventData } from '@clarity/shared/contract/events'
import { systemClock } from '@clarity/shared/runtime/clock'
import { DependencyError } from '@clarity/shared/runtime/errors'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox, type Outbox } from '@clarity/shared/store/outbox'
import { readToEnd, type TopicRecord } from '@clarity/subscriber'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { CompressionTypes } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Pump, type PumpOptions } from './pump.ts'
import { ShardStream, streamNames } from './shard-stream.ts'
import { ensureTopic, topicsOf } from './topics.ts'
import type { Poison } from './withheld.ts'

const { client: redis } = await testRedis()
const { kafka, prefix } = testKafka()
const keys = createKeys({ prefix: 'test', shards: 4 })
const outbox = createOutbox(redis, keys)
const admin = kafka.admin()
const connectionId = 'con_1'
const shard = keys.shardOf(connectionId)
const partitions = 3
const end = 'the end'
const topicConfig = {
  TOPIC_PARTITIONS: partitions,
  SHARDS: keys.shards,
  CHANGES_RETENTION_DAYS: 30,
  STATE_TOMBSTONE_DAYS: 7,
  AUDIT_RETENTION_DAYS: 365,
}
const open: AsyncDisposable[] = []
const withheld: Poison[] = []
let names = streamNames(prefix)
let streams = 0

beforeAll(() => admin.connect())
afterAll(async () => {
  await Promise.all(open.map((one) => one[Symbol.asyncDispose]()))
  await admin.disconnect()
})
beforeEach(async () => {
  await redis.flushdb()
  withheld.length = 0
  names = streamNames(`${prefix}${++streams}`)
  for (const topic of topicsOf(names, topicConfig))
    await ensureTopic(admin, topic, 1, { clock: systemClock, random: Math.random })
})

const createStream = (of = names) =>
  new ShardStream({
    kafka,
    admin,
    names: of,
    shard,
    compression: CompressionTypes.None,
    clock: systemClock,
    random: Math.random,
  })

const restore: PumpOptions['restore'] = (_shard, published) => Promise.reject(new Error(`restore up to ${published}`))
const ref = {
  id: connectionId,
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{1}', slug: 'acme' },
} as const
const common = {
  connection: ref,
  cause: 'full-sync',
  observedAt: '2026-11-23T10:00:00.000Z',
  previouslyObservedAt: null,
  scope: null,
}
const serviceUser = {
  id: 'user:1',
  kind: 'person',
  status: 'active',
  membership: 'member',
  externalIds: { uuid: '{1}' },
  attributes: { displayName: 'Example Person' },
}
const findOwner: PumpOptions['findOwner'] = async () => ({ tenantId: 'acme', ref })

/** A publisher of the shard, as each process has one. */
function createPublisher(change: Partial<PumpOptions> = {}) {
  const stream = createStream(change.names)
  const options = { outbox, stream, shard, names, partitions, findOwner, now: () => '2026-11-23T10:00:00.000Z' }
  const pump = new Pump({ ...options, restore, onWithheld: (poison) => withheld.push(poison), ...change })
  open.push(pump)
  return { stream, pump }
}

/** Appends events as the commit script does. */
async function append(
  subjects: readonly string[],
  padding = '',
  more: object = {},
  name = 'sync.started',
): Promise<void> {
  const { outbox: stream, outboxNumber } = keys.shard(shard)
  for (const subject of subjects) {
    const number = await redis.incr(outboxNumber)
    const data = { ...common, padding, ...more }
    const ids = { tenantId: 'acme', connectionId, syncId: 'syn_1' }
    const event = { name, subject, ...ids, before: null, after: null, data }
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

/** All committed records of a topic, in order of each partition. */
async function readTopic(topic: string): Promise<TopicRecord[]> {
  // Whoever takes over waits until Kafka has ended the last transaction, which may be a little after it has said so.
  await createPublisher().stream.takeOver()
  const records: TopicRecord[] = []
  const onRecord = (record: TopicRecord) => void records.push(record)
  await readToEnd({ kafka, admin, topic, groupPrefix: prefix, onRecord })
  return records
}

/** The subjects of all committed records, in order: one more is published, and whatever is there comes before it. */
async function readCommitted(): Promise<string[]> {
  await append([end])
  await pumpAll(createPublisher().pump)
  const records = await readTopic(names.changes)
  expect(new Set(records.map(({ partition }) => partition)).size).toBe(1)
  const subjects = records.map(({ headers }) => headers.ce_subject ?? '')
  expect(subjects.pop()).toBe(end)
  return subjects
}

const message = (subject: string) => ({ value: '{}', partition: 0, headers: { ce_subject: subject } })

describe('the pump', () => {
  test('moves the outbox to Kafka in order and leaves nothing behind', async () => {
    await append(numbered(1, 1_200))
    expect(await pumpAll(createPublisher().pump)).toEqual([500, 500, 200, 0])
    expect(await outbox.size(shard)).toBe(0)
    expect(await readCommitted()).toEqual(numbered(1, 1_200))
  })

  test('reads what comes next while a batch is under way, and nothing where nothing more waits', async () => {
    await append(numbered(1, 700))
    const reads: number[] = []
    const read: Outbox['read'] = (...args) => {
      reads.push(Number(args[2]))
      return outbox.read(...args)
    }
    const { pump } = createPublisher({ outbox: { ...outbox, read } })
    expect([await pump.pumpOnce(), ...reads]).toEqual([500, 0, 500])
    // What was read ahead is taken, and the rest of the stream after it.
    await append(['s701'])
    expect([await pump.pumpOnce(), ...reads]).toEqual([200, 0, 500])
    expect([await pump.pumpOnce(), ...reads]).toEqual([1, 0, 500, 700])
    expect(await readCommitted()).toEqual(numbered(1, 701))
  })

  test('bounds a batch by its bytes', async () => {
    await append(numbered(1, 20), 'x'.repeat(100_000))
    expect(await createPublisher().pump.pumpOnce()).toBe(5)
    expect(await outbox.size(shard)).toBe(15)
  })

  test('that dies after the commit and before trimming has published once, and the next one goes on after it', async () => {
    await append(numbered(1, 3))
    const dying = createPublisher({ outbox: { ...outbox, trim: () => Promise.reject(new Error('killed')) } })
    await expect(dying.pump.pumpOnce()).rejects.toThrow('killed')
    expect(await outbox.size(shard)).toBe(3)
    await append(numbered(4, 5))
    await pumpAll(createPublisher().pump)
    expect(await readCommitted()).toEqual(numbered(1, 5))
  })

  test('whose trimming failed does not send again what it has sent', async () => {
    await append(numbered(1, 3))
    let trims = 0
    const trimmed: bigint[] = []
    const trim: Outbox['trim'] = async (...args) => {
      if (++trims === 1) throw new Error('away')
      trimmed.push(args[2].number)
      return outbox.trim(...args)
    }
    const { pump } = createPublisher({ outbox: { ...outbox, trim } })
    await expect(pump.pumpOnce()).rejects.toThrow('away')
    // Redis is never two batches behind: one of them could not be recognised any more.
    await append(['s4'])
    await pump.pumpOnce()
    expect(trimmed).toEqual([3n, 4n])
    expect(await outbox.size(shard)).toBe(0)
    expect(await readCommitted()).toEqual(numbered(1, 4))
  })

  test('keeps every event when Kafka does not take them', async () => {
    await append(numbered(1, 3))
    const { pump } = createPublisher({ names: { ...names, changes: `${prefix}missing` } })
    await expect(pump.pumpOnce()).rejects.toThrow(DependencyError)
    expect(await outbox.size(shard)).toBe(3)
  })

  test('restores first where Redis has lost what Kafka has: no number may stand for two events', async () => {
    await append(numbered(1, 5))
    await pumpAll(createPublisher().pump)
    await redis.flushdb()
    await append(numbered(1, 3))
    const { pump } = createPublisher()
    await expect(pump.pumpOnce()).rejects.toMatchObject({ cause: { message: 'restore up to 5' } })
    expect(await outbox.size(shard)).toBe(3)
  })
})

test('a shard of which Redis has lost everything is found, though nothing waits in it', async () => {
  const { pump } = createPublisher()
  expect(await pump.pumpOnce()).toBe(0)
  await append(numbered(1, 3))
  await pumpAll(pump)
  await redis.flushdb()
  await expect(pump.pumpOnce()).rejects.toThrow('Redis is not as this publisher left it')
  await expect(pump.pumpOnce()).rejects.toThrow('not restored yet')
  // The same for a publisher that has just been started, however often it tries.
  const next = createPublisher()
  for (let tries = 0; tries < 2; tries++) await expect(next.pump.pumpOnce()).rejects.toThrow('not restored yet')
})

test('new entries under numbers that Kafka has already are not taken for the old ones', async () => {
  await append(numbered(1, 5))
  const { pump } = createPublisher()
  expect(await pump.pumpOnce()).toBe(5)
  await redis.flushdb()
  await append(numbered(101, 120))
  await expect(pump.pumpOnce()).rejects.toThrow('Redis is not as this publisher left it')
  await expect(createPublisher().pump.pumpOnce()).rejects.toThrow('not restored yet')
  expect(await outbox.size(shard)).toBe(20)
})

test.each([
  ['without it', []],
  ['and has another one under its number', ['another']],
])('an entry that Redis has lost before it could be trimmed is not taken for done, %s', async (_what, appended) => {
  await append(numbered(1, 3))
  await pumpAll(createPublisher().pump)
  await append(['lost'])
  // Another Redis answers by the same address, as a replica does that lacks the last write.
  const trim: Outbox['trim'] = async (...args) => {
    const { outbox: waiting, outboxNumber } = keys.shard(shard)
    await redis.multi().del(waiting).set(outboxNumber, 3).exec()
    await append(appended)
    return outbox.trim(...args)
  }
  const { pump } = createPublisher({ outbox: { ...outbox, trim } })
  await expect(pump.pumpOnce()).rejects.toThrow('Redis is not as this publisher left it')
  expect(await outbox.size(shard)).toBe(appended.length)
  await expect(createPublisher().pump.pumpOnce()).rejects.toMatchObject({ cause: { message: 'restore up to 4' } })
})

test('entries that Redis has lost after they were read ahead are told, and not taken for done', async () => {
  await append(numbered(1, 700))
  const { pump } = createPublisher()
  expect(await pump.pumpOnce()).toBe(500)
  const { outbox: waiting, outboxNumber } = keys.shard(shard)
  await redis.multi().del(waiting).set(outboxNumber, 500).exec()
  await append(['another'])
  await expect(pump.pumpOnce()).rejects.toThrow('Redis is not as this publisher left it')
  expect(await outbox.size(shard)).toBe(1)
  await expect(createPublisher().pump.pumpOnce()).rejects.toMatchObject({ cause: { message: 'restore up to 700' } })
})

test('a shard whose place could not be read is taken over anew, and nothing is told twice', async () => {
  await append(numbered(1, 3))
  await pumpAll(createPublisher().pump)
  await append(numbered(4, 5))
  let reads = 0
  const position: Outbox['position'] = (of) => (++reads === 2 ? Promise.reject(new Error('away')) : outbox.position(of))
  const { pump } = createPublisher({ outbox: { ...outbox, position } })
  await expect(pump.pumpOnce()).rejects.toThrow('away')
  expect(await pumpAll(pump)).toEqual([2, 0])
  expect(await readCommitted()).toEqual(numbered(1, 5))
})

describe('an event that cannot be told', () => {
  const big = 'x'.repeat(1_200_000)

  test('is a dead letter, and one that says so has its number; all others are told', async () => {
    await append(numbered(1, 5))
    await append(['too large'], big)
    await append(numbered(7, 9))
    await pumpAll(createPublisher().pump)
    expect(withheld).toMatchObject([{ reason: 'too-large', entry: { number: 6n } }])
    expect(await readCommitted()).toEqual([...numbered(1, 5), 'too large', ...numbered(7, 9)])
    const records = await readTopic(names.changes)
    expect(records.map(({ headers }) => Number(headers.ce_sequence))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const [letter] = await readTopic(names.deadLetter)
    const told = JSON.parse(records[5]?.value ?? '')
    expect(records[5]?.headers.ce_type).toBe('io.claritysecurity.access.stream.event-withheld.v1')
    expect(eventData['stream.event-withheld'].parse(told)).toMatchObject({
      type: 'io.claritysecurity.access.sync.started.v1',
      reason: 'too-large',
      deadLetter: { topic: names.deadLetter, partition: 0, offset: letter?.offset },
    })
    expect(letter?.headers).toMatchObject({ reason: 'too-large', sequence: '6', 'connection-id': connectionId })
    expect(letter?.value).toContain(big)
  })

  test.each([
    ['no JSON', '{'],
    ['of a type that nobody knows', '{"name":"from.the-future"}'],
  ])('is withheld when it is %s', async (_what, text) => {
    await append(['before'])
    const number = await redis.incr(keys.shard(shard).outboxNumber)
    const fields = ['connection', connectionId, 'sequence', number, 'event', text]
    await redis.xadd(keys.shard(shard).outbox, `${number}-0`, ...fields)
    await append(['after'])
    await pumpAll(createPublisher().pump)
    expect(await readCommitted()).toEqual(['before', connectionId, 'after'])
    expect(withheld).toMatchObject([{ reason: 'unreadable' }])
    const [, told] = await readTopic(names.changes)
    expect(told?.headers).toMatchObject({ ce_sequence: '00000000000000000002', ce_tenantid: 'acme' })
    expect(eventData['stream.event-withheld'].parse(JSON.parse(told?.value ?? ''))).toMatchObject({ type: null })
  })

  test('of which not even the place can be read stops nothing', async () => {
    await append(['before'])
    const number = await redis.incr(keys.shard(shard).outboxNumber)
    await redis.xadd(keys.shard(shard).outbox, `${number}-0`, 'something', 'else')
    await pumpAll(createPublisher().pump)
    expect(withheld).toMatchObject([{ entry: { place: null } }])
    const [letter] = await readTopic(names.deadLetter)
    expect(letter).toMatchObject({ key: `shard-${shard}`, value: 'something\nelse' })
  })

  test('leaves the present as it should be where that is small enough', async () => {
    await append(['user:1'], '', { serviceUser, changed: { big: { to: big } } }, 'service-user.updated')
    await pumpAll(createPublisher().pump)
    const [state, watermark] = await readTopic(names.state)
    expect(state).toMatchObject({ key: `${connectionId}/service-user/user:1`, value: JSON.stringify(serviceUser) })
    expect(watermark?.key).toBe(`${connectionId}/watermark/${connectionId}`)
    const [told] = await readTopic(names.changes)
    expect(JSON.parse(told?.value ?? '')).toMatchObject({ stateTold: true })
  })
})

describe('the present', () => {
  test('has the entity whole, its tombstone when it goes, and a watermark behind each batch', async () => {
    await append(['user:1'], '', { serviceUser }, 'service-user.created')
    await append(['user:1'], '', { serviceUser }, 'service-user.removed')
    await pumpAll(createPublisher().pump)
    const records = await readTopic(names.state)
    expect(records.map(({ key, value, headers }) => [key, value && JSON.parse(value), headers.ce_sequence])).toEqual([
      [`${connectionId}/service-user/user:1`, serviceUser, '00000000000000000001'],
      [`${connectionId}/service-user/user:1`, null, '00000000000000000002'],
      [`${connectionId}/watermark/${connectionId}`, { sequence: 2, removed: false }, '00000000000000000002'],
    ])
    expect(records[0]?.partition).toBe((await readTopic(names.changes))[0]?.partition)
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
    expect(await createPublisher().stream.takeOver()).toMatchObject({ last: 2n })
    await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' })
    await producer.disconnect()
    expect(await readCommitted()).toEqual(numbered(1, 2))
  })

  test('is closed to its former owner, who was only paused', async () => {
    await append(numbered(1, 3))
    const paused = createPublisher()
    await paused.stream.takeOver()
    await pumpAll(createPublisher().pump)
    const mark = { after: 0n, last: 3n, digest: '' }
    const doubled = [{ topic: names.changes, messages: [message('doubled')] }]
    const publishing = paused.stream.publish(mark, async (send) => void (await send(doubled)))
    await expect(publishing).rejects.toThrow(DependencyError)
    expect(paused.stream.isOpen).toBe(false)
    expect(await readCommitted()).toEqual(numbered(1, 3))
  })

  test('goes on exactly where the last commit was, however soon after it', async () => {
    for (let last = 1; last <= 20; last++) {
      await append([`s${last}`])
      const { stream, pump } = createPublisher({
        outbox: { ...outbox, trim: () => Promise.reject(new Error('killed')) },
      })
      await expect(pump.pumpOnce()).rejects.toThrow('killed')
      await stream[Symbol.asyncDispose]()
      await using next = createStream()
      expect(await next.takeOver()).toMatchObject({ last: BigInt(last), batch: { after: BigInt(last - 1) } })
      const [entry] = (await outbox.read(shard, 1)).entries
      if (entry) await outbox.trim(shard, last === 1 ? null : BigInt(last - 1), entry)
    }
    expect(await readCommitted()).toEqual(numbered(1, 20))
  })
})
