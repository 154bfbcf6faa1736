import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, type At, all, heldAt } from './at.ts'
import {
  entitlementNameOf,
  type Holding,
  type HoldingFilters,
  type HoldingRow,
  holdingConditions,
  holdingKey,
  holdingOrder,
  holdingOrderOf,
  lastWhileHeld,
  toHolding,
} from './holdings.ts'
import { follows, type Page, type Paged, startPage, toPage } from './page.ts'

export interface GrantFilters extends HoldingFilters {
  readonly serviceUserId?: string | undefined
  /** Whether the holder comes to the same resource by another way: a group, the project, or owning the workspace. */
  readonly otherPath?: boolean | undefined
}

export interface KnownGrant extends Holding {
  readonly serviceUserId: string
  /** Name of the holder as it was last while this was held; null: not known, or erased. */
  readonly serviceUserName: string | null
}

type Row = HoldingRow & { service_user_id: string }

/** Who directly holds what, by holder; what is no longer held comes with the last removal first. */
export async function grants(db: Kysely<Tables>, asked: Asked & Paged & GrantFilters): Promise<Page<KnownGrant>> {
  const start = await startPage(db, holdingOrderOf('grants', asked.ended), asked)
  const { at } = start
  const { columns, order } = holdingOrder('service_user_id', asked.ended)
  const { rows } = await sql<Row>`
    select h.*, ${entitlementNameOf(at)} as entitlement_name, ${holderNameOf(at)} as holder_name
    from grants h
    where ${all(
      holdingConditions(at, asked),
      asked.serviceUserId !== undefined && sql`h.service_user_id = ${asked.serviceUserId}`,
      asked.otherPath !== undefined && sql`${hasOtherPath(at)} = ${asked.otherPath}`,
      follows(start, columns, order),
    )}
    order by ${sql.join(columns.map((column) => sql`${column} ${sql.raw(order)}`))} limit ${start.limit + 1}`.execute(
    db,
  )
  return toPage(db, start, rows, {
    item: (row) => ({
      ...toHolding(row.service_user_id, at, row),
      serviceUserId: row.service_user_id,
      serviceUserName: row.holder_name,
    }),
    key: (row) => holdingKey(row.service_user_id, row, asked.ended),
  })
}

function holderNameOf(at: At): RawBuilder<string | null> {
  return sql`(
    select coalesce(u.value #>> '{attributes,displayName}', u.value #>> '{attributes,nickname}') from service_users u
    where u.connection = h.connection and u.id = h.service_user_id and ${lastWhileHeld(at, 'u')}
    order by u.from_sequence desc limit 1)`
}

/** Whether the holder of the grant under `h` comes to its resource by another way. */
function hasOtherPath(at: At): RawBuilder<boolean> {
  const parent = sql`(
    select e.parent from entitlements e where ${heldAt(at, 'e')} and e.resource = h.resource
    order by e.from_sequence desc limit 1)`
  return sql`(h.resource ~ '^(project|repository):' and (
    exists (
      select from grants m join nestings n on n.container = m.resource and ${heldAt(at, 'n')}
        and n.resource in (h.resource, ${parent})
      where ${heldAt(at, 'm')} and m.service_user_id = h.service_user_id and m.resource >= 'group:' and m.resource < 'group;')
    or exists (
      select from grants o where ${heldAt(at, 'o')} and o.service_user_id = h.service_user_id
        and (o.resource = ${parent} or (o.resource = 'workspace' and o.level = 'owner')))))`
}
