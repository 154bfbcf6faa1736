import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { toVersion, type VersionRow } from '../feed/read-versions.ts'
import { versionTables } from '../feed/rows.ts'
import { keyOf, type Version } from '../feed/version.ts'
import type { Present } from './expected.ts'

/** Every version of everything in a connection. */
export async function readEveryVersion({ db }: Database, connection: number): Promise<Version[]> {
  const versions: Version[] = []
  for (const table of versionTables) {
    const { rows } = await sql<VersionRow>`select * from ${sql.table(table)} where connection = ${connection}`.execute(
      db,
    )
    for (const row of rows) versions.push(toVersion(table, row))
  }
  return versions
}

/** What holds after an event. */
export function presentAt(versions: readonly Version[], sequence: bigint): Present {
  const held = versions.filter(({ from, to }) => from.sequence <= sequence && (to === null || to.sequence > sequence))
  const present = new Map(held.map(({ entity }) => [keyOf(entity), entity.value]))
  if (present.size < held.length) throw new Error(`Something holds twice after ${sequence}`)
  return present
}
