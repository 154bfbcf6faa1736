import type { AccessEvent } from '@clarity/subscriber'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { applyBatch } from '../feed/apply.ts'
import { bootstrapView, type StateReader } from '../feed/bootstrap.ts'
import { fillHistory } from '../feed/fill-history.ts'
import { timeOf } from '../feed/fold.ts'
import type { Tables } from '../tables.ts'
import { type Present, presentAfterEach, stateTopicAfter, withoutErased } from './expected.ts'
import { type Command, HistoryBuilder, toBatch } from './history.ts'
import { presentAt, readEveryVersion } from './present.ts'
import { commandKinds } from './vocabulary.ts'

const tables: readonly (keyof Tables)[] = [
  'service_users',
  'entitlements',
  'grants',
  'nestings',
  'conditions',
  'moments',
  'connection_refs',
  'events',
  'syncs',
  'audit',
  'connections',
]

/** An embedded database starts in seconds, and more beside others. */
export const startTimeoutMs = 60_000
export const propertyTimeoutMs = 180_000

/** Empties the database, as if it were new. */
export async function emptyDatabase({ db }: Database): Promise<void> {
  await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))}`.execute(db)
  await db.updateTable('view').set({ bootstrapped: false }).execute()
}

/** More of what makes a world than of what ends it. */
const often = ['user', 'entitlement', 'entitlement', 'entitlement', 'grant', 'grant', 'grant', 'nest', 'nest'] as const

export const Commands = fc.array(
  fc.record<Command>({
    what: fc.constantFrom(...commandKinds, ...often),
    a: fc.nat(20),
    b: fc.nat(40),
    jitterMs: fc.integer({ min: -20_000, max: 20_000 }),
  }),
  // Without the size fast-check would try a dozen at most.
  { minLength: 1, maxLength: 120, size: 'max' },
)

/** How the stream comes to a database. */
const Course = fc.record({
  commands: Commands,
  /** Of all events: the part that Kafka has forgotten, and where the state topic was read. Shares of 100. */
  forgotten: fc.nat(100),
  stateAt: fc.nat(100),
  stale: fc.boolean(),
  stateChunk: fc.integer({ min: 1, max: 30 }),
  batches: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }),
  /** After each batch: how many events before its end come again with the next one, as after a crash. */
  again: fc.array(fc.nat(8), { minLength: 1, maxLength: 20 }),
  historyChunk: fc.integer({ min: 1, max: 10 }),
  /** After which batches history is filled before all is read. */
  early: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
})
type Course = typeof Course extends fc.Arbitrary<infer Value> ? Value : never

/** That the rows are what the events say, whatever the database had when it began and however they come. */
export function testStream(open: () => Promise<Database>): void {
  let database: Database
  beforeAll(async () => {
    database = await open()
  }, startTimeoutMs)
  afterAll(() => database[Symbol.asyncDispose]())

  test('the present is what all events lead to, and the past what those until then did, from any start and in any batches', {
    timeout: propertyTimeoutMs,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(Course, async (course) => {
        await emptyDatabase(database)
        const { events, forgotten } = await play(database, course)
        const expected = withoutErased(events, presentAfterEach(events))
        const connection = await readConnection(database)
        expect(connection.handled_sequence).toBe(BigInt(events.length))
        expect(connection.begins_sequence).toBe(forgotten)
        const versions = await readEveryVersion(database, connection.key)
        const certain = forgotten === 0n ? (present: Present) => present : withoutDetails
        for (let n = Number(forgotten); n <= events.length; n++) {
          expect(certain(presentAt(versions, BigInt(n)))).toEqual(certain(expected[n] ?? new Map()))
        }
        await expectMoments(database, connection.key, events, Number(forgotten))
      }),
      { numRuns: 60 },
    )
  })
}

/** Gives the course to the database; answers all events, and up to which number nothing can be known of. */
async function play(database: Database, course: Course): Promise<{ events: AccessEvent[]; forgotten: bigint }> {
  const { events } = new HistoryBuilder().run(course.commands)
  const stateAt = Math.ceil((events.length * course.stateAt) / 100)
  // Kafka keeps at least what is not in the state topic: a consumer that is so late is another matter.
  const lost = Math.min(Math.floor((events.length * course.forgotten) / 100), stateAt)
  await bootstrapView(database.db, readerOf(events.slice(0, stateAt), course.stale), course.stateChunk)
  let at = lost
  for (let turn = 0; at < events.length; turn++) {
    const size = course.batches[turn % course.batches.length] ?? 1
    const again = course.again[turn % course.again.length] ?? 0
    await applyBatch(database.db, toBatch(events.slice(Math.max(lost, at - again), at + size)))
    at += size
    if (course.early[turn % course.early.length]) await fillHistory(database.db, course.historyChunk)
  }
  while (await fillHistory(database.db, course.historyChunk));
  return { events, forgotten: BigInt(lost) }
}

export function readerOf(events: readonly AccessEvent[], stale: boolean): StateReader {
  return async (onState) => {
    const handled = new Map<string, bigint>()
    for (const record of stateTopicAfter(events, stale)) {
      await onState(record)
      if (record.change.kind === 'watermark') handled.set(record.connectionId, record.sequence)
    }
    return handled
  }
}

async function readConnection({ db }: Database) {
  const connection = await db.selectFrom('connections').selectAll().executeTakeFirst()
  return connection ?? { key: 0, handled_sequence: 0n, begins_sequence: 0n }
}

/** Why something could not be observed is in the event alone that told it, and that may be forgotten. */
function withoutDetails(present: Present): Present {
  return new Map(
    [...present].map(([key, value]) => {
      if (!/^(scope|connection-health|connection-pause)\//.test(key)) return [key, value]
      return [key, { ...Object(value), reason: null, remedy: null, lastGoodAt: null }]
    }),
  )
}

/** The moments are where the latest time of all events that are kept moves on. */
async function expectMoments({ db }: Database, connection: number, events: readonly AccessEvent[], lost: number) {
  const rows = await db
    .selectFrom('moments')
    .select(['sequence', 'time'])
    .where('connection', '=', connection)
    .orderBy('sequence')
    .execute()
  const times = rows.map(({ time }) => Date.parse(time))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const before = rows.filter(({ sequence }) => sequence <= BigInt(lost)).at(-1)
  let latest = before ? Date.parse(before.time) : 0
  const expected = events.slice(lost).flatMap((event) => {
    const time = Date.parse(timeOf(event))
    if (time <= latest) return []
    latest = time
    return [event.sequence]
  })
  expect(rows.map(({ sequence }) => sequence).filter((sequence) => sequence > BigInt(lost))).toEqual(expected)
}
