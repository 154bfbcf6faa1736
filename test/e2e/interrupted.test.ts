import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { expect, test } from 'vitest'
import { isFinished } from './connector.ts'
import { testSystem } from './system.ts'

/** What is stopped or killed in the middle of a sync loses nothing and tells nothing twice. */
const { bitbucket, acme, feed, processes } = await testSystem()
if (processes === null) throw new Error('these tests stop processes: run them against a system of their own')

async function beginSync(slug: string) {
  const seeded = { slug, users: 60, groups: 8, projects: 6, repositories: 300, seed: 11 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const { connectionId, syncId } = await acme.connect({ workspace: slug, ...consumer })
  const sync = await acme.until(connectionId, syncId, ({ progress }) => progress.requests > 100)
  expect(sync.state).toBe('running')
  return { connectionId, syncId }
}

async function expectTruthAfter(slug: string, { connectionId, syncId }: { connectionId: string; syncId: string }) {
  expect(await acme.until(connectionId, syncId, isFinished)).toMatchObject({ state: 'completed' })
  const state = await feed.stateAfter(connectionId, syncId)
  expect(differences(expectedFacts(await bitbucket.truth(slug)), observedFacts(state))).toEqual([])
  expect(feed.problems).toEqual([])
}

test('a worker that is told to stop hands its sync back, and the next one finishes it', async () => {
  const sync = await beginSync('handed-back')
  const before = performance.now()
  expect(await processes['sync-worker'].stop()).toEqual({ code: 0, signal: null })
  expect(performance.now() - before).toBeLessThan(10_000)
  await processes['sync-worker'].restart()
  await expectTruthAfter('handed-back', sync)
})

test('a worker that is killed loses no committed fact, and the next one finishes its sync', async () => {
  const sync = await beginSync('killed')
  await processes['sync-worker'].kill()
  await processes['sync-worker'].restart()
  await expectTruthAfter('killed', sync)
})

test('a publisher that is killed loses no event', async () => {
  const sync = await beginSync('unpublished')
  await processes.publisher.kill()
  await processes.publisher.restart()
  await expectTruthAfter('unpublished', sync)
})
