/**
 * Takes a batch of events into the database, in one transaction: all of it, or nothing.
 *
 * - The row of each connection is locked, and says how far it is handled. What follows without a gap is folded into the versions; what is
 *   handled already is only kept as an event. So a batch that comes twice, or to two processes at once, changes the rows once.
 * - What is handled and still comes as new is history: a database that is new took the present from the state topic, with the number
 *   that it includes, and reads the changes from their beginning. `fill-history.ts` works these events in, backwards.
 * - Where an event is missing, which must not happen, the connection is marked, its events are kept, and `rebuild.ts` makes it anew.
 */
import type { AccessEvent, BatchEvent, Gap } from '@clarity/subscriber'
import type { Kysely, Transaction } from 'kysely'
import type { ConnectionTable, Tables } from '../tables.ts'
import { fold, timeOf, toSteps, usersToKnow } from './fold.ts'
import { lockConnections } from './lock-connections.ts'
import { toMoments } from './moments.ts'
import { placeEvents } from './place.ts'
import { purgePeople } from './purge.ts'
import { readUsers } from './read-users.ts'
import type { Row } from './rows.ts'
import { storeEvents } from './store-events.ts'
import { toSyncRows } from './sync-row.ts'
import type { Point } from './version.ts'
import { endAll, insertMoments, noteHandled, storeSyncs } from './write-events.ts'
import { type FoldedConnection, writeFolded } from './write-versions.ts'

export interface Applied {
  /** How many events were new. */
  readonly events: number
  /** What is missing: these connections are to be made anew. */
  readonly gaps: readonly Gap[]
  /** Connection -> the last event that is in its rows now. */
  readonly handled: ReadonlyMap<string, bigint>
}

type LockedConnection = Omit<ConnectionTable, 'key'> & { readonly key: number }

/** What a batch has of one connection. */
interface Part {
  readonly connection: LockedConnection
  readonly events: readonly BatchEvent[]
}

/** Takes events of any connections into the database; those of a connection are in order. */
export function applyBatch(db: Kysely<Tables>, events: readonly BatchEvent[]): Promise<Applied> {
  return db.transaction().execute(async (tx) => {
    const connections = await lockConnections(tx, events)
    const parts = [...Map.groupBy(events, ({ envelope }) => envelope.connectionId)].map(([id, own]): Part => {
      const connection = connections.get(id)
      if (connection === undefined) throw new RangeError(`The connection ${id} was not locked`)
      return { connection, events: own }
    })
    const isNew = await storeEvents(tx, parts)
    const fresh = parts.map(({ connection, events: own }): Part => {
      return { connection, events: own.filter(({ envelope }) => isNew(connection.key, envelope.sequence)) }
    })
    await storeSyncs(tx, fresh.flatMap(toSyncs))
    for (const part of fresh) part.connection.handled_time = await noteHistory(tx, part)
    const { gaps, handled } = await applyNext(tx, parts)
    for (const part of fresh) await purge(tx, part)
    return { events: fresh.reduce((sum, { events: own }) => sum + own.length, 0), gaps, handled }
  })
}

/** Folds what follows on what is there; `parts` is of locked connections. */
export async function applyNext(
  tx: Transaction<Tables>,
  parts: readonly Part[],
): Promise<Pick<Applied, 'gaps' | 'handled'>> {
  const placed = parts
    .filter(({ connection }) => !connection.rebuild)
    .map((part) => ({ ...part, ...placeEvents(part.events, part.connection.handled_sequence) }))
  const wanted = placed.flatMap(({ connection, next }) =>
    usersToKnow(known(next)).map((id) => ({ connection: connection.key, id })),
  )
  const users = await readUsers(tx, wanted)
  const folded: FoldedConnection[] = placed.map(({ connection, next }) => {
    const steps = toSteps(known(next), users.get(connection.key) ?? new Map())
    return { connection: connection.key, ...fold(steps) }
  })
  await writeFolded(tx, folded)
  const notes = placed.map(({ connection, next, gap }) => noteOf(connection, next, gap))
  await insertMoments(
    tx,
    notes.flatMap(({ moments }) => moments),
  )
  await noteHandled(
    tx,
    notes.map(({ row }) => row),
  )
  const removed = placed.filter(({ next }) => known(next).some(isRemoval))
  for (const { connection, next } of removed) await endAll(tx, connection.key, next.map(toPoint))
  return {
    gaps: placed.flatMap(({ gap }) => gap ?? []),
    handled: new Map(placed.map(({ connection, next }) => [connection.id, lastOf(next, connection)])),
  }
}

function noteOf(connection: LockedConnection, next: readonly BatchEvent[], gap: Gap | null) {
  const { moments, latest } = toMoments(next.map(toPoint), connection.handled_time)
  const withheld = known(next).filter((event) => event.name === 'stream.event-withheld')
  // What the event changed is in the state topic, or nowhere.
  const told = withheld.some(({ data }) => data.stateTold)
  const untold = withheld.find(({ data }) => !data.stateTold)
  const row: Row = {
    key: connection.key,
    handled_sequence: lastOf(next, connection).toString(),
    handled_time: latest,
    removed: connection.removed || known(next).some(isRemoval),
    rebuild: gap !== null || told,
    incomplete_sequence: (connection.incomplete_sequence ?? untold?.sequence)?.toString() ?? null,
  }
  return { row, moments: moments.map((moment) => ({ connection: connection.key, ...moment })) }
}

/**
 * Where the time moved on in events that are history: exact now, where it was only as exact as the state topic.
 * @returns the latest time of all events that are handled
 */
async function noteHistory(tx: Transaction<Tables>, { connection, events }: Part): Promise<string | null> {
  const { key, handled_sequence, handled_time } = connection
  const history = events.filter(({ envelope }) => envelope.sequence <= handled_sequence)
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined || connection.begins_sequence === 0n) return handled_time
  const earlier = await tx
    .selectFrom('moments')
    .select('time')
    .where('connection', '=', key)
    .where('sequence', '<', first.envelope.sequence)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  await tx
    .deleteFrom('moments')
    .where('connection', '=', key)
    .where('sequence', '>=', first.envelope.sequence)
    .where('sequence', '<=', last.envelope.sequence)
    .execute()
  const { moments, latest } = toMoments(history.map(toPoint), earlier?.time ?? null)
  await insertMoments(
    tx,
    moments.map((moment) => ({ connection: key, ...moment })),
  )
  return latest !== null && (handled_time === null || Date.parse(latest) > Date.parse(handled_time))
    ? latest
    : handled_time
}

/** What is of people goes with them: with one who was erased, with a connection that was removed. */
async function purge(tx: Transaction<Tables>, { connection, events }: Part): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  if (connection.removed || known(events).some(isRemoval)) {
    await purgePeople(tx, connection.key, { user: null, until: last.envelope.sequence })
    return
  }
  for (const event of known(events)) {
    if (event.name !== 'service-user.removed' || event.data.reason !== 'erased') continue
    await purgePeople(tx, connection.key, { user: event.subject, until: event.sequence })
  }
}

function toSyncs({ connection, events }: Part): Row[] {
  return toSyncRows(connection.key, known(events))
}

function known(events: readonly BatchEvent[]): AccessEvent[] {
  return events.flatMap(({ event }) => event ?? [])
}

function isRemoval({ name }: AccessEvent): boolean {
  return name === 'connection.removed'
}

function lastOf(next: readonly BatchEvent[], { handled_sequence }: LockedConnection): bigint {
  return next.at(-1)?.envelope.sequence ?? handled_sequence
}

function toPoint({ envelope }: BatchEvent): Point {
  return { sequence: envelope.sequence, time: timeOf(envelope) }
}
