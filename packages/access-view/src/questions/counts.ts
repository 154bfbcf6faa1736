import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, heldAt, type Included, includedAt, resolveAt } from './at.ts'
import { ofKind } from './holdings.ts'

export interface Counts extends Included {
  readonly serviceUsers: number
  readonly outside: number
  readonly groups: number
  readonly projects: number
  readonly repositories: number
  readonly entitlements: number
  readonly grants: number
  readonly privilegedGrants: number
  readonly nestings: number
}

/** How many there are of everything. Projects and repositories on which nobody holds anything by itself are not known. */
export async function counts(db: Kysely<Tables>, asked: Asked): Promise<Counts> {
  const at = await resolveAt(db, asked)
  const resources = (kind: string) =>
    sql`(select count(distinct e.resource)::int from entitlements e where ${heldAt(at, 'e')} and ${ofKind(sql`e.resource`, kind)})`
  const { rows } = await sql<Omit<Counts, keyof Included>>`
    select
      (select count(*)::int from service_users u where ${heldAt(at, 'u')}) as "serviceUsers",
      (select count(*)::int from service_users u where ${heldAt(at, 'u')} and u.membership = 'outside') as outside,
      ${resources('group')} as groups, ${resources('project')} as projects, ${resources('repository')} as repositories,
      (select count(*)::int from entitlements e where ${heldAt(at, 'e')}) as entitlements,
      (select count(*)::int from grants g where ${heldAt(at, 'g')}) as grants,
      (select count(*)::int from grants g where ${heldAt(at, 'g')} and g.privileged) as "privilegedGrants",
      (select count(*)::int from nestings n where ${heldAt(at, 'n')}) as nestings`.execute(db)
  const [row] = rows
  if (row === undefined) throw new TypeError('A question without a table gave no row')
  return { ...row, ...(await includedAt(db, at)) }
}
