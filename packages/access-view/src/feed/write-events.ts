import { sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Moment } from './moments.ts'
import { type Row, versionTables } from './rows.ts'
import type { Point } from './version.ts'
import { insertRows, recordset } from './write-versions.ts'

/** Takes what is told of syncs into their rows. One that has finished stays so, whatever comes late. */
export async function storeSyncs(tx: Transaction<Tables>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const told = ['kind', 'trigger', 'requested_at', 'started_at', 'finished_at', 'scopes', 'plan', 'stats']
  const kept = [...told, 'coverage', 'evidence', 'requests', 'error'].map(
    (column) => sql`${sql.ref(column)} = coalesce(excluded.${sql.ref(column)}, syncs.${sql.ref(column)})`,
  )
  await sql`
    insert into syncs select * from ${recordset('syncs', rows)}
    on conflict (connection, id) do update set ${sql.join(kept)},
      state = case when syncs.finished_at is null then excluded.state else syncs.state end,
      first_sequence = least(syncs.first_sequence, excluded.first_sequence),
      last_sequence = greatest(syncs.last_sequence, excluded.last_sequence)`.execute(tx)
}

export async function insertMoments(
  tx: Transaction<Tables>,
  moments: readonly (Moment & { readonly connection: number })[],
): Promise<void> {
  const rows = moments.map(({ connection, sequence, time }) => ({ connection, sequence: sequence.toString(), time }))
  await insertRows(tx, 'moments', rows, { skipExisting: true })
}

/** Notes how far connections are handled. */
export async function noteHandled(tx: Transaction<Tables>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update connections c set handled_sequence = k.handled_sequence, handled_time = k.handled_time, removed = k.removed,
      rebuild = k.rebuild, incomplete_sequence = k.incomplete_sequence
    from ${recordset('connections', rows)} as k where c.key = k.key`.execute(tx)
}

/** Ends whatever is still open of a connection, with the last of its events. */
export async function endAll(tx: Transaction<Tables>, connection: number, points: readonly Point[]): Promise<void> {
  const at = points.at(-1)
  if (at === undefined) return
  for (const table of versionTables) {
    await sql`
      update ${sql.table(table)} set to_sequence = ${at.sequence.toString()}::bigint, to_time = ${at.time}::timestamptz
      where connection = ${connection} and to_sequence is null`.execute(tx)
  }
}
