import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { expect } from 'vitest'
import type { BitbucketControl } from './bitbucket.ts'
import { type Connector, isFinished } from './connector.ts'
import type { Feed } from './feed.ts'

interface Observed {
  readonly bitbucket: BitbucketControl
  readonly acme: Connector
  readonly feed: Feed
}

interface BegunSync {
  readonly slug: string
  readonly connectionId: string
  readonly syncId: string
}

/** Connects a workspace of a size that takes a while, and goes on once its first sync is in the middle. */
export async function beginSync({ bitbucket, acme }: Observed, slug: string, repositories = 300): Promise<BegunSync> {
  const seeded = { slug, users: 60, groups: 8, projects: 6, repositories, seed: 11 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const begun = await acme.connect({ workspace: slug, ...consumer })
  const sync = await acme.until(begun.connectionId, begun.syncId, ({ progress }) => progress.requests > 100)
  expect(sync.state).toBe('running')
  return { slug, ...begun }
}

/** Waits for the end of a sync; then what the topic told must be the truth, without gap, repeat or contradiction. */
export async function expectTruthAfter(
  { bitbucket, acme, feed }: Observed,
  { slug, connectionId, syncId }: BegunSync,
  changes?: unknown,
): Promise<void> {
  const sync = await acme.until(connectionId, syncId, isFinished)
  expect(sync, JSON.stringify(changes)).toMatchObject({ state: 'completed', error: null })
  const state = await feed.stateAfter(connectionId, syncId)
  const expected = expectedFacts(await bitbucket.truth(slug))
  expect(expected.grants.length).toBeGreaterThan(20)
  expect(differences(expected, observedFacts(state)), JSON.stringify(changes)).toEqual([])
  expect(feed.problems).toEqual([])
}
