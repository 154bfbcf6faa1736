import type { Entitlement } from '@clarity/shared/contract/entities'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, all, heldAt, type Included, includedAt, resolveAt } from './at.ts'
import { contains, follows, type Page, type Paged, startPage, toPage } from './page.ts'
import { notThere } from './service-users.ts'

export interface EntitlementFilters {
  /** Part of the entitlement's name or of the name, slug or key of its resource. */
  readonly search?: string | undefined
  readonly kind?: Entitlement['kind'] | undefined
  readonly level?: string | undefined
  /** Id of the resource, such as `repository:<uuid>`. */
  readonly resource?: string | undefined
  readonly privileged?: boolean | undefined
}

export interface KnownEntitlement {
  readonly entitlement: Entitlement
  /** Since when it is as it is; null: before anything that is still known. */
  readonly since: string | null
}

interface Row {
  id: string
  name: string
  value: Entitlement
  from_time: string | null
}

/** Entitlements in the order of the names of their resources. */
export async function entitlements(
  db: Kysely<Tables>,
  asked: Asked & Paged & EntitlementFilters,
): Promise<Page<KnownEntitlement>> {
  const start = await startPage(db, { of: 'entitlements', key: ['text', 'text'] }, asked)
  const { kind, level, resource, privileged } = asked
  const { rows } = await sql<Row>`
    select e.id, e.name, e.value, e.from_time from entitlements e
    where ${all(
      heldAt(start.at, 'e'),
      contains(sql`e.search`, asked.search),
      kind && sql`e.kind = ${kind}`,
      level !== undefined && sql`e.level = ${level}`,
      resource !== undefined && sql`e.resource = ${resource}`,
      privileged !== undefined && sql`e.privileged = ${privileged}`,
      follows(start, [sql`e.name`, sql`e.id`]),
    )}
    order by e.name, e.id limit ${start.limit + 1}`.execute(db)
  return toPage(db, start, rows, { item: toItem, key: ({ name, id }) => [name, id] })
}

export interface HeldEntitlement extends KnownEntitlement, Included {
  /** How many service users hold it directly, and how many groups. */
  readonly holders: { readonly grants: number; readonly nestings: number }
}

/** One entitlement, and how many hold it. @throws InputError when there is none at that moment */
export async function entitlement(
  db: Kysely<Tables>,
  asked: Asked & { readonly entitlementId: string },
): Promise<HeldEntitlement> {
  const at = await resolveAt(db, asked)
  const { rows } = await sql<Row & { grants: number; nestings: number }>`
    select e.id, e.name, e.value, e.from_time,
      (select count(*)::int from grants g where ${heldAt(at, 'g')} and g.resource = e.resource and g.level = e.level) as grants,
      (select count(*)::int from nestings n where ${heldAt(at, 'n')} and n.resource = e.resource and n.level = e.level) as nestings
    from entitlements e where ${heldAt(at, 'e')} and e.id = ${asked.entitlementId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw notThere('entitlement', asked.entitlementId)
  const { grants, nestings } = row
  return { ...toItem(row), holders: { grants, nestings }, ...(await includedAt(db, at)) }
}

function toItem({ value, from_time }: Row): KnownEntitlement {
  return { entitlement: value, since: from_time }
}
