import { ConfigError, DependencyError } from '@clarity/shared/runtime/errors'
import { CompiledQuery, type DatabaseConnection, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { openEmbeddedPostgres } from './embedded/embedded-postgres.ts'
import { toIso } from './from-postgres.ts'
import { migrate } from './schema/migrate.ts'
import type { Tables } from './tables.ts'

/** Where the view is kept. */
export type DatabaseOptions =
  /** In a process of its own: in `dir`, or in memory when there is none, and then it begins anew at each start. */
  | { readonly kind: 'embedded'; readonly dir?: string }
  /** A PostgreSQL that all replicas share. */
  | { readonly kind: 'postgres'; readonly url: string; readonly connectionsMax?: number }

/** An open database whose schema is of this release. */
export interface Database extends AsyncDisposable {
  readonly db: Kysely<Tables>
  /** Made with the database, so a database that is made anew has another one. */
  readonly viewId: string
  /** It is gone when this process ends. */
  readonly inMemory: boolean
  /** Aborts when the database has ended for good, and only opening it anew can help. */
  readonly lost: AbortSignal
  /** Rejects when the database does not answer. */
  check(): Promise<void>
}

/**
 * Opens the database and brings its schema to this release.
 * @throws ConfigError when it is of a newer release, or cannot be one
 * @throws DependencyError when it does not answer
 */
export async function openDatabase(options: DatabaseOptions, newId: () => string): Promise<Database> {
  const lost = new AbortController()
  const db = options.kind === 'embedded' ? openEmbedded(options, (error) => lost.abort(error)) : openPostgres(options)
  const inMemory = options.kind === 'embedded' && options.dir === undefined
  try {
    const viewId = await migrate(db, { newId, unlogged: inMemory })
    return {
      db,
      viewId,
      inMemory,
      lost: lost.signal,
      check: async () => void (await sql`select 1`.execute(db)),
      [Symbol.asyncDispose]: () => db.destroy(),
    }
  } catch (error) {
    await db.destroy().catch(() => undefined)
    throw error instanceof ConfigError ? error : cannotBeOpened(options, error)
  }
}

function openEmbedded({ dir }: { readonly dir?: string }, onLost: (error: DependencyError) => void): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: () => openEmbeddedPostgres(dir, onLost) }) })
}

const connectTimeoutMs = 5_000

function openPostgres({ url, connectionsMax = 10 }: { readonly url: string; readonly connectionsMax?: number }) {
  const { INT8, TIMESTAMPTZ } = pg.types.builtins
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'clarity-access-view',
    types: {
      getTypeParser(oid: number, format?: 'text' | 'binary') {
        if (oid === INT8) return BigInt
        return oid === TIMESTAMPTZ ? toIso : pg.types.getTypeParser(oid, format)
      },
    },
  })
  // An idle connection that broke is replaced; whoever needs one meets the error itself.
  pool.on('error', () => undefined)
  // Its compiler looks at what a plan might cost at worst, and then takes longer than the questions, which are small.
  const onCreateConnection = async (connection: DatabaseConnection) =>
    void (await connection.executeQuery(CompiledQuery.raw('set jit = off')))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool, onCreateConnection }) })
}

function cannotBeOpened(options: DatabaseOptions, cause: unknown): DependencyError {
  const remedy =
    options.kind === 'embedded'
      ? 'Look whether the folder may be written and has room, and whether another process uses it.'
      : 'Look whether PostgreSQL runs there, and whether DATABASE_URL has the right user, password and name.'
  return new DependencyError('access-view', 'The database of the access view cannot be opened', { remedy, cause })
}
