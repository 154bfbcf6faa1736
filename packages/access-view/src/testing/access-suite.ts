import type { EffectiveAccess } from '@clarity/shared/contract/effective-access'
import { entitlementId, ResourceId } from '@clarity/shared/contract/ids'
import { type AccessEvent, AccessSnapshot, applyEvent, emptyState } from '@clarity/subscriber'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { applyBatch } from '../feed/apply.ts'
import { accessOfUser } from '../questions/access-of-user.ts'
import { createCounts } from '../questions/counts.ts'
import { rankOfLevel } from '../questions/levels.ts'
import type { Page, Paged } from '../questions/page.ts'
import type { KnownAccess } from '../questions/paths.ts'
import { resources as resourcesOf } from '../questions/resources.ts'
import { explain, type Via, whoCan } from '../questions/who-can.ts'
import { HistoryBuilder, toBatch } from './history.ts'
import { Commands, emptyDatabase, propertyTimeoutMs, startTimeoutMs } from './stream-suite.ts'
import { levels, resources, users } from './vocabulary.ts'

const whose = { tenantId: 'acme', connectionId: 'con_1' }
const vias: readonly Via[] = ['direct', 'group', 'project', 'project-group', 'workspace-owner']

const Case = fc.record({
  commands: fc
    .tuple(Commands, Commands, Commands)
    .map(([a, b, c]) => [...a, ...b, ...c].filter(({ what }) => !what.endsWith('gone') && what !== 'user-erased')),
  /** As of which event; a share of 100. */
  at: fc.integer({ min: 50, max: 100 }),
  limit: fc.integer({ min: 1, max: 4 }),
  sort: fc.constantFrom('name' as const, 'level' as const),
  via: fc.constantFrom(undefined, ...vias),
})
type Case = typeof Case extends fc.Arbitrary<infer Value> ? Value : never

/** That what is answered of access is what the events say, reckoned by the function that everybody uses. */
export function testAccess(open: () => Promise<Database>): void {
  let database: Database
  beforeAll(async () => {
    database = await open()
  }, startTimeoutMs)
  afterAll(() => database[Symbol.asyncDispose]())

  test('who can do what, by which ways, at any time and page by page, is what the events lead to', {
    timeout: propertyTimeoutMs,
  }, async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(Case, async (course) => {
        await emptyDatabase(database)
        const { events } = new HistoryBuilder().run(course.commands)
        await applyBatch(database.db, toBatch(events))
        const sequence = Math.ceil((events.length * course.at) / 100)
        const snapshot = snapshotOf(events.slice(0, sequence))
        await expectPeople(database, snapshot, sequence, course)
        await expectReached(database, snapshot, sequence, course)
        await expectCounts(database, snapshot, sequence)
        for (const user of users) for (const access of snapshot.accessOf(user)) note(access, seen)
      }),
      { numRuns: 40 },
    )
    // What never came up was not tested.
    expect([...seen].toSorted()).toEqual([...vias, 'several'].toSorted())
  })
}

async function expectPeople({ db }: Database, snapshot: AccessSnapshot, sequence: number, { limit, sort, via }: Case) {
  for (const resource of resources) {
    const asked = { ...whose, asOf: { sequence }, limit, sort, resource }
    const people = await readAll((page) => whoCan(db, { ...asked, ...page, via }))
    expectSame(people, whoReach(snapshot, resource).filter(hasVia(via)), sort)
    for (const level of levels) {
      const atLeast = await whoCan(db, { ...asked, limit: 200, atLeast: level })
      expectSame(atLeast.items, snapshot.whoCan(entitlementId(resource, level)), sort)
    }
  }
}

async function expectReached({ db }: Database, snapshot: AccessSnapshot, sequence: number, { limit, sort, via }: Case) {
  for (const serviceUserId of users) {
    const asked = { ...whose, asOf: { sequence }, limit, sort, serviceUserId }
    const expected = snapshot.accessOf(serviceUserId)
    const reached = await readAll((page) => accessOfUser(db, { ...asked, ...page, via }))
    expectSame(reached, expected.filter(hasVia(via)), sort)
    const twice = await readAll((page) => accessOfUser(db, { ...asked, ...page, pathsMin: 2 }))
    const several = expected.filter(({ paths }) => paths.length > 1)
    expectSame(twice, several, sort)
    for (const access of expected) {
      expectSame([await explain(db, { ...asked, resource: access.resource })], [access], sort)
    }
  }
}

function note({ paths }: EffectiveAccess, seen: Set<string>): void {
  for (const { via } of paths) seen.add(via)
  if (paths.length > 1) seen.add('several')
}

/** Everybody whom some way leads there, whatever the level. */
function whoReach(snapshot: AccessSnapshot, resource: ResourceId): EffectiveAccess[] {
  const all = ['read', 'triage'].flatMap((level) => snapshot.whoCan(entitlementId(resource, level)))
  return [...new Map(all.map((access) => [access.serviceUserId, access])).values()]
}

async function expectCounts({ db }: Database, { state }: AccessSnapshot, sequence: number): Promise<void> {
  const asked = { ...whose, asOf: { sequence } }
  const counts = createCounts()
  const emails = [...state.serviceUsers.values()].map(({ attributes }) => attributes.emailEvidence)
  expect(await counts(db, asked)).toBe(await counts(db, asked))
  expect(await counts(db, asked)).toMatchObject({
    serviceUsers: state.serviceUsers.size,
    emailConfirmed: emails.filter((evidence) => evidence === 'confirmed').length,
    emailNotFound: emails.filter((evidence) => evidence === 'candidate-not-found').length,
    emailNotAsked: emails.filter((evidence) => evidence === 'not-asked').length,
    entitlements: state.entitlements.size,
    grants: state.grants.size,
    nestings: state.nestings.size,
  })
  const known = await readAll((page) => resourcesOf(db, { ...asked, ...page, limit: 1 }))
  for (const { id, people } of known) {
    if (id.startsWith('group:')) {
      expect(people).toBe([...state.grants.values()].filter((grant) => grant.entitlementId === `${id}#member`).length)
    } else expect(people).toBe(whoReach(new AccessSnapshot(state), ResourceId.parse(id)).length)
  }
}

function snapshotOf(events: readonly AccessEvent[]): AccessSnapshot {
  const state = emptyState()
  for (const event of events) applyEvent(state, event)
  return new AccessSnapshot(state)
}

/** All pages of a list; each item once. */
export async function readAll<Item>(ask: (page: Paged) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const page: Page<Item> = await ask(cursor === undefined ? {} : { cursor })
    items.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return items
}

const hasVia = (via: Via | undefined) => (access: { readonly paths: readonly { readonly via: string }[] }) =>
  via === undefined || access.paths.some((path) => path.via === via)

function expectSame(
  found: readonly KnownAccess[],
  expected: readonly (EffectiveAccess | KnownAccess)[],
  sort: 'name' | 'level',
) {
  expect(found.map(comparable).toSorted()).toEqual(expected.map(comparable).toSorted())
  if (sort === 'name') return
  const ranks = found.map(({ level }) => rankOfLevel(level ?? 'none'))
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
}

/** Without the times, and in an order of its own. */
function comparable({
  serviceUserId,
  resource,
  level,
  paths,
  ifRemoved,
  anyoneMayRead,
}: EffectiveAccess | KnownAccess) {
  const ways = paths.map((path) => [path.via, path.level, ...path.steps.map(({ node }) => node)].join(' '))
  const left = ifRemoved.map(({ edge, levelAfter }) => `${edge} -> ${levelAfter}`)
  return JSON.stringify([serviceUserId, resource, level, ways.toSorted(), left.toSorted(), anyoneMayRead])
}
