import { emptyOutbox } from '@clarity/shared/testing/outbox'
import { expect, test } from 'vitest'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

const engine = await createTestEngine()

test('while too many events wait for Kafka a sync pauses, says why, and goes on once they are taken', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { syncs, connection, outbox, control, clock } = system
  const requests = () => control('/requests?workspace=acme')
  await system.sync('full')
  const waiting = await outbox.sizeFor(connection.id)
  const full = { outboxEntriesMax: waiting - 1 }
  const syncId = await system.request('full')
  const before = await requests()
  expect(await system.runSlice(syncId, full)).toEqual({ state: 'again', reason: 'stream-full', waitMs: 5_000 })
  expect(await requests()).toEqual(before)
  expect(await syncs.read(connection.id, syncId)).toMatchObject({
    state: 'running',
    waitingFor: 'stream',
    waitingUntil: new Date(clock.now() + 5_000).toISOString(),
    progress: { requests: 0 },
  })
  await emptyOutbox(outbox, 0)
  clock.advance(5_000)
  expect(await system.runSlice(syncId, full)).toEqual({ state: 'finished' })
  expect(await syncs.read(connection.id, syncId)).toMatchObject({ state: 'completed', waitingFor: null })
})

test('one that is paused so can be cancelled', async () => {
  await using system = await createTestSystem(engine, { repositories: 3 })
  const { syncs, connection } = system
  await system.sync('full')
  const syncId = await system.request('full')
  await system.runSlice(syncId, { outboxEntriesMax: 1 })
  await syncs.askToCancel(connection.id, syncId)
  expect(await system.runSlice(syncId, { outboxEntriesMax: 1 })).toEqual({ state: 'finished' })
  expect((await syncs.read(connection.id, syncId))?.state).toBe('cancelled')
})
