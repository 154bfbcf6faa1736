import { acquireLease } from '@clarity/shared/store/lease'
import { Restoration } from '@clarity/shared/store/restoration'
import { readEntries } from '@clarity/shared/testing/outbox'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { expect, test } from 'vitest'
import { removeConnection } from './remove-connection.ts'
import { createTestEngine } from './testing/engine.ts'
import { snapshotOfStream, stateOfStream } from './testing/stream-state.ts'
import { createTestSystem } from './testing/system.ts'

/** Where the settings want it, every level of every project and repository is told, also one that nobody holds. */
const engine = await createTestEngine()
type System = Awaited<ReturnType<typeof createTestSystem>>

const differencesFrom = async (system: System, allLevels: boolean) =>
  differences(expectedFacts(await system.truth(), { allLevels }), observedFacts(await stateOfStream(system.outbox)))

test('all levels are 3R + 4P + G + 3 entitlements, each told once; nobody holds more or less by it', async () => {
  await using system = await createTestSystem(engine, { repositories: 20 })
  const { configure, facts, connection, syncs, publishedSince } = system
  await configure({ publishLevels: 'all' })
  const { id, stats } = await system.sync('full')
  const expected = 3 * 20 + 4 * 3 + 4 + 3
  expect((await facts.readTotals(connection.id)).entitlements).toBe(expected)
  expect(stats.entitlements).toMatchObject({ added: expected, scanned: expected })
  expect(await differencesFrom(system, true)).toEqual([])
  const { evidence } = (await syncs.readEvidence(connection.id, id)) ?? expect.unreachable('there is no evidence')
  expect(evidence.facts.entitlements).toBe(expected)
  const again = await publishedSince(() => system.sync('full'))
  expect(again.filter((event) => !event.startsWith('sync.'))).toEqual([])
})

test('a change of the setting is told as the scopes are read next, with nothing of who holds what', async () => {
  await using system = await createTestSystem(engine, { repositories: 12 })
  const { configure, publishedSince } = system
  await system.sync('full')
  const inUse = (await stateOfStream(system.outbox)).entitlements.size
  await configure({ publishLevels: 'all' })
  const more = await publishedSince(() => system.sync('full'))
  const changes = (events: readonly string[]) => events.filter((event) => !event.startsWith('sync.'))
  expect(changes(more)).toHaveLength(3 * 12 + 4 * 3 + 4 + 3 - inUse)
  expect(changes(more).filter((event) => !event.startsWith('entitlement.created'))).toEqual([])
  expect(await differencesFrom(system, true)).toEqual([])
  await configure({ publishLevels: 'in-use' })
  const fewer = await publishedSince(() => system.sync('full'))
  expect(changes(fewer)).toHaveLength(changes(more).length)
  const removed = (await readEntries(system.outbox, 0, 100_000)).filter(
    ({ event }) => event.name === 'entitlement.removed',
  )
  for (const { event } of removed) expect(event.data).toMatchObject({ reason: 'not-in-use' })
  expect(removed).toHaveLength(changes(more).length)
  expect(await differencesFrom(system, false)).toEqual([])
})

test('a rename tells every level that is told, and a repository that is gone takes all of them with it', async () => {
  await using system = await createTestSystem(engine, { repositories: 6 })
  const { configure, control, truth, publishedSince } = system
  await configure({ publishLevels: 'all' })
  await system.sync('full')
  const [renamed, gone] = (await truth()).repositories
  await control('/workspaces/acme/changes', { type: 'rename-repository', uuid: renamed?.uuid, name: 'Another Name' })
  await control('/workspaces/acme/changes', { type: 'remove-repository', uuid: gone?.uuid })
  const events = await publishedSince(() => system.sync('full'))
  expect(events.filter((event) => event.startsWith('entitlement.updated'))).toHaveLength(3)
  expect(events.filter((event) => event.startsWith('entitlement.removed'))).toHaveLength(3)
  expect(await differencesFrom(system, true)).toEqual([])
})

test('the state topic is enough to go on from', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { configure, connection, redis, keys, outbox, facts, publishedSince } = system
  await configure({ publishLevels: 'all' })
  await system.sync('full')
  const totals = await facts.readTotals(connection.id)
  const snapshot = await snapshotOfStream(outbox, connection.id)
  const restoration = await Restoration.freeze(redis, keys, 0)
  await restoration.restore(snapshot, snapshot.sequence, '1790000000000')
  await restoration.finish((await outbox.position(0)).last, [])
  expect(await facts.readTotals(connection.id)).toEqual(totals)
  const again = await publishedSince(() => system.sync('full'))
  expect(again.filter((event) => !event.startsWith('sync.'))).toEqual([])
})

test('a connection that is removed takes back every level that it told', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { configure, connection, connections, redis, keys, slices, outbox } = system
  await configure({ publishLevels: 'all' })
  await system.sync('full')
  await connections.change(connection.id, { tenantId: 'acme', requestId: 'req_2', remove: true, events: [] })
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
  const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 })
  if (lease === null) return expect.unreachable('the lease is held')
  expect(await removeConnection({ ...slices, sliceMs: 60_000 }, connection.id, lease)).toBeNull()
  const { entitlements, grants } = await stateOfStream(outbox)
  expect({ entitlements: entitlements.size, grants: grants.size }).toEqual({ entitlements: 0, grants: 0 })
})
