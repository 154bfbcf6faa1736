import { stateChangesOf } from '@clarity/shared/contract/state'
import { createLog } from '@clarity/shared/runtime/log'
import { planApproval } from '@clarity/shared/store/hold-decisions'
import { acquireLease } from '@clarity/shared/store/lease'
import { syncQueueName } from '@clarity/shared/store/queue'
import { readEntries } from '@clarity/shared/testing/outbox'
import { Queue } from 'bullmq'
import { afterAll, expect, test } from 'vitest'
import { expireHolds, makeReleases } from './hold-upkeep.ts'
import { removeConnection } from './remove-connection.ts'
import { type SyncQueue, startScheduled } from './scheduled.ts'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

/** While a connection is paused nothing is read of it and nothing new is told. */
const engine = await createTestEngine()
const queue: SyncQueue = new Queue(syncQueueName, { connection: engine.redis, prefix: engine.keys.queuePrefix })
afterAll(() => queue.close())
type System = Awaited<ReturnType<typeof createTestSystem>>

const countRequests = async ({ control }: System) => ((await control('/requests')) as { total: number }).total

test('a sync that runs ends with its next slice as cancelled; what it has told stays, and nothing more is read', async () => {
  await using system = await createTestSystem(engine, { repositories: 20, sliceRequests: 10 })
  const { facts, connection, syncs, request, runSlice, pause, publishedSince } = system
  const syncId = await request('full')
  for (let slice = 0; slice < 3; slice++) expect(await runSlice(syncId)).toMatchObject({ state: 'again' })
  const [totals, requests] = [await facts.readTotals(connection.id), await countRequests(system)]
  await pause(true)
  const events = await publishedSince(async () => expect(await runSlice(syncId)).toEqual({ state: 'finished' }))
  expect(events).toEqual([`sync.cancelled ${syncId}`])
  expect(await facts.readTotals(connection.id)).toEqual(totals)
  expect(totals.grants).toBeGreaterThan(0)
  expect(await countRequests(system)).toBe(requests)
  expect(await syncs.readEvidence(connection.id, syncId)).toMatchObject({ evidence: { sync: { state: 'cancelled' } } })
})

test('a sync that nobody has begun is cancelled without being started; also where another one has its turn', async () => {
  await using system = await createTestSystem(engine, { repositories: 3 })
  const { connection, syncs, request, runSlice, pause, publishedSince } = system
  const [first, second] = [await request('full'), await request('preview')]
  await pause(true)
  const events = await publishedSince(async () => {
    for (const syncId of [second, first]) expect(await runSlice(syncId)).toEqual({ state: 'finished' })
  })
  expect(events).toEqual([`sync.cancelled ${first}`])
  expect(await syncs.readOpenOf(connection.id)).toEqual([])
  expect(await syncs.read(connection.id, first)).toMatchObject({ state: 'cancelled', startedAt: null, coverage: null })
  expect(await syncs.readEvidence(connection.id, first)).toBeNull()
  expect(await countRequests(system)).toBe(0)
})

test('a time by schedule starts nothing, quietly, and the first one after the pause does', async () => {
  await using system = await createTestSystem(engine, { repositories: 3 })
  const { connection, connections, keys, syncs, pause, clock, published } = system
  const { id: connectionId, tenantId } = connection
  const schedule = { mode: 'interval', minutes: 60, kind: 'incremental' } as const
  await connections.change(connectionId, { tenantId, requestId: 'req_1', schedule, events: [] })
  const job = { data: { tenantId, connectionId } } as Parameters<typeof startScheduled>[2]
  const log = createLog({ service: 'test', version: '0', level: 'silent' })
  const newId = () => String(clock.now())
  const options = { connections, keys, clock: system.slices.clock, log, metrics: engine.metrics, newId }
  await pause(true)
  await startScheduled(options, queue, job)
  expect(await syncs.readOpenOf(connectionId)).toEqual([])
  expect(await published()).toEqual([`connection.paused ${connectionId}`])
  expect(await connections.readScheduled(0)).toEqual([connectionId])
  await pause(false)
  await startScheduled(options, queue, job)
  expect(await syncs.readOpenOf(connectionId)).toMatchObject([{ kind: 'incremental', trigger: 'schedule' }])
})

test('removals that were approved are made once the pause is over; what is held may be decided on meanwhile', async () => {
  await using system = await createTestSystem(engine, { repositories: 6, removalLimit: { share: 0, count: 0 } })
  const { control, connection, holds, redis, truth, pause, publishedSince, slices, keys } = system
  await system.sync('full')
  const held = (await truth()).repositories.filter(({ users }) => users.length > 0).slice(0, 2)
  for (const { uuid, users } of held) {
    const [user] = users
    const principal = { userUuid: user?.userUuid }
    await control('/workspaces/acme/changes', { type: 'revoke', resource: { kind: 'repository', uuid }, principal })
  }
  await system.sync('full')
  const hold = (await holds.read(connection.id)) ?? expect.unreachable('nothing is held')
  expect(hold.scopes.size).toBe(2)
  await pause(true)
  const [first] = hold.scopes.keys()
  const { moves } = planApproval(hold, [first ?? ''])
  await holds.change({ tenantId: connection.tenantId, connectionId: connection.id, hold, moves, events: [] })
  const upkeep = { ...slices, keys }
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
  const make = () => makeReleases(upkeep, () => acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 }))
  expect(await publishedSince(make)).toEqual([])
  expect((await holds.readApproved(connection.id)).size).toBe(1)
  await expireHolds(upkeep)
  expect((await holds.read(connection.id))?.scopes.size).toBe(1)
  await pause(false)
  expect((await publishedSince(make)).filter((event) => event.includes('.revoked'))).toHaveLength(1)
})

test('a connection that is paused can be removed, and the state topic keeps no pause of it', async () => {
  await using system = await createTestSystem(engine, { repositories: 2 })
  const { connection, connections, keys, redis, slices, pause } = system
  await system.sync('full')
  await pause(true)
  await connections.change(connection.id, { tenantId: 'acme', requestId: 'req_2', remove: true, events: [] })
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
  const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 })
  if (lease === null) return expect.unreachable('the lease is held')
  expect(await removeConnection({ ...slices, sliceMs: 60_000 }, connection.id, lease)).toBeNull()
  const present = new Map<string, unknown>()
  for (const { event } of await readEntries(system.outbox, 0, 10_000)) {
    for (const { kind, id, value } of stateChangesOf(event)) present.set(`${kind}/${id}`, value)
  }
  expect(present.get(`connection-pause/${connection.id}`)).toBeNull()
  expect([...present.values()].filter((value) => value !== null)).toEqual([])
})
