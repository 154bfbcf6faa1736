import { PGlite, types } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { toIso } from '../from-postgres.ts'
import type { Answer, Failure, Query } from './messages.ts'

/**
 * The embedded one needs no cache of pages beside the files, which are in memory or in the system's cache anyway, and no long log of
 * what it is about to write: with PostgreSQL's defaults both together would take a gigabyte.
 */
const settings = [
  'shared_buffers = 16MB',
  'wal_level = minimal',
  'max_wal_senders = 0',
  'max_wal_size = 32MB',
  'min_wal_size = 32MB',
  'work_mem = 16MB',
]

// Whoever has started it ends it: a Ctrl-C in a terminal comes here as well, and its answers are still awaited.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())

const [, , dataDir] = process.argv
try {
  const pglite = await PGlite.create({
    ...(dataDir !== undefined && { dataDir }),
    extensions: { pg_trgm },
    postgresqlconf: settings,
    parsers: { [types.INT8]: BigInt, [types.TIMESTAMPTZ]: toIso },
  })
  process.on('message', async (query: Query | 'close') => {
    if (query !== 'close') return tell(await answer(pglite, query))
    await pglite.close()
    process.disconnect()
  })
  tell({ kind: 'opened' })
} catch (error) {
  tell({ kind: 'not-opened', failure: toFailure(error) })
}

async function answer(pglite: PGlite, { id, sql, parameters }: Query): Promise<Answer> {
  try {
    const { rows, affectedRows } = await pglite.query(sql, [...parameters])
    return { kind: 'rows', id, rows, affectedRows }
  } catch (error) {
    return { kind: 'failed', id, failure: toFailure(error) }
  }
}

function tell(message: Answer): void {
  process.send?.(message)
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), fields: {} }
  const fields = Object.entries(error).filter(([, value]) => typeof value === 'string')
  return { message: error.message, fields: Object.fromEntries(fields) }
}
