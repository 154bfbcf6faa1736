import { stateChangesOf } from '@clarity/shared/contract/state'
import type { BatchEvent } from '@clarity/subscriber'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { ConnectionTable, Tables } from '../tables.ts'
import { takeHistory } from './history.ts'
import { toBatchEvent } from './read-events.ts'
import { readVersions } from './read-versions.ts'
import { selectEvents } from './store-events.ts'
import type { Change } from './version.ts'
import { deleteVersions, insertVersions } from './write-versions.ts'

/** Events that are worked in at once. */
const chunk = 1_000

/**
 * Works a part of the events that are history into the versions of one connection, backwards from where they begin; `history.ts` says
 * what holds in between. There is something to do as long as the very event where the rows begin is kept: it comes last of what the
 * replay brings, so all that is kept before it is there then. @returns false when nothing is left
 */
export function fillHistory(db: Kysely<Tables>, eventsMax = chunk): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const connection = await lockUnfinished(tx)
    if (connection === undefined) return false
    const events = await readBackwards(tx, connection, eventsMax)
    const versions = await readVersions(tx, connection.key, events.flatMap(entitiesOf), connection.begins_sequence)
    const taken = takeHistory(
      events.map(({ envelope, event }) => ({ sequence: envelope.sequence, event })),
      versions,
    )
    const entities = taken.versions.map(({ entity }) => ({ connection: connection.key, entity }))
    await deleteVersions(tx, entities, 'before-all')
    await insertVersions(tx, connection.key, taken.versions)
    await tx
      .updateTable('connections')
      .set({ begins_sequence: taken.begins, history_ended: taken.ended })
      .where('key', '=', connection.key)
      .execute()
    return true
  })
}

/** Whether there is history that is not worked in yet. */
export async function hasUnfilledHistory(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select 1 from connections c where ${unfinished()} limit 1`.execute(db)
  return rows.length > 0
}

/** A connection with history that is not worked in, and on which nobody else works. */
async function lockUnfinished(tx: Transaction<Tables>): Promise<Selectable<ConnectionTable> | undefined> {
  const { rows } = await sql<Selectable<ConnectionTable>>`
    select c.* from connections c where ${unfinished()} limit 1 for update of c skip locked`.execute(tx)
  return rows[0]
}

function unfinished() {
  return sql`
    c.begins_sequence > 0 and not c.history_ended and not c.rebuild
    and exists (select from events e where e.connection = c.key and e.sequence = c.begins_sequence)`
}

/** The last events before the rows begin, without a gap, the oldest first. */
async function readBackwards(
  tx: Transaction<Tables>,
  connection: Selectable<ConnectionTable>,
  eventsMax: number,
): Promise<BatchEvent[]> {
  const rows = await selectEvents(tx, connection.key)
    .where('sequence', '<=', connection.begins_sequence)
    .orderBy('sequence', 'desc')
    .limit(eventsMax)
    .execute()
  const gap = rows.findIndex(({ sequence }, index) => sequence !== connection.begins_sequence - BigInt(index))
  return rows
    .slice(0, gap === -1 ? rows.length : gap)
    .reverse()
    .map((row) => toBatchEvent(row, connection))
}

function entitiesOf({ event }: BatchEvent): Pick<Change, 'kind' | 'id'>[] {
  if (event === null) return []
  if (event.name === 'service-user.attributes-changed') return [{ kind: 'service-user', id: event.subject }]
  return stateChangesOf({ ...event, connectionId: event.data.connection.id }).filter(
    (change) => change.kind !== 'watermark',
  )
}
