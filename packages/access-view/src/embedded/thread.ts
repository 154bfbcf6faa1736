import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { toIso } from '../from-postgres.ts'
import type { ThreadAnswer, ThreadFailure, ThreadQuery } from './messages.ts'

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

const dataDir: unknown = workerData
try {
  const pglite = await PGlite.create({
    ...(typeof dataDir === 'string' && { dataDir }),
    extensions: { pg_trgm },
    postgresqlconf: settings,
    parsers: { [types.INT8]: BigInt, [types.TIMESTAMPTZ]: toIso },
  })
  // null: it is to be closed, and with the port everything that keeps this thread alive.
  parentPort?.on('message', async (query: ThreadQuery | null) => {
    if (query !== null) return tell(await answer(pglite, query))
    await pglite.close()
    parentPort?.close()
  })
  tell({ kind: 'opened' })
} catch (error) {
  tell({ kind: 'not-opened', failure: toFailure(error) })
}

async function answer(pglite: PGlite, { id, sql, parameters }: ThreadQuery): Promise<ThreadAnswer> {
  try {
    const { rows, affectedRows } = await pglite.query(sql, [...parameters])
    return { kind: 'rows', id, rows, affectedRows }
  } catch (error) {
    return { kind: 'failed', id, failure: toFailure(error) }
  }
}

function tell(message: ThreadAnswer): void {
  parentPort?.postMessage(message)
}

function toFailure(error: unknown): ThreadFailure {
  if (!(error instanceof Error)) return { message: String(error), fields: {} }
  const fields = Object.entries(error).filter(([, value]) => typeof value === 'string')
  return { message: error.message, fields: Object.fromEntries(fields) }
}
