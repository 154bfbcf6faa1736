import { stateChangesOf } from '@clarity/shared/contract/state'
import { readEntries } from '@clarity/shared/testing/outbox'
import {
  type AccessEvent,
  type AccessState,
  applyEvent,
  applyStateChange,
  emptyState,
  undoEvent,
} from '@clarity/subscriber'
import { differences, expectedFacts, observedFacts, type Truth } from '@clarity/testkit/oracles/access'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScopeSource } from './confirm-reading.ts'
import { ReadingBuilder } from './scopes/reading.ts'
import { createTestEngine } from './testing/engine.ts'

/**
 * Whatever a workspace looks like from one sync to the next, and in whatever order its scopes are committed, the events
 * lead to its state, and no event contradicts the ones before it.
 */
const engine = await createTestEngine()
const workspace = { uuid: '{w}', slug: 'acme', name: 'Acme' }

const userIds = ['a', 'b', 'c', 'd', 'e']
const groupSlugs = ['devs', 'ops', 'qa']
const repositoryIds = ['r', 's', 't']
const level = fc.constantFrom('read', 'write', 'admin')
const holders = (ids: readonly string[]) => fc.dictionary(fc.constantFrom(...ids), level, { noNullPrototype: true })

/** A small workspace at one moment. */
const moment = fc.record({
  names: fc.constantFrom('', ' (renamed)'),
  members: fc.dictionary(fc.constantFrom(...userIds), fc.constantFrom('owner', 'member'), {
    minKeys: 1,
    noNullPrototype: true,
  }),
  // An empty list of groups where there were some is not believed, so there is always one.
  groups: fc.dictionary(fc.constantFrom(...groupSlugs), fc.uniqueArray(fc.constantFrom(...userIds)), {
    minKeys: 1,
    noNullPrototype: true,
  }),
  repositories: fc.dictionary(
    fc.constantFrom(...repositoryIds),
    fc.record({ users: holders(userIds), groups: holders(groupSlugs) }),
    { noNullPrototype: true },
  ),
  order: fc.shuffledSubarray(repositoryIds, { minLength: repositoryIds.length }),
  atOnce: fc.boolean(),
})
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never

/** Groups that a repository names exist, as in Bitbucket. */
function consistent({ groups, repositories, ...rest }: Moment): Moment {
  const named = Object.values(repositories).flatMap((repository) => Object.keys(repository.groups))
  return { ...rest, repositories, groups: { ...Object.fromEntries(named.map((slug) => [slug, []])), ...groups } }
}

function toTruth({ names, members, groups, repositories }: Moment): Truth {
  return {
    ...workspace,
    users: userIds.map((id) => ({
      uuid: `{${id}}`,
      accountId: `1:${id}`,
      displayName: `${id}${names}`,
      nickname: id,
      type: 'user',
    })),
    members: Object.entries(members).map(([id, permission]) => ({ userUuid: `{${id}}`, permission })),
    groups: Object.entries(groups).map(([slug, ids]) => ({
      slug,
      name: `${slug}${names}`,
      permission: null,
      memberUuids: ids.map((id) => `{${id}}`),
    })),
    projects: [],
    repositories: Object.entries(repositories).map(([id, held]) => ({
      uuid: `{${id}}`,
      slug: `${id}${names}`,
      name: id,
      isPrivate: true,
      projectUuid: '{p}',
      users: Object.entries(held.users).map(([userId, permission]) => ({ userUuid: `{${userId}}`, permission })),
      groups: Object.entries(held.groups).map(([slug, permission]) => ({ slug, permission })),
    })),
  }
}

const account = (id: string, names: string) => ({
  uuid: `{${id}}`,
  type: 'user',
  account_id: `1:${id}`,
  display_name: `${id}${names}`,
  nickname: id,
})

/** A complete reading; a look from another side agrees with it. */
function complete(builder: ReadingBuilder, ...built: Parameters<ReadingBuilder['build']>): ScopeSource {
  const reading = builder.build(...built)
  return { read: async () => ({ state: 'complete', reading, list: null }), look: async () => false }
}

/** Brings the store from whatever it holds to this moment, as a full sync does. */
async function syncTo({ names, members, groups, repositories, order, atOnce }: Moment): Promise<void> {
  const known = await engine.knownScopes()
  const committer = engine.committer()
  const people = new ReadingBuilder()
  for (const [id, role] of Object.entries(members))
    people.addUser(account(id, names), 'workspace', role, { workspaceRole: role })
  await committer.sync('workspace/members', complete(people, { kind: 'workspace', ...workspace }, ['owner', 'member']))
  const teams = new ReadingBuilder()
  for (const [slug, ids] of Object.entries(groups)) {
    teams.addExistingGroup({ slug, name: `${slug}${names}`, defaultPermission: null })
    for (const id of ids) teams.addUser(account(id, names), `group:${slug}`, 'member')
  }
  await committer.sync('workspace/groups', complete(teams, null))
  const syncRepository = async (id: string) => {
    const held = repositories[id]
    if (held === undefined) {
      if (!known.includes(`repository/${id}`)) return
      return committer.remove(`repository/${id}`, { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' })
    }
    const builder = new ReadingBuilder()
    for (const [userId, held_] of Object.entries(held.users))
      builder.addUser(account(userId, names), `repository:${id}`, held_)
    for (const [slug, held_] of Object.entries(held.groups)) {
      builder.addGroup({ slug, name: `${slug}${names}` }, `repository:${id}`, held_)
    }
    const parent = { kind: 'project', uuid: '{p}', key: 'P' } as const
    const resource = {
      kind: 'repository',
      uuid: `{${id}}`,
      slug: `${id}${names}`,
      name: id,
      private: true,
      parent,
    } as const
    await committer.sync(`repository/${id}`, complete(builder, resource))
  }
  if (atOnce) await Promise.all(order.map(syncRepository))
  else for (const id of order) await syncRepository(id)
}

async function readEvents(): Promise<AccessEvent[]> {
  const entries = await readEntries(engine.outbox, 0, 100_000)
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => BigInt(index + 1)))
  // The envelope plays no part in the state, and name and data belong together as they were committed.
  return entries.map(({ event: { name, subject, data } }) => ({ name, subject, data }) as unknown as AccessEvent)
}

/** What the state topic would have, from all that was told. */
async function readPresent() {
  const state = emptyState()
  for (const { event } of await readEntries(engine.outbox, 0, 100_000)) {
    for (const change of stateChangesOf(event)) applyStateChange(state, change)
  }
  return state
}

/** The content of a state, whatever the order in which it came. */
function contentOf({ serviceUsers, entitlements, grants, nestings }: AccessState) {
  return [serviceUsers, entitlements, grants, nestings].map((map) => Object.fromEntries(map))
}

test('what each event makes of the present, and what was before it, can be told from the event alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment.map(consistent), { minLength: 2, maxLength: 4 }), async (moments) => {
      await engine.reset()
      for (const one of moments) await syncTo(one)
      const state = emptyState()
      const before: unknown[] = []
      const events = await readEvents()
      for (const event of events) {
        before.push(structuredClone(contentOf(state)))
        applyEvent(state, event)
      }
      expect(contentOf(await readPresent())).toEqual(contentOf(state))
      for (const event of events.toReversed()) {
        undoEvent(state, event)
        expect(contentOf(state)).toEqual(before.pop())
      }
    }),
    { numRuns: 60 },
  )
})

test('any course of a workspace, committed in any order, is told truly and without contradiction', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment.map(consistent), { minLength: 1, maxLength: 5 }), async (moments) => {
      await engine.reset()
      let applied = 0
      const state = emptyState()
      for (const one of moments) {
        await syncTo(one)
        const events = await readEvents()
        for (const event of events.slice(applied)) applyEvent(state, event)
        applied = events.length
        const truth = toTruth(one)
        // The oracle names the project of every repository; this workspace lists none.
        const expected = expectedFacts({
          ...truth,
          projects: [{ uuid: '{p}', key: 'P', name: 'P', isPrivate: true, users: [], groups: [] }],
        })
        expect(differences(expected, observedFacts(state))).toEqual([])
      }
    }),
    { numRuns: 150 },
  )
}, 120_000)
