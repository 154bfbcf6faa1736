import type { ServiceUser } from '@clarity/shared/contract/entities'
import { InputError } from '@clarity/shared/runtime/errors'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, type At, all, heldAt, type Included, includedAt, resolveAt } from './at.ts'
import { contains, follows, type Page, type Paged, startPage, toPage } from './page.ts'

export interface ServiceUserFilters {
  /** Part of the display name or the nickname; case and marks on letters do not matter. */
  readonly search?: string | undefined
  readonly kind?: ServiceUser['kind'] | undefined
  readonly status?: ServiceUser['status'] | undefined
  readonly membership?: ServiceUser['membership'] | undefined
  /** Whether something that administers its resource is held, directly or by a group. */
  readonly privileged?: boolean | undefined
  /** Whether an address of theirs is confirmed. */
  readonly matched?: boolean | undefined
  /** Not there since this day, as far as Bitbucket tells it: `2026-10-01`. */
  readonly notSeenSince?: string | undefined
}

export interface KnownServiceUser {
  readonly serviceUser: ServiceUser
  /** Since when it is as it is; null: before anything that is still known. */
  readonly since: string | null
  readonly privileged: boolean
}

interface Row {
  id: string
  name: string
  value: ServiceUser
  from_time: string | null
  privileged: boolean
}

/** Service users in the order of their names. */
export async function serviceUsers(
  db: Kysely<Tables>,
  asked: Asked & Paged & ServiceUserFilters,
): Promise<Page<KnownServiceUser>> {
  const start = await startPage(db, { of: 'service-users', key: ['text', 'text'] }, asked)
  const { kind, status, membership, matched, privileged, notSeenSince } = asked
  const isPrivileged = holdsPrivilege(start.at)
  const { rows } = await sql<Row>`
    select u.id, u.name, u.value, u.from_time, ${isPrivileged} as privileged
    from service_users u
    where ${all(
      heldAt(start.at, 'u'),
      contains(sql`u.search`, asked.search),
      kind && sql`u.kind = ${kind}`,
      status && sql`u.status = ${status}`,
      membership && sql`u.membership = ${membership}`,
      matched !== undefined && sql`u.matched = ${matched}`,
      notSeenSince !== undefined && sql`u.last_accessed_on < ${notSeenSince}`,
      privileged !== undefined && sql`${isPrivileged} = ${privileged}`,
      follows(start, [sql`u.name`, sql`u.id`]),
    )}
    order by u.name, u.id limit ${start.limit + 1}`.execute(db)
  return toPage(db, start, rows, { item: toItem, key: ({ name, id }) => [name, id] })
}

/** One service user. @throws InputError when there is none at that moment */
export async function serviceUser(
  db: Kysely<Tables>,
  asked: Asked & { readonly serviceUserId: string },
): Promise<KnownServiceUser & Included> {
  const at = await resolveAt(db, asked)
  const { rows } = await sql<Row>`
    select u.id, u.name, u.value, u.from_time, ${holdsPrivilege(at)} as privileged
    from service_users u where ${heldAt(at, 'u')} and u.id = ${asked.serviceUserId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw notThere('service user', asked.serviceUserId)
  return { ...toItem(row), ...(await includedAt(db, at)) }
}

/** Whether the service user under `u` holds something privileged, directly or by a group. */
function holdsPrivilege(at: At): RawBuilder<boolean> {
  return sql`(
    exists (select from grants g where ${heldAt(at, 'g')} and g.service_user_id = u.id and g.privileged)
    or exists (
      select from grants m join nestings n on n.container = m.resource and n.privileged and ${heldAt(at, 'n')}
      where ${heldAt(at, 'm')} and m.service_user_id = u.id and m.resource >= 'group:' and m.resource < 'group;'))`
}

function toItem({ value, from_time, privileged }: Row): KnownServiceUser {
  return { serviceUser: value, since: from_time, privileged }
}

export function notThere(what: string, id: string): InputError {
  return new InputError('no-such-entity', `There is no such ${what} at that moment`, {
    remedy: 'Look at the id, and at the time that is asked about.',
    context: { id },
  })
}
