/**
 * Makes a connection anew of which events are missing, or of which an event was withheld that the state topic has: its rows go, and
 * come again from the state topic as in a database that is new. Then what was kept of its events is applied, or worked in as history. What
 * was before the gap is forgotten: an answer about that time would not be known to be right.
 */
import type { StateRecord } from '@clarity/subscriber'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { ConnectionTable, Tables } from '../tables.ts'
import { applyNext } from './apply.ts'
import { StateLoader, type StateReader } from './bootstrap.ts'
import { toBatchEvent } from './read-events.ts'
import { versionTables } from './rows.ts'
import { selectEvents } from './store-events.ts'

/** Events that are applied at once. */
const chunk = 1_000

/** The connections that are to be made anew. */
export async function connectionsToRebuild(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom('connections').select('id').where('rebuild', '=', true).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/**
 * Makes a connection anew from what `read` gives of it. @returns whether the state topic knew it; if not, its rows stay as they are,
 * go on behind the gap, and are marked as incomplete
 */
export async function rebuildConnection(db: Kysely<Tables>, id: string, read: StateReader): Promise<boolean> {
  const records: StateRecord[] = []
  const handled = await read(async (record) => {
    if (record.connectionId === id) records.push(record)
  })
  const watermark = handled.get(id)
  return db.transaction().execute(async (tx) => {
    const connection = await lock(tx, id)
    if (connection === undefined) return true
    if (watermark === undefined) await skipGap(tx, connection)
    else await replace(tx, connection, records, watermark)
    await applyKept(tx, id)
    return watermark !== undefined
  })
}

/** The connection, while it is still to be made anew. */
function lock(tx: Transaction<Tables>, id: string): Promise<Selectable<ConnectionTable> | undefined> {
  return tx
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', id)
    .where('rebuild', '=', true)
    .forUpdate()
    .executeTakeFirst()
}

async function replace(
  tx: Transaction<Tables>,
  { key, id }: Selectable<ConnectionTable>,
  records: readonly StateRecord[],
  watermark: bigint,
): Promise<void> {
  for (const table of [...versionTables, 'moments' as const]) {
    await sql`delete from ${sql.table(table)} where connection = ${key}`.execute(tx)
  }
  await tx
    .updateTable('connections')
    .set({ rebuild: false, incomplete_sequence: null, handled_time: null })
    .where('key', '=', key)
    .execute()
  const loader = new StateLoader(tx)
  for (const record of records) await loader.take(record)
  await loader.finish(new Map([[id, watermark]]))
}

async function skipGap(tx: Transaction<Tables>, { key, handled_sequence }: Selectable<ConnectionTable>): Promise<void> {
  const { next } = await tx
    .selectFrom('events')
    .select(({ fn }) => fn.min('sequence').as('next'))
    .where('connection', '=', key)
    .where('sequence', '>', handled_sequence)
    .executeTakeFirstOrThrow()
  await tx
    .updateTable('connections')
    .set({ rebuild: false, handled_sequence: next === null ? handled_sequence : next - 1n, incomplete_sequence: next })
    .where('key', '=', key)
    .execute()
}

/** Applies what was kept while the connection waited. */
async function applyKept(tx: Transaction<Tables>, id: string): Promise<void> {
  for (;;) {
    const connection = await tx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const rows = await selectEvents(tx, connection.key)
      .where('sequence', '>', connection.handled_sequence)
      .orderBy('sequence')
      .limit(chunk)
      .execute()
    if (rows.length === 0 || connection.rebuild) return
    await applyNext(tx, [{ connection, events: rows.map((row) => toBatchEvent(row, connection)) }])
  }
}
