import type { AccessEvent, BatchEvent } from '@clarity/subscriber'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { applyBatch } from '../feed/apply.ts'
import { bootstrapView } from '../feed/bootstrap.ts'
import { fillHistory } from '../feed/fill-history.ts'
import { connectionsToRebuild, rebuildConnection } from '../feed/rebuild.ts'
import { partsOf } from '../feed/rows.ts'
import { trimView } from '../feed/trim.ts'
import { resolveAt } from '../questions/at.ts'
import { coverage, sequenceOf } from '../questions/coverage.ts'
import { events as eventsOf } from '../questions/events.ts'
import { whoCan } from '../questions/who-can.ts'
import { presentAfterEach, withoutErased } from './expected.ts'
import { type Command, HistoryBuilder, toBatch } from './history.ts'
import { presentAt, readEveryVersion } from './present.ts'
import { emptyDatabase, readerOf, startTimeoutMs } from './stream-suite.ts'

const whose = { tenantId: 'acme', connectionId: 'con_1' }
const command = (what: Command['what'], a = 0, b = 0, jitterMs = 0): Command => ({ what, a, b, jitterMs })

/** Two people, of whom the second is erased; the first holds something in two levels one after the other. */
const story = [
  command('user', 0, 1),
  command('user', 1, 3),
  command('entitlement', 0, 4),
  command('grant'),
  command('grant-level', 0, 1),
  command('user-name', 1, 1),
  command('sync', 1, 1),
  command('user-erased', 1),
  command('user-status', 0, 1),
]

/** What happens to the rows when the stream is not as it usually is. */
export function testApply(open: () => Promise<Database>): void {
  let database: Database
  beforeAll(async () => {
    database = await open()
  }, startTimeoutMs)
  beforeEach(() => emptyDatabase(database))
  afterAll(() => database[Symbol.asyncDispose]())

  const apply = (events: readonly AccessEvent[]) => applyBatch(database.db, toBatch(events))
  const presentOf = async (sequence: number, id = 'con_1') => {
    const at = await resolveAt(database.db, { ...whose, connectionId: id, asOf: { sequence } })
    return presentAt(await readEveryVersion(database, at.connection), at.sequence)
  }

  test('the same batch by two at once, and again, changes the rows once', async () => {
    const { events } = new HistoryBuilder().run(story)
    const both = await Promise.all([apply(events), apply(events)])
    expect(both.map((applied) => applied.events).toSorted()).toEqual([0, events.length])
    expect(await apply(events)).toMatchObject({ events: 0, gaps: [] })
    const expected = presentAfterEach(events).at(-1)
    expect(await presentOf(events.length)).toEqual(expected)
  })

  test('the time that moved on in the history counts for what follows', async () => {
    const late = [command('sync', 1, 0, 100_000), command('user'), command('user', 2, 0, 50_000)]
    const { events } = new HistoryBuilder().run(late)
    await bootstrapView(database.db, readerOf(events.slice(0, 3), false))
    await apply(events)
    // The second event was told with a time that is later than that of all others: from then on it is that late.
    const asOf = { time: new Date(Date.parse(events[0]?.time ?? '') + 30_000).toISOString() }
    await expect(resolveAt(database.db, { ...whose, asOf })).rejects.toMatchObject({ code: 'time-not-kept' })
    while (await fillHistory(database.db));
    expect(await resolveAt(database.db, { ...whose, asOf })).toMatchObject({ sequence: 1n })
  })

  test('a gap is told, and the connection is made anew from the state topic, with what came meanwhile', async () => {
    const { events } = new HistoryBuilder().run([...story, ...story, command('user', 3)])
    await apply(events.slice(0, 5))
    expect(await apply(events.slice(7, 9))).toMatchObject({
      gaps: [{ connectionId: 'con_1', expected: 6n, found: 8n }],
    })
    expect(await sequenceOf(database.db, whose)).toMatchObject({ sequence: 5, rebuilding: true })
    expect(await connectionsToRebuild(database.db)).toEqual(['con_1'])
    await apply(events.slice(9))
    expect(await rebuildConnection(database.db, 'con_1', readerOf(events.slice(0, 11), true))).toBe(true)
    while (await fillHistory(database.db));
    // What was before the gap is forgotten, and nobody is told something that may be wrong.
    expect(await sequenceOf(database.db, whose)).toMatchObject({
      sequence: events.length,
      knownFrom: 7,
      rebuilding: false,
    })
    await expect(presentOf(6)).rejects.toMatchObject({ code: 'time-not-kept' })
    const expected = presentAfterEach(events)
    for (let n = 7; n <= events.length; n++) expect((await presentOf(n)).size).toBe(expected[n]?.size)
    expect(await presentOf(events.length)).toEqual(expected.at(-1))
  })

  test('a gap in what the state topic does not know either is passed, and said', async () => {
    const { events } = new HistoryBuilder().run(story)
    await apply(events.slice(0, 3))
    await apply(events.slice(4))
    expect(await rebuildConnection(database.db, 'con_1', readerOf([], false))).toBe(false)
    expect(await sequenceOf(database.db, whose)).toMatchObject({
      sequence: events.length,
      incompleteSince: 5,
      rebuilding: false,
    })
  })

  test('an event that was withheld is made good from the state topic where that has what it changed', async () => {
    const { events } = new HistoryBuilder().run(story)
    const withheld = (stateTold: boolean) =>
      events.map((event) => (event.sequence === 3n ? toWithheld(event, stateTold) : event))
    await apply(withheld(false))
    expect(await sequenceOf(database.db, whose)).toMatchObject({ incompleteSince: 3, rebuilding: false })
    await emptyDatabase(database)
    await apply(withheld(true))
    expect(await connectionsToRebuild(database.db)).toEqual(['con_1'])
    await rebuildConnection(database.db, 'con_1', readerOf(events, false))
    while (await fillHistory(database.db));
    expect(await presentOf(events.length)).toEqual(presentAfterEach(events).at(-1))
    expect(await sequenceOf(database.db, whose)).toMatchObject({ knownFrom: 3, incompleteSince: null })
  })

  test('an event of a type that this release does not know keeps its place, and what it says', async () => {
    const { events } = new HistoryBuilder().run(story)
    const unknown = toBatch(events).map((event) => (event.envelope.sequence === 7n ? toUnknown(event) : event))
    await applyBatch(database.db, unknown)
    const { items } = await eventsOf(database.db, { ...whose, after: 6, limit: 1 })
    expect(items).toMatchObject([
      {
        sequence: 7,
        name: 'io.example.moon.landed.v7',
        headers: { ce_type: 'io.example.moon.landed.v7' },
        data: { any: 1 },
      },
    ])
  })

  test('a text that PostgreSQL cannot hold stops nothing, and is kept without what it cannot hold', async () => {
    const named = new HistoryBuilder().run(story.slice(0, 1)).events.map((event): AccessEvent => {
      if (event.name !== 'service-user.created') return event
      const { serviceUser } = event.data
      const attributes = { ...serviceUser.attributes, displayName: 'a\0b\ud83d c\\u0000 \\\ude00 😀' }
      return { ...event, data: { ...event.data, serviceUser: { ...serviceUser, attributes } } }
    })
    expect(await apply(named)).toMatchObject({ events: 2, gaps: [] })
    const kept = [...(await presentOf(2)).values()].map((value) => JSON.stringify(value))
    expect(kept.join()).toContain(JSON.stringify('a\ufffdb\ufffd c\\u0000 \\\ufffd 😀'))
  })

  test('who can do something is found by a part of the name, without case and marks, and % stands for itself', async () => {
    const { events } = new HistoryBuilder().run([command('user', 0, 1), command('entitlement', 0, 4), command('grant')])
    await apply(events)
    const [granted] = events.flatMap((event) => (event.name === 'service-user-entitlement.granted' ? [event] : []))
    const { holder, resource } = partsOf(granted?.subject ?? '')
    const found = async (search: string) => (await whoCan(database.db, { ...whose, resource, search })).items.length
    expect(holder).toMatch(/^user:/)
    expect([await found('NÁME'), await found('%'), await found('_'), await found('other')]).toEqual([1, 0, 0, 0])
  })

  test('who was erased is nowhere but by the id, and what was held stays', async () => {
    const { events } = new HistoryBuilder().run(story)
    await apply(events)
    const erased = events.find(({ name }) => name === 'service-user.removed')
    const text = await everything(database)
    expect(erased?.subject).toBe('user:b')
    expect(text).not.toContain('Name 3')
    expect(text).not.toContain('person3@example.test')
    expect(text).not.toContain('account-3')
    expect(text).not.toContain('nick 1')
    expect(text).toContain('user:b')
    expect(text).toContain('Name 1')
  })

  test.each(['as it happens', 'by a database that is made later'])(
    'a connection that was removed leaves ids alone: %s',
    async (how) => {
      const { events } = new HistoryBuilder().run(story).remove()
      if (how !== 'as it happens') await bootstrapView(database.db, readerOf(events, false))
      await apply(events.slice(0, 6))
      await apply(events.slice(6))
      while (await fillHistory(database.db));
      const text = await everything(database)
      for (const personal of ['Name 1', 'Name 3', '@example.test', 'account-', 'nick'])
        expect(text).not.toContain(personal)
      expect(await sequenceOf(database.db, whose)).toMatchObject({ removed: true, sequence: events.length })
      expect((await presentOf(events.length)).size).toBe(0)
      expect([...(await presentOf(6)).keys()]).toContain('service-user-entitlement/user:a|repository:r#read')
    },
  )

  test('what is too old is forgotten, but not who held what, nor the last complete sync', async () => {
    const { events } = new HistoryBuilder().run(story)
    await apply(events)
    const options = { nowMs: Date.UTC(2027, 9, 1), eventsKeptDays: 30, auditKeptDays: 365 }
    await trimView(database.db, options)
    expect((await eventsOf(database.db, { ...whose, limit: 200 })).items.length).toBeLessThan(3)
    expect((await coverage(database.db, whose)).lastCompleted).not.toBeNull()
    expect(await presentOf(5)).toEqual(withoutErased(events, presentAfterEach(events))[5])
  })
}

async function everything({ db }: Database): Promise<string> {
  const users = await db.selectFrom('service_users').selectAll().execute()
  const kept = await db.selectFrom('events').selectAll().execute()
  return JSON.stringify([users, kept], (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}

function toWithheld(event: AccessEvent, stateTold: boolean): AccessEvent {
  const { connection, cause, observedAt, previouslyObservedAt, scope } = event.data
  const deadLetter = { topic: 'dead', partition: 0, offset: '1' }
  return {
    ...event,
    name: 'stream.event-withheld',
    type: 'io.claritysecurity.access.stream.event-withheld.v1',
    data: {
      ...{ connection, cause, observedAt, previouslyObservedAt, scope, deadLetter, stateTold },
      type: event.type,
      reason: 'too-large',
      detail: 'too large',
    },
  }
}

function toUnknown({ envelope }: BatchEvent): BatchEvent {
  return { envelope: { ...envelope, type: 'io.example.moon.landed.v7' }, event: null, data: { any: 1 } }
}
