import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PendingEvent } from '../contract/events.ts'
import { FencedError } from '../runtime/errors.ts'
import { readEntries } from '../testing/outbox.ts'
import { type Commit, createFactStore, type Step } from './facts.ts'
import { createKeys } from './keys.ts'
import { acquireLease } from './lease.ts'
import { createOutbox } from './outbox.ts'
import { noRecord } from './scope-record.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const store = createFactStore(redis, keys)
const outbox = createOutbox(redis, keys)
const connectionId = 'con_1'
const shard = keys.shardOf(connectionId)
const scopeId = 'repository/1'

beforeEach(() => redis.flushdb())

async function takeLease(): Promise<string> {
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connectionId)
  const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 })
  if (lease === null) throw new Error('the lease is held')
  return lease.token
}

function commitOf(token: string, steps: readonly Step[], change: Partial<Commit> = {}): Commit {
  const record = { digest: 'd', readAt: '2026-11-23T10:00:00.000Z', notRead: null }
  return {
    connectionId,
    tenantId: 'acme',
    syncId: 'syn_1',
    scopeId,
    token,
    stored: storedAt('0'),
    steps,
    record,
    counts: () => ({}),
    ...change,
  }
}

function storedAt(version: string, packed?: string): Commit['stored'] {
  return { record: { ...noRecord, version }, buckets: new Map(packed === undefined ? [] : [[scopeId, packed]]) }
}

function event(subject: string): PendingEvent {
  const data = {
    connection: {
      id: connectionId,
      uniqueIdentifier: 'bitbucket-acme',
      provider: 'bitbucket-cloud',
      workspace: { uuid: '{1}', slug: 'acme' },
    },
    cause: 'full-sync',
    observedAt: '2026-11-23T10:00:00.000Z',
    previouslyObservedAt: null,
    scope: scopeId,
    kind: 'full',
  } as const
  return { name: 'sync.started', subject, data, before: null, after: null }
}

const published = async () => (await readEntries(outbox, shard, 10_000)).map((entry) => entry.event.subject)
const everything = async () => (await redis.keys('*')).sort()

describe('a commit', () => {
  test('stores facts, record and events together', async () => {
    const token = await takeLease()
    const steps: Step[] = [{ set: [['user:1', 'admin']], events: [event('a'), event('b')] }]
    expect(await store.commit(commitOf(token, steps))).toEqual({ state: 'committed' })
    expect(await store.readFacts(connectionId, scopeId)).toMatchObject({
      record: { version: '1', digest: 'd', digestVersion: '1', readBy: 'syn_1' },
      fields: new Map([['user:1', 'admin']]),
    })
    expect(await published()).toEqual(['a', 'b'])
    expect(await redis.hget(keys.sync(connectionId, 'syn_1').state, 'events:sync.started')).toBe('2')
  })

  test('with a token that is not the present one changes nothing', async () => {
    const old = await takeLease()
    await redis.del(keys.connection(connectionId).lease)
    await takeLease()
    const before = await everything()
    const commit = commitOf(old, [{ set: [['user:1', 'admin']], events: [event('a')] }])
    await expect(store.commit(commit)).rejects.toThrow(FencedError)
    expect(await everything()).toEqual(before)
  })

  test('whose difference was computed from other facts changes nothing', async () => {
    const token = await takeLease()
    await store.commit(commitOf(token, [{ set: [['user:1', 'admin']] }]))
    const stale = commitOf(token, [{ set: [['user:1', 'read']], events: [event('a')] }], { stored: storedAt('0') })
    expect(await store.commit(stale)).toEqual({ state: 'conflict', what: scopeId })
    expect((await store.readFacts(connectionId, scopeId)).fields.get('user:1')).toBe('admin')
    expect(await published()).toEqual([])
  })

  test('that expects another entity than the stored one changes nothing', async () => {
    const token = await takeLease()
    await store.commit(commitOf(token, [{ put: ['user:1', 'Ann'], hold: 'user:1' }]))
    for (const entity of [null, 'Bob']) {
      const steps: Step[] = [{ events: [event('a')] }, { expect: { id: 'user:1', entity }, events: [event('b')] }]
      const result = await store.commit(commitOf(token, steps, { stored: storedAt('1') }))
      expect(result).toEqual({ state: 'conflict', what: 'user:1' })
    }
    expect(await published()).toEqual([])
  })

  test('of many events goes in several calls, with no gap in either numbering', async () => {
    const token = await takeLease()
    const steps = Array.from(
      { length: 2_500 },
      (_, n): Step => ({ set: [[`user:${n}`, 'read']], events: [event(`${n}`)] }),
    )
    await store.commit(commitOf(token, steps))
    const entries = await readEntries(outbox, shard, 10_000)
    const numbers = Array.from({ length: 2_500 }, (_, n) => BigInt(n + 1))
    expect(entries.map(({ sequence }) => sequence)).toEqual(numbers)
    expect(entries.map(({ number }) => number)).toEqual(numbers)
    const { fields, record } = await store.readFacts(connectionId, scopeId)
    expect(fields.size).toBe(2_500)
    expect(Number(record.version)).toBeGreaterThan(2)
    expect(record.digestVersion).toBe(record.version)
  })

  test('that is cut short leaves a record whose version does not match, so that nobody trusts its digest', async () => {
    const token = await takeLease()
    await store.commit(commitOf(token, [{ set: [['user:1', 'read']] }]))
    const wrong = { expect: { id: 'user:9', entity: 'nobody' } }
    const many = Array.from({ length: 1_500 }, (_, n): Step => ({ events: [event(`${n}`)] }))
    const result = await store.commit(commitOf(token, [...many, wrong], { stored: storedAt('1') }))
    expect(result.state).toBe('conflict')
    expect((await published()).length).toBeGreaterThan(0)
    const { record } = await store.readFacts(connectionId, scopeId)
    expect(record.digestVersion).not.toBe(record.version)
  })

  test('that removes the scope leaves nothing of it', async () => {
    const token = await takeLease()
    await store.commit(commitOf(token, [{ set: [['user:1', 'read']] }]))
    await store.commit(commitOf(token, [{ del: ['user:1'] }], { stored: storedAt('1', 'u1\tr'), record: 'remove' }))
    expect(await store.readFacts(connectionId, scopeId)).toEqual({
      record: noRecord,
      fields: new Map(),
      buckets: new Map(),
    })
    const { scopes, facts, resources } = keys.connection(connectionId)
    expect(await redis.exists(scopes, facts, resources)).toBe(0)
  })
})

test('an entity that two scopes mention goes with the last mention, once', async () => {
  const token = await takeLease()
  const hold: Step = { hold: 'user:1', put: ['user:1', 'Ann'] }
  const release: Step = {
    release: 'user:1',
    events: [event('revoked')],
    gone: [event('gone')],
    kept: { put: ['user:1', 'Ann, outside'], events: [event('kept')] },
  }
  await store.commit(commitOf(token, [hold]))
  await store.commit(commitOf(token, [{ hold: 'user:1' }], { scopeId: 'repository/2' }))
  await store.commit(commitOf(token, [release], { stored: storedAt('1') }))
  expect(await published()).toEqual(['revoked', 'kept'])
  expect(await store.readEntities(connectionId, ['user:1', 'user:2'])).toEqual(['Ann, outside', null])
  await store.commit(commitOf(token, [release], { scopeId: 'repository/2', stored: storedAt('1') }))
  expect(await published()).toEqual(['revoked', 'kept', 'revoked', 'gone'])
  expect(await store.readEntities(connectionId, ['user:1'])).toEqual([null])
})

test('an entry with bytes that are no text can be trimmed like any other', async () => {
  const { outbox: stream, outboxNumber } = keys.shard(shard)
  await redis.set(outboxNumber, 1)
  await redis.xadd(stream, '1-0', 'damaged', Buffer.from([0x61, 0xff, 0xfe]))
  const [damaged] = (await outbox.read(shard, 1)).entries
  expect(damaged).toMatchObject({ number: 1n, place: null })
  if (damaged) expect(await outbox.trim(shard, null, damaged)).toBe(true)
  expect(await outbox.size(shard)).toBe(0)
})

test('the outbox forgets what is trimmed and its numbers go on', async () => {
  const token = await takeLease()
  await store.commit(commitOf(token, [{ events: [event('a'), event('b'), event('c')] }]))
  const [, b, c] = await readEntries(outbox, shard)
  if (b === undefined || c === undefined) throw new Error('too few entries')
  expect(await outbox.trim(shard, null, b)).toBe(true)
  expect(await published()).toEqual(['c'])
  // One who does not know what is published already has read something that is no longer so.
  expect(await outbox.trim(shard, null, c)).toBe(false)
  // And so has one who has published another entry of this number, or one that is not there.
  expect(await outbox.trim(shard, 2n, { ...c, text: b.text })).toBe(false)
  expect(await outbox.trim(shard, 2n, { ...c, number: 4n })).toBe(false)
  expect(await published()).toEqual(['c'])
  expect(await outbox.trim(shard, 2n, c)).toBe(true)
  expect(await outbox.position(shard)).toEqual({ published: 3n, last: 3n })
  await store.commit(commitOf(token, [{ events: [event('d')] }], { stored: storedAt('1') }))
  expect((await readEntries(outbox, shard, 10)).map(({ number, sequence }) => [number, sequence])).toEqual([[4n, 4n]])
})
