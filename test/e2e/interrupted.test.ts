import { expect, test } from 'vitest'
import { isFinished } from './connector.ts'
import { testSystem } from './system.ts'
import { beginSync, expectTruthAfter } from './truth.ts'

/** What is stopped or killed in the middle of a sync loses nothing and tells nothing twice. */
const system = await testSystem()
const { processes } = system
if (processes === null) throw new Error('these tests stop processes: run them against a system of their own')

test('a worker that is told to stop hands its sync back, and the next one finishes it', async () => {
  const sync = await beginSync(system, 'handed-back')
  const before = performance.now()
  expect(await processes['sync-worker'].stop()).toEqual({ code: 0, signal: null })
  expect(performance.now() - before).toBeLessThan(10_000)
  await processes['sync-worker'].restart()
  await expectTruthAfter(system, sync)
})

test('a worker that is killed loses no committed fact, and the next one finishes its sync', async () => {
  const sync = await beginSync(system, 'killed')
  await processes['sync-worker'].kill()
  await processes['sync-worker'].restart()
  await expectTruthAfter(system, sync)
  const { progress, stats } = await system.acme.until(sync.connectionId, sync.syncId, isFinished)
  // What was committed is not read again: what was under way is, and the lists are. One request was the check at saving.
  const { total } = await system.bitbucket.requests('killed')
  const again = total - 1 - (progress.requestsExpected ?? 0)
  expect(again).toBeGreaterThan(0)
  expect(again).toBeLessThan(50)
  for (const { scanned, unchanged, added } of Object.values(stats)) expect(unchanged + added).toBe(scanned)
})

test('a publisher that is killed loses no event', async () => {
  const sync = await beginSync(system, 'unpublished')
  await processes.publisher.kill()
  await processes.publisher.restart()
  await expectTruthAfter(system, sync)
})
