import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AuditId, PendingAudit } from '../contract/audit.ts'
import { auditRecorded } from '../contract/auditable.ts'
import type { Connection } from '../contract/connections.ts'
import { toConnectionRef } from '../contract/events.ts'
import type { ScopeId, SyncId } from '../contract/ids.ts'
import { DependencyError, InvariantError } from '../runtime/errors.ts'
import { withTrace } from '../runtime/trace.ts'
import { readAudits, readEntries } from '../testing/outbox.ts'
import { createAuditLog } from './audit.ts'
import { createConnectionStore, type SyncRequest } from './connections.ts'
import { createHoldStore, type HoldRecord } from './holds.ts'
import { createKeys } from './keys.ts'
import { createOutbox, toWireAudit } from './outbox.ts'
import { newSyncRequest } from './sync-requests.ts'
import { createSyncStore } from './syncs.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const syncs = createSyncStore(redis, keys)
const connections = createConnectionStore(redis, keys, syncs)
const holds = createHoldStore(redis, keys)
const outbox = createOutbox(redis, keys)
const log = createAuditLog(redis, keys)
const shard = keys.shardOf('con_1')
const at = '2026-11-23T10:00:00.000Z'

beforeEach(() => redis.flushdb())

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
const actor = { kind: 'api-key', id: 'key_1', name: 'Clarity' } as const
const owner = { tenantId: 'acme', connectionId: 'con_1' } as const

function ofConnection(id: AuditId, action: 'connection.updated' | 'connection.removed' = 'connection.updated') {
  return auditRecorded({ ...owner, actor, action, target: { kind: 'connection', id: 'con_1' } }, { id, at })
}

function ofSync(id: AuditId, syncId: SyncId, action: 'sync.requested' | 'sync.cancelled' | 'removals.approved') {
  return auditRecorded({ ...owner, actor, action, target: { kind: 'sync', id: syncId } }, { id, at })
}

function ofTenant(id: AuditId, tenantId = 'acme'): PendingAudit {
  return auditRecorded(
    { tenantId, actor, action: 'tenant.changed', target: { kind: 'tenant', id: tenantId } },
    { id, at },
  )
}

const event = (subject: string) => ({
  name: 'stream.verification' as const,
  subject,
  data: {
    ...{ connection: toConnectionRef(connection), cause: 'operator' as const, text: 'told' },
    ...{ observedAt: at, previouslyObservedAt: null, scope: null },
  },
  before: null,
  after: null,
})

function requestOf(id: SyncId, audit: AuditId, scopes: readonly ScopeId[] | null = null): SyncRequest {
  const kind = scopes === null ? 'full' : 'targeted'
  const request = newSyncRequest(connection, { id, kind, trigger: 'api', scopes, requestedAt: at })
  return { ...request, events: [...request.events, ofSync(audit, id, 'sync.requested')] }
}

/** Of each audit record that waits: its id, and what it is about. */
const audited = async (of = shard) =>
  (await readAudits(outbox, of)).map(({ audit: { record } }) => [record.id, record.target.id])

describe('an audit record', () => {
  test('is appended in the step that makes the change, between the events, and takes no number from them', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1', 'aud_1'))
    const { events } = { events: [event('first'), ofConnection('aud_2'), event('second')] }
    const change = { tenantId: 'acme', requestId: 'req_1', connection: { ...connection, name: 'New' }, events }
    expect(await connections.change('con_1', change)).toBe(3n)
    const { entries } = await outbox.read(shard, 10)
    expect(entries.map(({ number }) => number)).toEqual([1n, 2n, 3n, 4n, 5n])
    const told = (await readEntries(outbox, shard)).map(({ event, sequence }) => [event.subject, sequence])
    expect(told).toEqual([
      ['syn_1', 1n],
      ['first', 2n],
      ['second', 3n],
    ])
    expect(entries.map((entry) => 'audit' in entry)).toEqual([false, true, false, true, false])
    expect((await connections.read('con_1'))?.connection.name).toBe('New')
  })

  test('is not appended when the change is not made', async () => {
    const change = { tenantId: 'acme', requestId: 'req_1', events: [ofConnection('aud_1')] }
    expect(await connections.change('con_1', change)).toBeNull()
    expect(await connections.requestSync('con_1', requestOf('syn_1', 'aud_2'))).toEqual({ state: 'missing' })
    expect(await redis.keys('*')).toEqual([])
  })

  test('goes with a sync that is requested, and with one that is cancelled, and is not counted among its events', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1', 'aud_1'))
    const cancelled = {
      ...owner,
      syncId: 'syn_1',
      token: null,
      from: 'requested',
      to: 'cancelled',
      fields: {},
    } as const
    const events = [ofSync('aud_2', 'syn_1', 'sync.cancelled')]
    expect(await syncs.advance({ ...cancelled, events })).toBe(true)
    // Nobody has cancelled what was cancelled already.
    await syncs.advance({ ...cancelled, events: [ofSync('aud_3', 'syn_1', 'sync.cancelled')] })
    expect(await audited()).toEqual([
      ['aud_1', 'syn_1'],
      ['aud_2', 'syn_1'],
    ])
    expect(await redis.hkeys(keys.sync('con_1', 'syn_1').state)).not.toContain('events:audit.recorded')
  })

  test('of who asks for a sync that another one delivers names that one', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1', 'aud_1'))
    expect(await connections.requestSync('con_1', requestOf('syn_2', 'aud_2'))).toMatchObject({ state: 'joined' })
    await syncs.advance({
      ...owner,
      syncId: 'syn_1',
      token: null,
      from: 'requested',
      to: 'running',
      fields: {},
      events: [],
    })
    const asks = (id: SyncId, audit: AuditId, scope: ScopeId) =>
      connections.requestSync('con_1', requestOf(id, audit, [scope]))
    expect(await asks('syn_3', 'aud_3', 'repository/a')).toMatchObject({ state: 'requested', syncId: 'syn_3' })
    // That one has not begun, and reads more because of it.
    expect(await asks('syn_4', 'aud_4', 'repository/b')).toMatchObject({ state: 'joined', syncId: 'syn_3' })
    expect(await audited()).toEqual([
      ['aud_1', 'syn_1'],
      ['aud_2', 'syn_1'],
      ['aud_3', 'syn_3'],
      ['aud_4', 'syn_3'],
    ])
    expect((await readEntries(outbox, shard)).map(({ event }) => event.subject)).toEqual(['syn_1', 'syn_3'])
  })

  test('goes with a decision on what is held, once it is made', async () => {
    const record: HoldRecord = { id: 'hold_1', syncId: 'syn_1', openedAt: at, expiresAt: at, announced: null }
    const decide = (audit: AuditId) =>
      holds.change({
        ...{ ...owner, hold: { record, scopes: new Map() }, moves: [] },
        events: [ofSync(audit, 'syn_1', 'removals.approved')],
      })
    expect(await decide('aud_1')).toBe(false)
    await redis.set(keys.connection('con_1').hold.record, JSON.stringify(record))
    expect(await decide('aud_2')).toBe(true)
    expect(await audited()).toEqual([['aud_2', 'syn_1']])
  })

  test('of no connection goes to the shard of its tenant', async () => {
    await log.append([ofTenant('aud_1', 'initech'), ofTenant('aud_2', 'globex'), ofConnection('aud_3')])
    const [initech, globex] = [keys.shardOf('initech'), keys.shardOf('globex')]
    expect(new Set([initech, globex, shard]).size).toBe(3)
    expect([await audited(initech), await audited(globex), await audited(shard)]).toEqual([
      [['aud_1', 'initech']],
      [['aud_2', 'globex']],
      [['aud_3', 'con_1']],
    ])
  })

  test('is appended once, however often its command is sent', async () => {
    for (let times = 0; times < 3; times++) await log.append([ofTenant('aud_1'), ofTenant('aud_2')])
    expect(await audited(keys.shardOf('acme'))).toEqual([
      ['aud_1', 'acme'],
      ['aud_2', 'acme'],
    ])
  })

  test('tells the publisher of the shard that it waits', async () => {
    const listener = redis.duplicate()
    const told = new Promise((resolve) => listener.on('message', (_channel, of) => resolve(of)))
    await listener.subscribe(keys.outboxChannel)
    await log.append([ofTenant('aud_1')])
    expect(await told).toBe(String(keys.shardOf('acme')))
    listener.disconnect()
  })

  test('is not appended while its shard is restored', async () => {
    await redis.set(keys.shard(keys.shardOf('acme')).frozen, 'token')
    await expect(log.append([ofTenant('aud_1')])).rejects.toThrow(DependencyError)
    expect(await audited(keys.shardOf('acme'))).toEqual([])
  })

  test('of another tenant than what it tells of is refused, and so is what it tells of', async () => {
    await connections.create(connection, 'sealed', requestOf('syn_1', 'aud_1'))
    const change = {
      tenantId: 'acme',
      requestId: 'req_1',
      sealedCredential: 'other',
      events: [ofTenant('aud_2', 'globex')],
    }
    await expect(connections.change('con_1', change)).rejects.toThrow(InvariantError)
    expect((await connections.read('con_1'))?.sealedCredential).toBe('sealed')
  })

  test('carries the call that led to it', async () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await withTrace(trace, () => log.append([ofTenant('aud_1')]))
    const [entry] = await readAudits(outbox, keys.shardOf('acme'))
    expect(entry?.audit).toEqual({ record: ofTenant('aud_1').record, traceparent: trace })
  })
})

test.each([
  ['is no JSON', (json: string) => json.slice(1), 'the entry holds no known audit record'],
  ['lacks something', (json: string) => json.replace('"actor"', '"nobody"'), 'the entry holds no known audit record'],
  [
    'is of another tenant',
    (json: string) => json.replace('"tenantId":"acme"', '"tenantId":"globex"'),
    'it is of another tenant',
  ],
])('an audit record that %s is found to be damaged', async (_what, damage, fault) => {
  const [, json] = toWireAudit(ofTenant('aud_1'))
  await redis.xadd(keys.shard(0).outbox, '1-0', 'tenant', 'acme', 'audit', damage(json))
  expect((await outbox.read(0, 1)).entries).toMatchObject([{ number: 1n, fault, place: null }])
})

test('which records were appended is remembered for a day', async () => {
  const { audited: remembered } = keys.shard(keys.shardOf('acme'))
  await log.append([ofTenant('aud_1')])
  await redis.zadd(remembered, Number(await redis.zscore(remembered, 'aud_1')) - 86_400, 'aud_0')
  await log.append([ofTenant('aud_2')])
  expect(await redis.zrangebyscore(remembered, '-inf', '+inf')).toEqual(['aud_1', 'aud_2'])
})
