import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, all, toBigint } from './at.ts'
import { follows, type Page, type Paged, startPage, toPage } from './page.ts'

type Row = Selectable<Tables['syncs']>

export interface SyncFilters {
  readonly kind?: string | undefined
  readonly state?: Row['state'] | undefined
  readonly trigger?: string | undefined
}

/** A sync as the stream told of it. What a part of it was not told, or is forgotten, is null. */
export interface KnownSync
  extends Pick<Row, 'id' | 'kind' | 'trigger' | 'state' | 'scopes' | 'plan' | 'stats' | 'coverage' | 'evidence'> {
  readonly requestedAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly requests: number | null
  readonly error: Row['error']
  /** Its events lie between these numbers. */
  readonly firstSequence: number
  readonly lastSequence: number
}

/** Syncs that had been told of by then, the latest first, as they are now. */
export async function syncs(db: Kysely<Tables>, asked: Asked & Paged & SyncFilters): Promise<Page<KnownSync>> {
  const start = await startPage(db, { of: 'syncs', key: ['sequence', 'text'] }, asked)
  const { kind, state, trigger } = asked
  const columns = [sql`s.first_sequence`, sql`s.id`]
  const { rows } = await sql<Row>`
    select s.* from syncs s
    where ${all(
      sql`s.connection = ${sql.lit(start.at.connection)} and s.first_sequence <= ${toBigint(start.at.sequence)}`,
      kind !== undefined && sql`s.kind = ${kind}`,
      state !== undefined && sql`s.state = ${state}`,
      trigger !== undefined && sql`s.trigger = ${trigger}`,
      follows(start, columns, 'desc'),
    )}
    order by s.first_sequence desc, s.id desc limit ${start.limit + 1}`.execute(db)
  return toPage(db, start, rows, { item: toSync, key: (row) => [String(row.first_sequence), row.id] })
}

export function toSync(row: Row): KnownSync {
  const { id, kind, trigger, state, scopes, plan, stats, coverage, evidence, requests, error } = row
  return {
    ...{ id, kind, trigger, state, scopes, plan, stats, coverage, evidence, requests, error },
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    firstSequence: Number(row.first_sequence),
    lastSequence: Number(row.last_sequence),
  }
}
