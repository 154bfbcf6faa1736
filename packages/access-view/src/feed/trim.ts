import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { hasUnfilledHistory } from './fill-history.ts'

export interface TrimOptions {
  readonly nowMs: number
  readonly eventsKeptDays: number
  readonly auditKeptDays: number
}

/** As long as a sync is kept elsewhere. */
const syncsKeptDays = 90
const dayMs = 24 * 60 * 60 * 1_000

/** Forgets events, syncs and audit records that are too old; never what history is still made from, nor the last complete sync. */
export async function trimView(
  db: Kysely<Tables>,
  { nowMs, eventsKeptDays, auditKeptDays }: TrimOptions,
): Promise<void> {
  const before = (days: number) => sql`${new Date(nowMs - days * dayMs).toISOString()}::timestamptz`
  await sql`delete from audit where at < ${before(auditKeptDays)}`.execute(db)
  await sql`
    delete from syncs s where finished_at < ${before(syncsKeptDays)} and exists (
      select from syncs later where later.connection = s.connection and later.state = 'completed'
        and later.last_sequence > s.last_sequence)`.execute(db)
  if (await hasUnfilledHistory(db)) return
  await sql`
    delete from events e using (
      select c.key, (select max(m.sequence) from moments m where m.connection = c.key and m.time < ${before(eventsKeptDays)}) as last
      from connections c) as old
    where e.connection = old.key and e.sequence < old.last`.execute(db)
}
