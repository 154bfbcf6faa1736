import { ConfigError } from '@clarity/shared/runtime/errors'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { migrations } from './migrations.ts'

/** Any number that nobody else uses for a lock in this database. */
const lockNumber = 7_215_034_118n

export interface MigrateOptions {
  /** A new id of the view, taken by the database that has none. */
  readonly newId: () => string
  /** The tables need not survive a crash: nothing is written ahead. */
  readonly unlogged: boolean
}

/**
 * Brings the schema to the version of this release, one process at a time. @returns the id of the view in this database
 * @throws ConfigError when the database is of a newer release
 */
export function migrate(db: Kysely<Tables>, { newId, unlogged }: MigrateOptions): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(lockNumber.toString())}::bigint)`.execute(transaction)
    const version = await readVersion(transaction)
    if (version > migrations.length) throw newerThanThis(version)
    for (const statement of migrations.slice(version).flat()) {
      const wanted = unlogged ? statement.replace(/^create table/, 'create unlogged table') : statement
      await sql.raw(wanted).execute(transaction)
    }
    if (version === 0) {
      await transaction.insertInto('view').values({ id: newId(), schema_version: 0, bootstrapped: false }).execute()
    }
    await transaction.updateTable('view').set({ schema_version: migrations.length }).execute()
    const { id } = await transaction.selectFrom('view').select('id').executeTakeFirstOrThrow()
    return id
  })
}

async function readVersion(transaction: Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('view') is not null as there`.execute(transaction)
  if (!rows[0]?.there) return 0
  const view = await transaction.selectFrom('view').select('schema_version').executeTakeFirst()
  return view?.schema_version ?? 0
}

function newerThanThis(version: number): ConfigError {
  return new ConfigError([
    {
      field: 'DATABASE_URL',
      message: `names a database of schema version ${version}, and this release knows ${migrations.length}`,
      remedy: 'Start the newer release, or name an empty database: the view is built anew from the stream.',
    },
  ])
}
