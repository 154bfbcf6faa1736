import { eventData } from '@clarity/shared/contract/events'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { createConnectionStore } from '@clarity/shared/store/connections'
import type { Lease } from '@clarity/shared/store/lease'
import { emptyOutbox, readEntries } from '@clarity/shared/testing/outbox'
import { type AccessEvent, applyEvent, emptyState } from '@clarity/subscriber'
import { beforeEach, expect, test } from 'vitest'
import { removeConnection } from './remove-connection.ts'
import { ReadingBuilder, type ScopeOutcome } from './scopes/reading.ts'
import { connection, createTestEngine } from './testing/engine.ts'

const engine = await createTestEngine()
const { redis, keys, facts, outbox, clock, syncs } = engine
const connections = createConnectionStore(redis, keys, syncs)
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const options = {
  connections,
  facts,
  outbox,
  outboxEntriesMax: 1_000,
  sliceMs: 10_000,
  clock,
  log,
  metrics: engine.metrics,
}
const person = (name: string) => ({ uuid: `{${name}}`, type: 'user', display_name: name })
const workspace = { kind: 'workspace', uuid: '{w}', slug: 'acme', name: 'Acme' } as const

const lease = (): Lease => ({ token: engine.token, renew: async () => true, release: async () => undefined })

const sync = (scopeId: ScopeId, outcome: ScopeOutcome) =>
  engine.committer().sync(scopeId, { read: async () => outcome, look: async () => false })

function repository(name: string): ScopeOutcome {
  const builder = new ReadingBuilder()
  builder.addUser(person('ann'), `repository:${name}`, 'admin')
  builder.addUser(person('guest'), `repository:${name}`, 'read')
  builder.addGroup({ slug: 'devs', name: 'devs' }, `repository:${name}`, 'write')
  const resource = { kind: 'repository', uuid: `{${name}}`, slug: name, name } as const
  return { state: 'complete', reading: builder.build(resource), list: null }
}

beforeEach(async () => {
  await engine.reset()
  const members = new ReadingBuilder()
  for (const name of ['ann', 'ben']) members.addUser(person(name), 'workspace', 'member')
  await sync('workspace/members', { state: 'complete', reading: members.build(workspace), list: null })
  const groups = new ReadingBuilder()
  groups.addExistingGroup({ slug: 'devs', name: 'devs', defaultPermission: null })
  groups.addUser(person('ben'), 'group:devs', 'member')
  await sync('workspace/groups', { state: 'complete', reading: groups.build(null), list: null })
  for (const name of ['r', 's', 't']) await sync(`repository/${name}`, repository(name))
  const { record } = keys.connection(connection.id)
  await redis.hset(record, { record: JSON.stringify(connection), credential: 'sealed' })
  await redis.hset(keys.tenantWorkspaces('acme'), connection.workspace.uuid, connection.id)
  await redis.hset(keys.tenantIdentifiers('acme'), connection.uniqueIdentifier, connection.id)
})

const decide = () =>
  connections.change(connection.id, { tenantId: 'acme', requestId: 'req_1', remove: true, events: [] })

async function removeAll(change: Partial<typeof options> = {}): Promise<number> {
  for (let slices = 1; ; slices++) {
    if ((await removeConnection({ ...options, ...change }, connection.id, lease())) === null) return slices
    if (change.outboxEntriesMax !== undefined) await emptyOutbox(outbox, 0)
  }
}

/** What a consumer that knows nothing of removed connections is left with. */
async function stateOfStream() {
  const state = emptyState()
  const entries = await readEntries(outbox, 0, 1_000)
  for (const { event } of entries) {
    expect(eventData[event.name].parse(event.data)).toEqual(event.data)
    applyEvent(state, event as unknown as AccessEvent)
  }
  return { entries, state }
}

test('ends all that was told, each once and in causal order, and then the connection', async () => {
  await decide()
  expect(await removeAll()).toBe(1)
  const { entries, state } = await stateOfStream()
  for (const left of [state.serviceUsers, state.entitlements, state.grants, state.nestings]) expect(left.size).toBe(0)
  const ended = entries.filter(({ event }) => event.data.cause === 'connection-removed')
  expect(ended.filter(({ event }) => event.name.startsWith('service-user.updated'))).toEqual([])
  for (const { event } of ended) if ('reason' in event.data) expect(event.data.reason).toBe('connection-removed')
  expect(entries.at(-1)?.event).toMatchObject({
    name: 'connection.removed',
    data: { ended: { serviceUsers: 3, grants: 9, nestings: 3 } },
  })
  expect(entries.map(({ sequence }) => Number(sequence))).toEqual(entries.map((_, index) => index + 1))
})

test('leaves no key and no name of it but its identifier, which is never used again', async () => {
  await redis.set(`${keys.connection(connection.id).record}:sync:syn_9`, 'of an old sync')
  await decide()
  expect(await redis.hget(keys.connection(connection.id).record, 'credential')).toBe('')
  await removeAll()
  expect(await redis.keys(`*${connection.id}*`)).toEqual([])
  const { outbox: stream, outboxNumber } = keys.shard(0)
  expect((await redis.keys('*')).toSorted()).toEqual([stream, outboxNumber, keys.tenantIdentifiers('acme')].toSorted())
})

test('what cannot be observed is told to be over as well', async () => {
  await engine
    .committer()
    .noteUnreadable('repository/r', new UpstreamError('permission', 'x', 'x', { remedy: 'x', status: 403 }))
  await decide()
  await removeAll()
  const { entries } = await stateOfStream()
  const about = entries.map(({ event }) => event.name).filter((name) => name.startsWith('scope.'))
  expect(about).toEqual(['scope.unobservable', 'scope.observable'])
})

test('goes on where it was interrupted, and waits while the stream is full', async () => {
  await decide()
  expect(await removeAll({ outboxEntriesMax: 1 })).toBeGreaterThan(2)
  expect((await readEntries(outbox, 0, 1_000)).at(-1)?.event.name).toBe('connection.removed')
})

test('that died after telling the end does not tell it again', async () => {
  await decide()
  const forget = () => Promise.reject(new Error('killed'))
  await expect(removeAll({ connections: { ...connections, forget } })).rejects.toThrow('killed')
  const told = await engine.published()
  expect(told.at(-1)).toMatch(/^connection.removed/)
  await removeAll()
  expect(await engine.published()).toEqual(told)
  expect(await redis.keys(`*${connection.id}*`)).toEqual([])
})

test('nobody who has lost the lease removes anything', async () => {
  await decide()
  const stale = { ...lease(), token: 'another' }
  await expect(removeConnection(options, connection.id, stale)).rejects.toMatchObject({ code: 'fenced' })
  expect(await engine.knownScopes()).toHaveLength(5)
})

test('a connection that nobody has decided to remove stays', async () => {
  expect(await removeConnection(options, connection.id, lease())).toBeNull()
  expect(await engine.knownScopes()).toHaveLength(5)
})
