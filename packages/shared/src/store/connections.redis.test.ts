import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Connection } from '../contract/connections.ts'
import type { PendingEvent } from '../contract/events.ts'
import type { ConnectionId, SyncId } from '../contract/ids.ts'
import { ConfigError, FencedError } from '../runtime/errors.ts'
import { readEntries } from '../testing/outbox.ts'
import { createConnectionStore, type SyncRequest } from './connections.ts'
import { checkDeployment } from './deployment.ts'
import { createKeys } from './keys.ts'
import { acquireLease } from './lease.ts'
import { createOutbox } from './outbox.ts'
import { createSyncStore } from './syncs.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const syncs = createSyncStore(redis, keys)
const connections = createConnectionStore(redis, keys, syncs)
const shard = keys.shardOf('con_1')

beforeEach(() => redis.flushdb())

const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{1}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  createdAt: '2026-11-23T10:00:00.000Z',
}

const wanted = { uniqueIdentifier: 'bitbucket-acme', workspaceUuid: '{1}', name: 'Acme' }

function requestOf(id: SyncId, connectionId: ConnectionId = connection.id): SyncRequest {
  const requestedAt = '2026-11-23T10:00:00.000Z'
  return {
    tenantId: 'acme',
    record: { id, connectionId, kind: 'full', trigger: 'saved', requestedAt },
    scopes: null,
    events: [syncEvent(id)],
  }
}

function syncEvent(subject: string): PendingEvent {
  const { id, uniqueIdentifier, provider, workspace } = connection
  const data = {
    connection: { id, uniqueIdentifier, provider, workspace },
    cause: 'operator',
    observedAt: '2026-11-23T10:00:00.000Z',
    previouslyObservedAt: null,
    scope: null,
    kind: 'full',
  } as const
  return { name: 'sync.started', subject, data, before: null, after: null }
}

describe('a connection', () => {
  test('is saved together with its first sync', async () => {
    expect(await connections.create(connection, 'sealed', requestOf('syn_1'))).toBe(true)
    expect(await connections.read('con_1')).toMatchObject({
      connection,
      sealedCredential: 'sealed',
      latestSyncId: 'syn_1',
      lastCompletedAt: null,
      degraded: null,
    })
    expect(await syncs.read('con_1', 'syn_1')).toMatchObject({ id: 'syn_1', state: 'requested', error: null })
    expect(await syncs.readOpen(shard)).toEqual([{ connectionId: 'con_1', syncId: 'syn_1' }])
    expect((await readEntries(createOutbox(redis, keys), shard, 10)).map(({ event }) => event.subject)).toEqual([
      'syn_1',
    ])
  })

  test('that exists is not saved again', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    expect(await connections.create({ ...connection, name: 'Other' }, 'other', requestOf('syn_2'))).toBe(false)
    expect((await connections.read('con_1'))?.sealedCredential).toBe('sealed')
    expect(await syncs.read('con_1', 'syn_2')).toBeNull()
  })

  test('is told to be saved also when the answer was lost and the same request comes again', async () => {
    expect(await connections.create(connection, 'sealed', requestOf('syn_1'))).toBe(true)
    expect(await connections.create(connection, 'sealed', requestOf('syn_1'))).toBe(true)
    expect(await createOutbox(redis, keys).size(shard)).toBe(1)
  })

  test('has its identifier for ever; one that was reserved without being saved is taken up again', async () => {
    const reserved = (connectionId: ConnectionId) => ({ state: 'reserved', connectionId })
    expect(await connections.reserve('acme', wanted, 'con_1')).toEqual(reserved('con_1'))
    expect(await connections.reserve('acme', wanted, 'con_2')).toEqual(reserved('con_1'))
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    expect(await connections.reserve('acme', wanted, 'con_3')).toEqual({
      ...{ state: 'identifier-taken', connectionId: 'con_1', removedAt: null },
    })
    expect(await connections.reserve('globex', wanted, 'con_4')).toEqual(reserved('con_4'))
    await connections.forget('con_1')
    expect(await connections.reserve('acme', wanted, 'con_5')).toEqual({
      ...{ state: 'identifier-taken', connectionId: null },
      removedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  test('has a name that no other one of the tenant has, upper or lower case, until it has another', async () => {
    await connections.reserve('acme', wanted, 'con_1')
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    const other = { uniqueIdentifier: 'bitbucket-other', workspaceUuid: '{2}', name: 'ACME' }
    expect(await connections.reserve('acme', other, 'con_2')).toEqual({ state: 'name-taken', connectionId: 'con_1' })
    expect(await connections.reserve('globex', other, 'con_3')).toMatchObject({ state: 'reserved' })
    expect(await connections.claimName('acme', 'Renamed', 'con_1')).toBe('con_1')
    const change = { tenantId: 'acme', requestId: 'req_1', events: [] }
    await connections.change('con_1', { ...change, connection: { ...connection, name: 'Renamed' } })
    await connections.freeName('acme', 'Acme', 'con_1')
    expect(await connections.reserve('acme', other, 'con_4')).toMatchObject({ state: 'reserved' })
    expect(await connections.claimName('acme', 'renamed', 'con_2')).toBe('con_1')
  })

  test('has what others may look at without reserving it: each by itself, of its tenant alone', async () => {
    const { uniqueIdentifier, name, workspaceUuid } = wanted
    const nobody = { identifier: null, name: null, workspace: null }
    expect(await connections.readTaken('acme', wanted)).toEqual(nobody)
    await connections.reserve('acme', wanted, 'con_1')
    // Nobody has saved it yet.
    expect(await connections.readTaken('acme', wanted)).toEqual(nobody)
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    const none = { uniqueIdentifier: null, name: null, workspaceUuid: null }
    const identifier = { connectionId: 'con_1', removedAt: null }
    expect(await connections.readTaken('acme', { ...none, uniqueIdentifier })).toEqual({ ...nobody, identifier })
    expect(await connections.readTaken('acme', { ...none, name: name.toUpperCase() })).toEqual({
      ...{ ...nobody, name: 'con_1' },
    })
    expect(await connections.readTaken('acme', { ...none, workspaceUuid })).toEqual({ ...nobody, workspace: 'con_1' })
    expect(await connections.readTaken('globex', wanted)).toEqual(nobody)
    await connections.forget('con_1')
    expect(await connections.readTaken('acme', wanted)).toEqual({
      ...nobody,
      identifier: { connectionId: null, removedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    })
  })

  test('is changed only by who knows how it is set; twice the same is once', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    const version = (await connections.read('con_1'))?.version ?? ''
    const change = (name: string, expectedVersion: string) =>
      connections.change('con_1', {
        ...{ tenantId: 'acme', requestId: 'req_1', expectedVersion, events: [syncEvent(name)] },
        connection: { ...connection, name },
      })
    await change('First', version)
    await change('First', version)
    await expect(change('Second', version)).rejects.toMatchObject({ code: 'settings-changed', status: 412 })
    const now = await connections.read('con_1')
    expect(now?.connection.name).toBe('First')
    await change('Second', now?.version ?? '')
    expect((await connections.read('con_1'))?.connection.name).toBe('Second')
    expect(await createOutbox(redis, keys).size(shard)).toBe(3)
  })

  test('and its schedule are one version', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    const before = await connections.read('con_1')
    const schedule = { mode: 'interval', minutes: 60, kind: 'incremental' } as const
    await connections.change('con_1', { tenantId: 'acme', requestId: 'req_1', schedule, events: [] })
    expect((await connections.read('con_1'))?.version).not.toBe(before?.version)
  })

  test('is listed by its identifier, page by page, as long as it is there', async () => {
    for (const [index, id] of (['con_1', 'con_2', 'con_3'] as const).entries()) {
      const own = { uniqueIdentifier: `bitbucket-${index}`, workspaceUuid: `{${index}}`, name: `Acme ${index}` }
      await connections.reserve('acme', own, id)
      const { workspaceUuid: uuid, ...rest } = own
      const each = { ...connection, ...rest, id, workspace: { ...connection.workspace, uuid } }
      await connections.create(each, 'sealed', requestOf(`syn_${index}`, id))
    }
    await connections.forget('con_2')
    const idsOf = ({ connections: found }: Awaited<ReturnType<typeof connections.list>>) =>
      found.map((stored) => stored.connection.id)
    const first = await connections.list('acme', { after: null, limit: 1 })
    expect([idsOf(first), first.isLast]).toEqual([['con_1'], false])
    const second = await connections.list('acme', { after: 'bitbucket-0', limit: 1 })
    expect([idsOf(second), second.isLast]).toEqual([['con_3'], true])
    expect(idsOf(await connections.list('globex', { after: null, limit: 10 }))).toEqual([])
  })
})

test('a workspace is connected once by each tenant, unless the first try came to nothing', async () => {
  const other = { ...wanted, uniqueIdentifier: 'bitbucket-again' }
  await connections.reserve('acme', wanted, 'con_1')
  expect(await connections.reserve('acme', other, 'con_2')).toEqual({ state: 'reserved', connectionId: 'con_2' })
  await connections.create({ ...connection, id: 'con_2' }, 'sealed', requestOf('syn_1', 'con_2'))
  const taken = { state: 'workspace-taken', connectionId: 'con_2' }
  expect(await connections.reserve('acme', wanted, 'con_3')).toEqual(taken)
  expect(await connections.reserve('globex', wanted, 'con_4')).toMatchObject({ state: 'reserved' })
})

describe('a sync', () => {
  test('is on the list of the last ones, newest first', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    for (const id of ['syn_2', 'syn_3'] as const) {
      const { record, ...rest } = requestOf(id)
      const verify = ['user:1|workspace#owner'] as const
      await connections.requestSync('con_1', { ...rest, record: { ...record, verify: [...verify] } })
    }
    const page = async (before: SyncId | null) => {
      const { syncs: found, isLast } = await syncs.list('con_1', { before, limit: 2 })
      return [found.map(({ id }) => id), isLast]
    }
    expect(await page(null)).toEqual([['syn_3', 'syn_2'], false])
    expect(await page('syn_2')).toEqual([['syn_1'], true])
    expect(await page('syn_9')).toEqual([[], true])
  })

  test('that is asked for while one is open joins it', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    expect(await connections.requestSync('con_1', requestOf('syn_2'))).toEqual({ state: 'joined', syncId: 'syn_1' })
  })

  test('of a connection that is not there is refused', async () => {
    expect(await connections.requestSync('con_1', requestOf('syn_1'))).toEqual({ state: 'missing' })
    expect(await redis.keys('*')).toEqual([])
  })

  test('goes from state to state once, and a finished one makes room for the next', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1'))
    const { lease: leaseKey, fence: fenceKey } = keys.connection('con_1')
    const token = (await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 }))?.token ?? ''
    const common = { tenantId: 'acme', connectionId: 'con_1', syncId: 'syn_1', token, fields: {} } as const
    const start = { ...common, from: 'requested', to: 'running', events: [syncEvent('started')] } as const
    expect(await syncs.advance(start)).toBe(true)
    // Its answer was lost: it is done, and not told twice.
    expect(await syncs.advance(start)).toBe(true)
    expect(await syncs.advance({ ...start, to: 'failed' })).toBe(false)
    await expect(syncs.advance({ ...start, token: '0' })).rejects.toThrow(FencedError)
    await syncs.count('con_1', 'syn_1', { 'coverage:complete': 3, 'coverage:stale': 1 })
    const fields = { startedAt: '2026-11-23T10:00:00.000Z' }
    const complete = { ...common, from: 'running', to: 'completed', fields, events: [] } as const
    expect(await syncs.advance(complete)).toBe(true)
    expect(await syncs.read('con_1', 'syn_1')).toMatchObject({
      state: 'completed',
      coverage: { complete: 3, stale: 1, unobservable: 0 },
    })
    expect(await syncs.readOpen(shard)).toEqual([])
    expect(await redis.ttl(keys.sync('con_1', 'syn_1').state)).toBeGreaterThan(89 * 24 * 3_600)
    const next = await connections.requestSync('con_1', requestOf('syn_2'))
    expect(next).toEqual({ state: 'requested', syncId: 'syn_2' })
    const entries = await readEntries(createOutbox(redis, keys), shard, 10)
    expect(entries.map(({ event, sequence }) => [event.subject, sequence])).toEqual([
      ['syn_1', 1n],
      ['started', 2n],
      ['syn_2', 3n],
    ])
  })
})

describe('a pause', () => {
  const since = '2026-11-24T09:00:00.000Z'
  const change = (paused: { since: string } | null) =>
    connections.change('con_1', { tenantId: 'acme', requestId: 'req_1', paused, events: [syncEvent('pause')] })
  const told = async () => (await readEntries(createOutbox(redis, keys), shard, 10)).length

  beforeEach(() => connections.create(connection, 'sealed', requestOf('syn_1')))

  test('lets nothing be asked for, be it of a sync of its own or of one that is open', async () => {
    await change({ since })
    expect((await connections.read('con_1'))?.paused).toEqual({ since })
    expect(await connections.requestSync('con_1', requestOf('syn_2'))).toEqual({ state: 'paused' })
    const targeted: SyncRequest = { ...requestOf('syn_2'), scopes: ['workspace/groups'] }
    const record = { ...targeted.record, kind: 'targeted' as const }
    expect(await connections.requestSync('con_1', { ...targeted, record })).toEqual({ state: 'paused' })
    expect(await syncs.readOpen(shard)).toHaveLength(1)
  })

  test('is over when somebody resumes the connection', async () => {
    await change({ since })
    await change(null)
    expect((await connections.read('con_1'))?.paused).toBeNull()
    expect(await connections.requestSync('con_1', requestOf('syn_2'))).toEqual({ state: 'joined', syncId: 'syn_1' })
  })

  test('that was there already is told no second time, and keeps its beginning; nor is its end', async () => {
    const before = await told()
    await change(null)
    expect(await told()).toBe(before)
    await change({ since })
    await change({ since: '2026-11-25T09:00:00.000Z' })
    expect((await connections.read('con_1'))?.paused).toEqual({ since })
    await change(null)
    await change(null)
    expect(await told()).toBe(before + 2)
  })

  test('does not keep a connection from being removed', async () => {
    await change({ since })
    await connections.change('con_1', { tenantId: 'acme', requestId: 'req_1', remove: true, events: [] })
    expect(await connections.readRemoving(shard)).toEqual(['con_1'])
  })
})

test('a service with another number of shards than the deployment began with refuses to start', async () => {
  await checkDeployment(redis, keys)
  await checkDeployment(redis, createKeys({ prefix: 'test', shards: 4 }))
  await expect(checkDeployment(redis, createKeys({ prefix: 'test', shards: 8 }))).rejects.toThrow(ConfigError)
})
