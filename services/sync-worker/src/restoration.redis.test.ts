import { type ConnectionDetails, toConnectionDetails } from '@clarity/shared/contract/connections'
import { eventExamples } from '@clarity/shared/contract/event-examples'
import { watermarkOf } from '@clarity/shared/contract/state'
import { DependencyError, FencedError, UpstreamError } from '@clarity/shared/runtime/errors'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { unpackFields } from '@clarity/shared/store/pack'
import { Restoration } from '@clarity/shared/store/restoration'
import { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { createTenantStore } from '@clarity/shared/store/tenants'
import { readEntries } from '@clarity/shared/testing/outbox'
import { beforeEach, describe, expect, test } from 'vitest'
import { ReadingBuilder, type ScopeOutcome } from './scopes/reading.ts'
import { connection, createTestEngine } from './testing/engine.ts'
import { snapshotOfStream } from './testing/stream-state.ts'

/** What the stream has told is enough to go on from, as if nothing had been lost. */
const engine = await createTestEngine()
const { redis, keys, facts, outbox } = engine
const own = keys.connection(connection.id)
const version = '1790000000000'
const person = (name: string) => ({ uuid: `{${name}}`, type: 'user', display_name: name, nickname: name })
const workspace = { kind: 'workspace', uuid: '{w}', slug: 'acme', name: 'Acme' } as const

beforeEach(() => engine.reset())

const sync = (scopeId: Parameters<ReturnType<typeof engine.committer>['sync']>[0], outcome: ScopeOutcome) =>
  engine.committer().sync(scopeId, { read: async () => outcome, look: async () => false })

function complete(builder: ReadingBuilder, resource: Parameters<ReadingBuilder['build']>[0]): ScopeOutcome {
  return { state: 'complete', reading: builder.build(resource), list: null }
}

function members(names: readonly string[]): ScopeOutcome {
  const builder = new ReadingBuilder()
  for (const name of names) builder.addUser(person(name), 'workspace', name === 'ann' ? 'owner' : 'member')
  return complete(builder, workspace)
}

function groups(slugs: Readonly<Record<string, readonly string[]>>): ScopeOutcome {
  const builder = new ReadingBuilder()
  for (const [slug, names] of Object.entries(slugs)) {
    builder.addExistingGroup({ slug, name: slug, defaultPermission: 'write' })
    for (const name of names) builder.addUser(person(name), `group:${slug}`, 'member')
  }
  return complete(builder, null)
}

function repository(name: string, level: string, slug = name): ScopeOutcome {
  const builder = new ReadingBuilder()
  builder.addUser(person('ben'), `repository:${name}`, level)
  builder.addUser(person('guest'), `repository:${name}`, 'read')
  builder.addGroup({ slug: 'devs', name: 'devs' }, `repository:${name}`, 'write')
  const parent = { kind: 'project', uuid: '{p}', key: 'PAY' } as const
  return complete(builder, { kind: 'repository', uuid: `{${name}}`, slug, name, private: true, parent })
}

/** A workspace of every kind of fact, and how it changed. */
async function readAll(again = false): Promise<void> {
  await sync('workspace/members', members(again ? ['ann', 'ben'] : ['ann', 'ben', 'cleo']))
  await sync('workspace/groups', groups(again ? { devs: ['ben'], ops: [] } : { devs: ['ann', 'ben'], qa: ['cleo'] }))
  await sync('repository/r', repository('r', again ? 'admin' : 'read', again ? 'renamed' : 'r'))
  await sync('repository/s', repository('s', 'write'))
}

/** What the publisher makes of all that was told. */
const readSnapshot = () => snapshotOfStream(outbox, connection.id)

/** All that Redis knows of the facts, without how it is packed. */
async function stored() {
  const read = async (key: string) => Object.entries(await redis.hgetall(key)).sort()
  const unpacked = (await read(own.facts)).flatMap(([bucket, text]) =>
    unpackFields(text).map(([field, value]) => `${bucket} ${field}=${value}`),
  )
  return {
    facts: unpacked.sort(),
    resources: await read(own.resources),
    entities: (await read(own.entities)).map(([id, json]) => [id, JSON.parse(json)]),
    references: await read(own.references),
    totals: (await read(own.totals)).filter(([, count]) => count !== '0'),
    sequence: await redis.get(own.sequence),
  }
}

async function restore(snapshot: ConnectionSnapshot): Promise<void> {
  const { last } = await outbox.position(0)
  const restoration = await Restoration.freeze(redis, keys, 0)
  await restoration.restore(snapshot, snapshot.sequence, version)
  await restoration.fenceOff([connection.id])
  await restoration.finish(last, [])
}

describe('what was told of a connection', () => {
  test('is all that has to be kept of its facts', async () => {
    await readAll()
    await readAll(true)
    const before = await stored()
    expect(before.facts.length).toBeGreaterThan(10)
    const snapshot = await readSnapshot()
    await redis.del(own.facts, own.scopes, own.resources, own.entities, own.references, own.totals, own.sequence)
    await restore(snapshot)
    expect(await stored()).toEqual(before)
  })

  test('lets the next sync tell only what has changed since', async () => {
    await readAll()
    const snapshot = await readSnapshot()
    await engine.reset()
    await restore(snapshot)
    await engine.takeLease()
    expect(await engine.publishedSince(() => readAll())).toEqual([])
    expect(await engine.publishedSince(() => sync('repository/s', repository('s', 'admin')))).toEqual([
      'entitlement.created repository:s#admin',
      'service-user-entitlement.changed user:ben|repository:s#admin',
    ])
  })

  test('keeps that a scope cannot be observed, and when it was last read', async () => {
    await sync('repository/r', repository('r', 'read'))
    const readAt = (await facts.readRecords(connection.id, ['repository/r']))[0]?.readAt
    const error = new UpstreamError('permission', 'x', 'x', { remedy: 'x', status: 403 })
    await sync('repository/r', { state: 'incomplete', error })
    const snapshot = await readSnapshot()
    await engine.reset()
    await restore(snapshot)
    const [record] = await facts.readRecords(connection.id, ['repository/r'])
    expect(record).toMatchObject({ readAt, notRead: { state: 'unobservable', reason: 'http-403' } })
    await engine.takeLease()
    expect(await engine.publishedSince(() => sync('repository/r', repository('r', 'read')))).toEqual([
      'scope.observable repository/r',
    ])
  })
})

describe('what was told of the connection itself', () => {
  const details = toConnectionDetails(connection, { mode: 'manual' })
  const by = { sequence: 7n, time: '2026-11-23T10:00:00.000Z' }
  const since = '2026-11-24T09:00:00.000Z'
  const paused = { kind: 'connection-pause', id: connection.id, value: { state: 'paused', since } } as const
  const connections = createConnectionStore(redis, keys, engine.syncs)

  function told(value: ConnectionDetails = details): ConnectionSnapshot {
    const snapshot = new ConnectionSnapshot(connection.id)
    snapshot.take({ kind: 'connection', id: connection.id, value }, by)
    snapshot.take(watermarkOf(connection.id, 7n, false), by)
    return snapshot
  }

  test('brings back its settings and that it is paused', async () => {
    const settings = { include: { projects: ['PAY'], repositories: null }, publishLevels: 'all', attributes: [] }
    const snapshot = told({ ...details, ...settings })
    snapshot.take(paused, by)
    await restore(snapshot)
    expect(await connections.read(connection.id)).toMatchObject({ paused: { since }, connection: settings })
    await restore(told())
    const again = await connections.read(connection.id)
    expect(again).toMatchObject({ paused: null, connection: { removalLimit: details.removalLimit } })
    expect(again?.connection).not.toHaveProperty('include')
  })

  test('brings back its tenant, and leaves one that is there as it is', async () => {
    const tenants = createTenantStore(redis, keys)
    await redis.hdel(keys.tenants, details.tenantId)
    await restore(told())
    expect(await tenants.read(details.tenantId)).toMatchObject({ id: details.tenantId, state: 'active' })
    await tenants.change(details.tenantId, { name: 'Acme', state: 'suspended' })
    await restore(told())
    expect(await tenants.read(details.tenantId)).toMatchObject({ name: 'Acme', state: 'suspended' })
  })

  test('is borne where a later release has told more than is understood here', async () => {
    await restore(told({ ...details, publishLevels: 'some', attributes: ['nickname', 'shoeSize'], appOwners: ['a'] }))
    const stored = (await connections.read(connection.id))?.connection
    expect(stored).toMatchObject({ attributes: ['nickname'], appOwners: ['a'] })
    expect(stored).not.toHaveProperty('publishLevels')
  })

  test('goes with what is still to be told of it, so that Redis and the stream say the same', async () => {
    const snapshot = told()
    const { data } = eventExamples['connection.paused']
    snapshot.takeAhead({ name: 'connection.paused', subject: connection.id, connectionId: connection.id, data })
    expect(snapshot.isWhole).toBe(true)
    await restore(snapshot)
    expect((await connections.read(connection.id))?.paused).toEqual({ since: data.since })
  })
})

describe('while a shard is restored', () => {
  test('nothing is appended to it, and whoever tries is told to try again', async () => {
    await readAll()
    const snapshot = await readSnapshot()
    const restoration = await Restoration.freeze(redis, keys, 0)
    await expect(sync('repository/r', repository('r', 'admin'))).rejects.toThrow(DependencyError)
    await restoration.restore(snapshot, snapshot.sequence, version)
    await restoration.finish(0n, [])
    expect(await engine.publishedSince(() => sync('repository/r', repository('r', 'admin')))).toHaveLength(2)
  })

  test('what was planned before it is refused after it', async () => {
    await readAll()
    const { token } = engine
    const planned = await facts.readFacts(connection.id, 'repository/r')
    await restore(await readSnapshot())
    const commit = { connectionId: connection.id, tenantId: 'acme', syncId: 'syn_1', scopeId: 'repository/r' } as const
    const change = { stored: planned, steps: [], record: 'keep', counts: null } as const
    await expect(facts.commit({ ...commit, ...change, token })).rejects.toThrow(FencedError)
    await engine.takeLease()
    expect(await facts.commit({ ...commit, ...change, token: engine.token })).toMatchObject({ state: 'conflict' })
  })

  test('another one who begins it anew fences the first', async () => {
    const snapshot = await readSnapshot()
    const first = await Restoration.freeze(redis, keys, 0)
    const second = await Restoration.freeze(redis, keys, 0)
    await expect(first.restore(snapshot, 0n, version)).rejects.toThrow(FencedError)
    await expect(first.finish(0n, [])).rejects.toThrow(FencedError)
    await second.finish(0n, [])
    expect(await redis.exists(keys.shard(0).frozen)).toBe(0)
  })

  test('what is to be told yet follows what was told, in its order and under the numbers that it is given', async () => {
    await readAll()
    const [first, second] = await readEntries(outbox, 0)
    if (first === undefined || second === undefined) return expect.unreachable('nothing was told')
    const restoration = await Restoration.freeze(redis, keys, 0)
    await restoration.finish(900n, [
      { sequence: 41n, event: second.event },
      { sequence: 42n, event: first.event },
    ])
    expect(await outbox.position(0)).toEqual({ published: 900n, last: 902n })
    expect(await readEntries(outbox, 0)).toMatchObject([
      { number: 901n, sequence: 41n, event: { subject: second.event.subject } },
      { number: 902n, sequence: 42n, event: { subject: first.event.subject } },
    ])
    const more = await engine.publishedSince(() => sync('repository/r', repository('r', 'admin')))
    expect(more.length).toBeGreaterThan(0)
    expect((await readEntries(outbox, 0))[2]?.number).toBe(903n)
  })
})
