import type { EmailEvidence } from '@clarity/shared/contract/candidate-emails'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, type At, heldAt, type Included, includedAt, resolveAt } from './at.ts'
import { ofKind } from './holdings.ts'

export interface Counts extends Included {
  readonly serviceUsers: number
  readonly outside: number
  readonly emailConfirmed: number
  readonly emailNotFound: number
  readonly emailNotAsked: number
  readonly groups: number
  readonly projects: number
  readonly repositories: number
  readonly entitlements: number
  readonly grants: number
  readonly privilegedGrants: number
  readonly nestings: number
}

/** So many answers are kept. */
const keptMax = 1_000

/**
 * How many there are of everything. Projects and repositories on which nobody holds anything by itself are not known. To count a
 * million rows takes a second, and the answer as of an event never changes: it is reckoned once, and kept for whoever asks next.
 */
export function createCounts(): (db: Kysely<Tables>, asked: Asked) => Promise<Counts> {
  const kept = new Map<string, Promise<Counts>>()
  return async (db, asked) => {
    const at = await resolveAt(db, asked)
    const key = `${at.connection}/${at.sequence}`
    const counts = kept.get(key) ?? countAt(db, at)
    kept.delete(key)
    kept.set(key, counts)
    counts.catch(() => kept.delete(key))
    const [oldest] = kept.keys()
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
    return counts
  }
}

async function countAt(db: Kysely<Tables>, at: At): Promise<Counts> {
  const resources = (kind: string) =>
    sql`count(distinct e.resource) filter (where ${ofKind(sql`e.resource`, kind)})::int`
  const emails = (evidence: EmailEvidence) =>
    sql`count(*) filter (where u.value->'attributes'->>'emailEvidence' = ${evidence})::int`
  const { rows } = await sql<Omit<Counts, keyof Included>>`
    select * from
      (select count(*)::int as "serviceUsers", count(*) filter (where u.membership = 'outside')::int as outside,
         ${emails('confirmed')} as "emailConfirmed", ${emails('candidate-not-found')} as "emailNotFound",
         ${emails('not-asked')} as "emailNotAsked"
       from service_users u where ${heldAt(at, 'u')}) users,
      (select count(*)::int as entitlements, ${resources('group')} as groups, ${resources('project')} as projects,
         ${resources('repository')} as repositories
       from entitlements e where ${heldAt(at, 'e')}) held,
      (select count(*)::int as grants, count(*) filter (where g.privileged)::int as "privilegedGrants"
       from grants g where ${heldAt(at, 'g')}) holding,
      (select count(*)::int as nestings from nestings n where ${heldAt(at, 'n')}) nesting`.execute(db)
  const [row] = rows
  if (row === undefined) throw new TypeError('A question that counts gave no row')
  return { ...row, ...(await includedAt(db, at)) }
}
