import { EventHeaders } from '@clarity/shared/contract/event-headers'
import type { AccessEvent } from '@clarity/subscriber'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { applyBatch } from '../feed/apply.ts'
import { accessOfUser } from '../questions/access-of-user.ts'
import { changesBetween } from '../questions/changes-between.ts'
import { coverage, sequenceOf } from '../questions/coverage.ts'
import { entitlement, entitlements } from '../questions/entitlements.ts'
import { events as eventsOf } from '../questions/events.ts'
import { grants } from '../questions/grants.ts'
import { nestings } from '../questions/nestings.ts'
import { resources } from '../questions/resources.ts'
import { serviceUser, serviceUsers } from '../questions/service-users.ts'
import { syncs } from '../questions/syncs.ts'
import { explain, whoCan } from '../questions/who-can.ts'
import { type Command, HistoryBuilder, toBatch } from './history.ts'
import { startTimeoutMs } from './stream-suite.ts'

const whose = { tenantId: 'acme', connectionId: 'con_1' }
const command = (what: Command['what'], a = 0, b = 0): Command => ({ what, a, b, jitterMs: 0 })

/** a is in the group g, which may write to the project p and administers the repository r in it. b administered r directly. */
const story = [
  command('user', 0, 0),
  command('user', 1, 1),
  ...[2, 4, 7, 15].map((index) => command('entitlement', index, index)),
  command('grant', 0, 0),
  command('grant', 0, 1),
  command('grant', 1, 2),
  command('nest', 0, 3),
  command('nest', 0, 2),
  command('sync', 1, 1),
  command('grant-level', 1, 1),
  command('revoke', 1),
  command('scope'),
  command('health'),
]
const [a, b] = ['user:a', 'user:b']
const r = 'repository:r'

/** What each question answers, on a small world in which everything has a reason. */
export function testQuestions(open: () => Promise<Database>): void {
  let database: Database
  let told: readonly AccessEvent[]
  const numberOf = (name: string) => Number(told.find((event) => event.name === name)?.sequence ?? 0)
  const timeOf = (name: string) => told.find((event) => event.name === name)?.time
  beforeAll(async () => {
    database = await open()
    told = new HistoryBuilder().run(story).events
    await applyBatch(database.db, toBatch(told))
  }, startTimeoutMs)
  afterAll(() => database[Symbol.asyncDispose]())

  describe('people', () => {
    test.each<[string, Parameters<typeof serviceUsers>[1], string[]]>([
      ['in the order of their names', whose, [a, b]],
      ['by a part of the name, in any case', { ...whose, search: 'NAME 1' }, [b]],
      ['by what a pattern would match, but nobody is called', { ...whose, search: 'name%' }, []],
      ['who are no members', { ...whose, membership: 'outside' }, [b]],
      ['without a confirmed address', { ...whose, matched: false }, [a]],
      ['who hold something privileged, here by a group', { ...whose, privileged: true }, [a]],
      ['who held something privileged then', { ...whose, privileged: true, asOf: { sequence: 10 } }, [b]],
      ['by status', { ...whose, status: 'inactive' }, []],
      ['who were not seen since a day that nobody told of', { ...whose, notSeenSince: '2026-10-01' }, []],
    ])('%s', async (_name, asked, expected) => {
      const { items } = await serviceUsers(database.db, asked)
      expect(items.map((item) => item.serviceUser.id)).toEqual(expected)
    })

    test('one is told with the time since when', async () => {
      const found = await serviceUser(database.db, { ...whose, serviceUserId: b })
      expect(found).toMatchObject({
        serviceUser: { id: b },
        since: told[2]?.time,
        privileged: false,
        sequence: told.length,
      })
      const tooEarly = serviceUser(database.db, { ...whose, serviceUserId: b, asOf: { sequence: 2 } })
      await expect(tooEarly).rejects.toMatchObject({ code: 'no-such-entity', status: 404 })
    })
  })

  test('a list stays of one moment, whatever is applied between two pages', async () => {
    const first = await serviceUsers(database.db, { ...whose, limit: 1, asOf: { sequence: 3 } })
    const { items, next, sequence } = await serviceUsers(database.db, { ...whose, limit: 1, cursor: first.next ?? '' })
    expect([first.items[0]?.serviceUser.id, items[0]?.serviceUser.id, next, sequence]).toEqual([a, b, null, 3])
  })

  test.each(['x', 'e30', Buffer.from('{"of":"grants/holder","at":"1","after":[]}').toString('base64url')])(
    'the cursor %s is refused, as none of this list',
    async (cursor) => {
      await expect(serviceUsers(database.db, { ...whose, cursor })).rejects.toMatchObject({
        code: 'invalid-cursor',
        status: 400,
      })
    },
  )

  test('nobody is answered about a time that is not there', async () => {
    const later = serviceUsers(database.db, { ...whose, asOf: { sequence: told.length + 1 } })
    await expect(later).rejects.toMatchObject({ code: 'not-included-yet' })
    const none = serviceUsers(database.db, { ...whose, asOf: { time: 'yesterday' } })
    await expect(none).rejects.toMatchObject({ code: 'invalid-request', status: 400 })
    const atTheTime = await serviceUsers(database.db, { ...whose, asOf: { time: told[1]?.time ?? '' } })
    expect(atTheTime).toMatchObject({ sequence: 2, items: [{ serviceUser: { id: a } }] })
    const longBefore = await serviceUsers(database.db, { ...whose, asOf: { time: '2020-01-01T00:00:00.000Z' } })
    expect(longBefore).toMatchObject({ sequence: 0, items: [], time: null })
  })

  test('entitlements are found by kind, level, resource, privilege and name', async () => {
    const ids = async (filters: object) =>
      (await entitlements(database.db, { ...whose, ...filters })).items.map((item) => item.entitlement.id)
    expect(await ids({})).toEqual(
      expect.arrayContaining(['group:g#member', `${r}#read`, `${r}#write`, `${r}#admin`, 'project:p#write']),
    )
    expect(await ids({ privileged: true })).toEqual([`${r}#admin`])
    expect(await ids({ resource: r, level: 'write' })).toEqual([`${r}#write`])
    expect(await ids({ kind: 'group-membership' })).toEqual(['group:g#member'])
    expect(await ids({ search: 'thing 15' })).toEqual(['project:p#write'])
    const held = await entitlement(database.db, { ...whose, entitlementId: `${r}#admin` })
    expect(held.holders).toEqual({ grants: 0, nestings: 1 })
    const then = await entitlement(database.db, { ...whose, entitlementId: `${r}#admin`, asOf: { sequence: 10 } })
    expect(then.holders).toEqual({ grants: 1, nestings: 0 })
  })

  describe('grants', () => {
    const ids = async (filters: object) =>
      (await grants(database.db, { ...whose, ...filters })).items.map(({ id }) => id)

    test('that are held, by holder, resource, level, kind and privilege', async () => {
      expect(await ids({})).toEqual([`${a}|group:g#member`, `${a}|${r}#write`])
      expect(await ids({ serviceUserId: b })).toEqual([])
      expect(await ids({ resourceKind: 'group' })).toEqual([`${a}|group:g#member`])
      expect(await ids({ entitlementId: `${r}#write` })).toEqual([`${a}|${r}#write`])
      expect(await ids({ privileged: true })).toEqual([])
      expect(await ids({ privileged: true, asOf: { sequence: 10 } })).toEqual([`${b}|${r}#admin`])
    })

    test('that have ended come with both dates, the last to end first', async () => {
      const { items } = await grants(database.db, { ...whose, ended: 'only' })
      expect(items).toMatchObject([
        {
          id: `${b}|${r}#admin`,
          grantedAt: told[9]?.time,
          removedAt: timeOf('service-user-entitlement.revoked'),
          serviceUserName: 'Name 1',
        },
        { id: `${a}|${r}#read`, removedAt: timeOf('service-user-entitlement.changed'), entitlementName: `${r}: read` },
      ])
      expect(await ids({ ended: 'also' })).toHaveLength(4)
      const first = await grants(database.db, { ...whose, ended: 'only', limit: 1 })
      expect(await ids({ ended: 'only', cursor: first.next ?? undefined })).toEqual([`${a}|${r}#read`])
    })

    test('beside which there is another way to the same', async () => {
      expect(await ids({ otherPath: true })).toEqual([`${a}|${r}#write`])
      expect(await ids({ otherPath: false, resourceKind: 'repository', asOf: { sequence: 10 } })).toEqual([
        `${a}|${r}#read`,
        `${b}|${r}#admin`,
      ])
    })
  })

  test('what groups hold is told with how many are in them', async () => {
    const { items } = await nestings(database.db, { ...whose, privileged: true })
    expect(items).toMatchObject([
      { id: `group:g#member|${r}#admin`, members: 1, groupName: 'Thing 2', removedAt: null },
    ])
    expect((await nestings(database.db, { ...whose, container: 'group:g#member' })).items).toHaveLength(2)
    expect((await nestings(database.db, { ...whose, ended: 'only' })).items).toEqual([])
  })

  test('every way of a person is told with the time of each step, and what would be left', async () => {
    const access = await explain(database.db, { ...whose, serviceUserId: a, resource: r })
    expect(access).toMatchObject({ level: 'admin', on: { kind: 'repository', slug: 'r' }, anyoneMayRead: false })
    const byGroup = access.paths.find(({ via }) => via === 'group')
    const nested = told.findLast(({ name }) => name === 'entitlement-nesting.added')?.time
    expect(byGroup).toMatchObject({
      since: nested,
      steps: [
        { node: a, name: 'Name 0' },
        { edge: 'member of', name: 'Thing 2', since: told[7]?.time },
        { edge: 'holds', name: 'Thing 1', since: nested },
      ],
    })
    expect(access.ifRemoved).toContainEqual({ edge: `group:g#member|${r}#admin`, levelAfter: 'write' })
    const { items } = await accessOfUser(database.db, { ...whose, serviceUserId: a })
    expect(items.map(({ resource, level }) => [resource, level])).toEqual(
      expect.arrayContaining([
        [r, 'admin'],
        ['project:p', 'write'],
      ]),
    )
    expect((await accessOfUser(database.db, { ...whose, serviceUserId: a, privileged: true })).items).toHaveLength(1)
  })

  test('who can is told with the people, and of what nobody knows with nobody', async () => {
    const people = await whoCan(database.db, { ...whose, resource: r })
    expect(people.items).toMatchObject([
      { serviceUserId: a, level: 'admin', serviceUser: { attributes: { displayName: 'Name 0' } } },
    ])
    expect((await whoCan(database.db, { ...whose, resource: r, search: 'NAME 0' })).items).toHaveLength(1)
    expect((await whoCan(database.db, { ...whose, resource: r, search: 'name 1' })).items).toEqual([])
    const then = await whoCan(database.db, { ...whose, resource: r, sort: 'level', asOf: { sequence: 10 } })
    expect(then.items.map(({ serviceUserId, level }) => [serviceUserId, level])).toEqual([
      [b, 'admin'],
      [a, 'read'],
    ])
    expect(await whoCan(database.db, { ...whose, resource: 'repository:none' })).toMatchObject({ items: [], on: null })
  })

  test('resources are told with how many people come to them', async () => {
    const { items } = await resources(database.db, whose)
    const people = Object.fromEntries(items.map(({ id, people }) => [id, people]))
    expect(people).toEqual({ 'group:g': 1, 'project:p': 1, [r]: 1 })
    expect(
      (await resources(database.db, { ...whose, kind: 'repository', project: 'project:p', private: true })).items,
    ).toHaveLength(1)
    expect((await resources(database.db, { ...whose, private: false })).items).toEqual([])
  })

  test('between two moments it is told what came, what went, and what is held at another level', async () => {
    const from = { sequence: 10 }
    const { items } = await changesBetween(database.db, { ...whose, from })
    expect(
      items.map(({ kind, change, holder, from, to }) => [kind, change, holder, from?.level ?? null, to?.level ?? null]),
    ).toEqual([
      ['grant', 'changed', a, 'read', 'write'],
      ['grant', 'revoked', b, 'admin', null],
      ['nesting', 'granted', 'group:g#member', null, 'write'],
      ['nesting', 'granted', 'group:g#member', null, 'admin'],
    ])
    expect(items.map(({ holderName, resourceName }) => [holderName, resourceName])).toEqual([
      ['Name 0', 'Thing 1'],
      ['Name 1', 'Thing 1'],
      ['Thing 2', 'Thing 15'],
      ['Thing 2', 'Thing 1'],
    ])
    const first = await changesBetween(database.db, { ...whose, from, limit: 2 })
    const rest = await changesBetween(database.db, { ...whose, from, cursor: first.next ?? '' })
    expect([...first.items, ...rest.items]).toEqual(items)
    expect((await changesBetween(database.db, { ...whose, from, to: from })).items).toEqual([])
    expect((await changesBetween(database.db, { ...whose, from, resource: 'project:p' })).items).toHaveLength(1)
  })

  describe('events', () => {
    const numbers = async (asked: object) =>
      (await eventsOf(database.db, { ...whose, ...asked })).items.map(({ sequence }) => sequence)

    test('come as Kafka has them, in order', async () => {
      const { items, oldest, more } = await eventsOf(database.db, { ...whose, after: 1, limit: 2 })
      expect(items.map(({ data }) => data)).toEqual(told.slice(1, 3).map(({ data }) => data))
      expect(items.map(({ headers }) => EventHeaders.parse(headers))).toEqual(items.map(({ headers }) => headers))
      expect(items[0]?.headers).toMatchObject({
        ce_id: told[1]?.id,
        ce_type: told[1]?.type,
        ce_sequence: '00000000000000000002',
      })
      expect([oldest, more]).toEqual([1, true])
    })

    test('are found by name, person, resource, sync and privilege, the newest first where asked', async () => {
      expect(await numbers({ name: 'sync.' })).toEqual([numberOf('sync.completed')])
      expect(await numbers({ serviceUserId: b, order: 'newest-first' })).toEqual([
        numberOf('service-user-entitlement.revoked'),
        10,
        3,
      ])
      expect(await numbers({ resource: 'project:p' })).toEqual([7, 11])
      expect(await numbers({ privileged: true })).toEqual([6, 10, 12, numberOf('service-user-entitlement.revoked')])
      expect(await numbers({ order: 'newest-first', before: 3 })).toEqual([2, 1])
      // Its beginning is not known, so it may have begun anywhere; nothing of it comes after its end.
      const all = Array.from({ length: numberOf('sync.completed') }, (_, index) => index + 1)
      expect(await numbers({ syncId: 'syn_1', limit: 200 })).toEqual(all)
    })
  })

  test('how fresh an answer is, and what it does not cover, is told as of then', async () => {
    const now = await coverage(database.db, whose)
    expect(now).toMatchObject({
      state: 'partial',
      observedAt: timeOf('sync.completed'),
      unobservable: [{ id: 'repository/r', reason: 'http-403' }],
      health: { state: 'degraded' },
      details: { name: 'Acme' },
    })
    const before = await coverage(database.db, { ...whose, asOf: { sequence: 12 } })
    expect(before).toMatchObject({ state: 'none', observedAt: null, unobservable: [], health: null })
    expect((await syncs(database.db, whose)).items).toMatchObject([
      { id: 'syn_1', state: 'completed', requests: 1, requestedAt: null },
    ])
    expect(await sequenceOf(database.db, whose)).toMatchObject({
      sequence: told.length,
      knownFrom: 0,
      knownSince: null,
      removed: false,
    })
  })
}
