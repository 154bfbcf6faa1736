import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Folded } from './fold.ts'
import { keyColumns, type Row, tableOf, toHeld, toKeyRow, toRow, type VersionTable, versionTables } from './rows.ts'
import type { Change, Version } from './version.ts'

/** What was folded of a connection. */
export interface FoldedConnection extends Folded {
  readonly connection: number
}

/**
 * Writes what was folded of several connections: one statement for each table ends what held, one inserts what holds. The rows go
 * in as one JSON text: it was as fast as arrays of columns in both databases, and the types of the columns are the table's own.
 */
export async function writeFolded(tx: Transaction<Tables>, folded: readonly FoldedConnection[]): Promise<void> {
  const ended = new RowsByTable()
  const begun = new RowsByTable()
  for (const { connection, ended: endings, begun: versions } of folded) {
    for (const { entity, at } of endings) {
      ended.add(tableOf[entity.kind], { connection, ...toKeyRow(entity), ...toHeld('to', at) })
    }
    for (const version of versions) begun.add(tableOf[version.entity.kind], toRow(connection, version))
  }
  for (const [table, rows] of ended.all()) await endRows(tx, table, rows)
  for (const [table, rows] of begun.all()) await insertRows(tx, table, rows)
}

export async function insertVersions(
  tx: Transaction<Tables>,
  connection: number,
  versions: readonly Version[],
): Promise<void> {
  await writeFolded(tx, [{ connection, ended: [], begun: versions }])
}

/** Deletes every version of some entities that begins at `from_sequence` 0, or all of them. */
export async function deleteVersions(
  tx: Transaction<Tables>,
  entities: readonly { readonly connection: number; readonly entity: Pick<Change, 'kind' | 'id'> }[],
  which: 'before-all' | 'all',
): Promise<void> {
  const rows = new RowsByTable()
  for (const { connection, entity } of entities) {
    rows.add(tableOf[entity.kind], { connection, ...toKeyRow(entity) })
  }
  for (const [table, keys] of rows.all()) {
    const only = which === 'all' ? sql`` : sql`and t.from_sequence = 0`
    await sql`
      delete from ${sql.table(table)} t using ${recordset(table, keys)} as k
      where ${sameEntity(table)} ${only}`.execute(tx)
  }
}

/** Inserts rows into a table whose columns have the names of the fields; those that are there already stay. */
export async function insertRows(
  tx: Kysely<Tables>,
  table: keyof Tables,
  rows: readonly Row[],
  options: { readonly skipExisting?: boolean } = {},
): Promise<void> {
  if (rows.length === 0) return
  const skip = options.skipExisting ? sql`on conflict do nothing` : sql``
  await sql`insert into ${sql.table(table)} select * from ${recordset(table, rows)} ${skip}`.execute(tx)
}

/** Rows as a table of the types of another one. */
export function recordset(table: keyof Tables, rows: readonly Row[]): RawBuilder<unknown> {
  return sql`json_populate_recordset(null::${sql.table(table)}, ${toWritable(JSON.stringify(rows))}::json)`
}

/**
 * PostgreSQL holds no NUL, and refuses half of a surrogate pair. Both can come in whatever people write at Bitbucket, and stand in JSON
 * only as escapes; they become U+FFFD, for one name must not stop the view of everybody. An escaped backslash is no beginning of them.
 */
function toWritable(json: string): string {
  return json.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (found) => (found === '\\\\' ? found : '\ufffd'))
}

async function endRows(tx: Transaction<Tables>, table: VersionTable, rows: readonly Row[]): Promise<void> {
  await sql`
    update ${sql.table(table)} t set to_sequence = k.to_sequence, to_time = k.to_time
    from ${recordset(table, rows)} as k
    where ${sameEntity(table)} and t.to_sequence is null`.execute(tx)
}

function sameEntity(table: VersionTable): RawBuilder<unknown> {
  const columns = ['connection', ...keyColumns[table]]
  return sql.join(
    columns.map((column) => sql`${sql.ref(`t.${column}`)} = ${sql.ref(`k.${column}`)}`),
    sql` and `,
  )
}

class RowsByTable {
  readonly #rows = new Map<VersionTable, Row[]>()

  add(table: VersionTable, row: Row): void {
    const rows = this.#rows.get(table)
    if (rows === undefined) this.#rows.set(table, [row])
    else rows.push(row)
  }

  /** In a fixed order, whatever was added first. */
  *all(): Generator<[VersionTable, readonly Row[]]> {
    for (const table of versionTables) {
      const rows = this.#rows.get(table)
      if (rows !== undefined) yield [table, rows]
    }
  }
}
