import { AuditHeaders, type AuditId, AuditRecord, type PendingAudit } from '@clarity/shared/contract/audit'
import { auditRecorded } from '@clarity/shared/contract/auditable'
import type { Connection } from '@clarity/shared/contract/connections'
import { type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import { createAuditLog } from '@clarity/shared/store/audit'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { readToEnd, type TopicRecord } from '@clarity/subscriber'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { CompressionTypes } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Pump, type PumpOptions } from './pump.ts'
import { restoreShard } from './restore/restore-shard.ts'
import { ShardStream, streamNames } from './shard-stream.ts'
import { ensureTopic, topicsOf } from './topics.ts'
import type { Poison } from './withheld.ts'

const { client: redis } = await testRedis()
const { kafka, prefix } = testKafka()
const keys = createKeys({ prefix: 'test', shards: 1 })
const shard = 0
const outbox = createOutbox(redis, keys)
const connections = createConnectionStore(redis, keys, createSyncStore(redis, keys))
const audits = createAuditLog(redis, keys)
const admin = kafka.admin()
const partitions = 3
const at = '2026-11-23T10:00:00.000Z'
const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{1}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  createdAt: at,
}
const ref = toConnectionRef(connection)
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
  const kept = { CHANGES_RETENTION_DAYS: 30, STATE_TOMBSTONE_DAYS: 7, AUDIT_RETENTION_DAYS: 365 }
  const topics = topicsOf(names, { TOPIC_PARTITIONS: partitions, SHARDS: keys.shards, ...kept })
  for (const topic of topics) await ensureTopic(admin, topic, 1, { clock: systemClock, random: Math.random })
  await redis.hset(keys.connection('con_1').record, 'record', JSON.stringify(connection), 'credential', 'sealed')
})

const log = createLog({ service: 'test', version: '0', level: 'silent' })
const restore: PumpOptions['restore'] = (of, published) =>
  restoreShard({ kafka, admin, names, redis, keys, outbox, partitions, log, nowMs: Date.now }, of, published)

function createPublisher(change: Partial<Pick<PumpOptions, 'outbox'>> = {}) {
  const compression = CompressionTypes.None
  const stream = new ShardStream({ kafka, admin, names, shard, compression, clock: systemClock, random: Math.random })
  const create = (publish: ShardStream['publish']) => {
    const options = { outbox, shard, names, partitions, restore, now: () => at, ...change }
    const ofShard = {
      get isOpen() {
        return stream.isOpen
      },
      peek: () => stream.peek(),
      takeOver: () => stream.takeOver(),
      publish,
      [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    }
    const findOwner = async () => ({ tenantId: 'acme', ref })
    return new Pump({ ...options, stream: ofShard, findOwner, onWithheld: (poison) => withheld.push(poison) })
  }
  open.push(stream)
  return { stream, create, pump: create((mark, write) => stream.publish(mark, write)) }
}

/** Publishes all that waits; a shard that had to be restored is taken over anew. */
async function pumpAll(pump = createPublisher().pump): Promise<void> {
  for (;;) {
    const count = await pump.pumpOnce().catch((error: unknown) => {
      if (error instanceof Error && /restored|as this publisher left it/.test(error.message)) return -1
      throw error
    })
    if (count === 0) return
  }
}

const event = (subject: string): PendingEvent<'stream.verification'> => ({
  name: 'stream.verification',
  subject,
  data: {
    ...{ connection: ref, cause: 'operator', text: subject },
    ...{ observedAt: at, previouslyObservedAt: null, scope: null },
  },
  before: null,
  after: subject,
})

function audit(id: AuditId, reason: string | null = null): PendingAudit {
  const actor = { kind: 'api-key', id: 'key_1', name: 'Clarity' } as const
  const target = { kind: 'connection', id: 'con_1' } as const
  const done = { tenantId: 'acme', actor, action: 'stream.verified', target, connectionId: 'con_1' } as const
  return auditRecorded({ ...done, reason }, { id, at })
}

/** A change of the connection with what it tells of itself, and who made it. */
const change = (...events: (PendingEvent | PendingAudit)[]) =>
  connections.change('con_1', { tenantId: 'acme', requestId: 'req_1', events })

/** All committed records of a topic. */
async function readTopic(topic: string): Promise<TopicRecord[]> {
  const records: TopicRecord[] = []
  const onRecord = (record: TopicRecord) => void records.push(record)
  await readToEnd({ kafka, admin, topic, groupPrefix: prefix, onRecord })
  return records
}

/** What was told of changes, by subject, and of who made them, by id. */
async function readTold() {
  // Whoever takes over waits until Kafka has ended the last transaction, which may be a little after it has said so.
  await createPublisher().stream.takeOver()
  const [changes, recorded] = [await readTopic(names.changes), await readTopic(names.audit)]
  return {
    changes: changes.map(({ headers }) => headers.ce_subject),
    audits: recorded.map(({ headers }) => headers.ce_id),
  }
}

const both = { changes: ['s1', 's2'], audits: ['aud_1', 'aud_2'] }

test('audit records go to a topic of their own, by tenant, and leave the sequence of the connection as it is', async () => {
  await change(event('s1'), audit('aud_1'), event('s2'))
  await audits.append([audit('aud_2')])
  await pumpAll()
  expect(await readTold()).toEqual(both)
  const [first] = await readTopic(names.audit)
  expect(first?.key).toBe('acme')
  expect(AuditHeaders.parse(first?.headers)).toEqual(first?.headers)
  expect(AuditRecord.parse(JSON.parse(first?.value ?? ''))).toEqual(audit('aud_1').record)
  const changes = await readTopic(names.changes)
  expect(changes.map(({ headers }) => Number(headers.ce_sequence))).toEqual([1, 2])
  const watermarks = await readTopic(names.state)
  expect(watermarks.map(({ value }) => JSON.parse(value ?? '').sequence)).toEqual([2])
  expect(await outbox.size(shard)).toBe(0)
})

test('an audit record and the change it tells of are published together or not at all', async () => {
  await change(event('s1'), audit('aud_1'), audit('aud_2'), event('s2'))
  const { stream, create } = createPublisher()
  // All is sent, and then the publisher dies before the commit.
  const dying = create((mark, write) =>
    stream.publish(mark, async (send) => {
      await write(send)
      throw new Error('killed')
    }),
  )
  await expect(dying.pumpOnce()).rejects.toMatchObject({ cause: { message: 'killed' } })
  expect(await readTold()).toEqual({ changes: [], audits: [] })
  await pumpAll()
  expect(await readTold()).toEqual(both)
})

test('a publisher that dies between the commit and trimming has told both once', async () => {
  await change(event('s1'), audit('aud_1'))
  const dying = createPublisher({ outbox: { ...outbox, trim: () => Promise.reject(new Error('killed')) } })
  await expect(dying.pump.pumpOnce()).rejects.toThrow('killed')
  await change(event('s2'), audit('aud_2'))
  await pumpAll()
  expect(await readTold()).toEqual(both)
})

test('an audit record that Kafka refuses is a dead letter, and all else is told', async () => {
  await change(event('s1'), audit('aud_1'))
  await audits.append([audit('aud_large', 'x'.repeat(1_200_000))])
  await change(event('s2'), audit('aud_2'))
  await pumpAll()
  // It has no number that would be missing, so nothing stands in its place.
  expect(await readTold()).toEqual(both)
  expect(withheld).toMatchObject([{ reason: 'too-large', entry: { audit: { record: { id: 'aud_large' } } } }])
  const [letter] = await readTopic(names.deadLetter)
  expect(letter?.key).toBe('acme')
  expect(letter?.headers).toMatchObject({ reason: 'too-large', 'tenant-id': 'acme', 'audit-id': 'aud_large' })
  expect(letter?.value).toContain('xxx')
})

test('an audit record that was damaged is a dead letter, and all else is told', async () => {
  await change(event('s1'), audit('aud_1'))
  const { outbox: stream, outboxNumber } = keys.shard(shard)
  await redis.xadd(stream, `${await redis.incr(outboxNumber)}-0`, 'tenant', 'acme', 'audit', '{"record":{}}')
  await change(event('s2'), audit('aud_2'))
  await pumpAll()
  expect(await readTold()).toEqual(both)
  expect(withheld).toMatchObject([{ reason: 'unreadable', entry: { place: null } }])
  expect(await readTopic(names.deadLetter)).toMatchObject([{ value: 'tenant\nacme\naudit\n{"record":{}}' }])
})

/** All that Redis has, to be brought back as an older copy of its data. */
async function takeCopy(): Promise<() => Promise<void>> {
  const found = await redis.keys('*')
  const dumps = await Promise.all(found.map(async (key) => [key, await redis.dumpBuffer(key)] as const))
  return async () => {
    await redis.flushdb()
    for (const [key, dump] of dumps) if (dump !== null) await redis.restore(key, 0, dump)
  }
}

test('audit records that wait when Redis comes back with older data are told, those that Kafka has are not told again', async () => {
  const publisher = createPublisher()
  await change(event('s1'), audit('aud_1'))
  await pumpAll(publisher.pump)
  await change(event('s2'), audit('aud_2'))
  // In this copy the second change waits still.
  const bringBack = await takeCopy()
  await pumpAll(publisher.pump)
  await change(event('s3'), audit('aud_3'))
  await pumpAll(publisher.pump)
  await bringBack()
  await change(event('s4'), audit('aud_4'))
  await audits.append([audit('aud_5')])
  await pumpAll(publisher.pump)
  expect(await readTold()).toEqual({
    changes: ['s1', 's2', 's3', 's4'],
    audits: ['aud_1', 'aud_2', 'aud_3', 'aud_4', 'aud_5'],
  })
  const changes = await readTopic(names.changes)
  expect(changes.map(({ headers }) => Number(headers.ce_sequence))).toEqual([1, 2, 3, 4])
})
