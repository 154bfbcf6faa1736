import { type RawBuilder, sql } from 'kysely'
import { type At, all, heldAt, toBigint } from './at.ts'
import type { ListOrder } from './page.ts'

/** What grants and nestings are chosen by. */
export interface HoldingFilters {
  /** Id of the entitlement that is held: `<resource>#<level>`. */
  readonly entitlementId?: string | undefined
  /** Id of the resource, such as `project:<uuid>`. */
  readonly resource?: string | undefined
  readonly resourceKind?: 'workspace' | 'group' | 'project' | 'repository' | undefined
  readonly level?: string | undefined
  readonly privileged?: boolean | undefined
  /** `none`: what is held. `also`: what was held before as well. `only`: what is no longer held. */
  readonly ended?: 'none' | 'also' | 'only' | undefined
}

/** What is known of who holds something: since when, and until when. */
export interface Holding {
  readonly id: string
  readonly entitlementId: string
  readonly resource: string
  readonly level: string
  readonly privileged: boolean
  /** Name of the entitlement as it was last while this was held; null: not known. */
  readonly entitlementName: string | null
  /** Null: before anything that is still known. */
  readonly grantedAt: string | null
  /** Null: it is held. */
  readonly removedAt: string | null
}

export interface HoldingRow {
  resource: string
  level: string
  privileged: boolean
  from_sequence: bigint
  from_time: string | null
  to_sequence: bigint | null
  to_time: string | null
  entitlement_name: string | null
  holder_name: string | null
}

/** The conditions of the filters on the grants or nestings under `h`. */
export function holdingConditions(at: At, filters: HoldingFilters): RawBuilder<boolean> {
  const { entitlementId, resource, resourceKind, level, privileged, ended = 'none' } = filters
  const cut = entitlementId?.lastIndexOf('#') ?? -1
  return all(
    sql`h.connection = ${sql.lit(at.connection)}`,
    ended === 'none' && heldAt(at, 'h'),
    ended !== 'none' && sql`h.from_sequence <= ${toBigint(at.sequence)}`,
    ended === 'only' && sql`h.to_sequence <= ${toBigint(at.sequence)}`,
    entitlementId !== undefined && sql`h.resource = ${entitlementId.slice(0, cut)}`,
    entitlementId !== undefined && sql`h.level = ${entitlementId.slice(cut + 1)}`,
    resource !== undefined && sql`h.resource = ${resource}`,
    resourceKind !== undefined && ofKind(sql`h.resource`, resourceKind),
    level !== undefined && sql`h.level = ${level}`,
    privileged !== undefined && sql`h.privileged = ${privileged}`,
  )
}

/** The kind of a resource is what its id begins with. */
export function ofKind(column: RawBuilder<unknown>, kind: string): RawBuilder<boolean> {
  if (kind === 'workspace') return sql`${column} = 'workspace'`
  // The character after the colon, so that an index on the ids serves.
  return sql`(${column} >= ${`${kind}:`} and ${column} < ${`${kind};`})`
}

/** The name of the entitlement that `h` is of, as it was last while it was held. */
export function entitlementNameOf(at: At): RawBuilder<string | null> {
  return sql`(
    select e.value ->> 'name' from entitlements e
    where e.connection = h.connection and e.id = h.resource || '#' || h.level and ${lastWhileHeld(at, 'e')}
    order by e.from_sequence desc limit 1)`
}

/** Of the versions under `alias` those that began before `h` had ended. */
export function lastWhileHeld(at: At, alias: string): RawBuilder<boolean> {
  return sql`${sql.ref(`${alias}.from_sequence`)} <= least(${toBigint(at.sequence)}, h.to_sequence - 1)`
}

/** The order, as cursors name it, and the form of `holdingKey`. */
export function holdingOrderOf(of: string, ended: HoldingFilters['ended']): ListOrder {
  const key = ['text', 'text', 'text', 'sequence'] as const
  return ended === 'only' ? { of: `${of}/ended`, key: ['sequence', ...key] } : { of: `${of}/holder`, key }
}

/** In which order holdings come, and by what the last one is found. */
export function holdingOrder(holder: string, ended: HoldingFilters['ended']) {
  const last = [sql`h.resource`, sql`h.level`, sql`h.from_sequence`]
  const columns = [sql.ref(`h.${holder}`), ...last]
  return ended === 'only'
    ? { columns: [sql`h.to_sequence`, ...columns], order: 'desc' as const }
    : { columns, order: 'asc' as const }
}

export function holdingKey(holder: string, row: HoldingRow, ended: HoldingFilters['ended']) {
  const key = [holder, row.resource, row.level, row.from_sequence.toString()]
  return ended === 'only' ? [String(row.to_sequence), ...key] : key
}

export function toHolding(holderId: string, at: At, row: HoldingRow): Holding {
  const { resource, level, privileged, from_time, to_time, to_sequence, entitlement_name } = row
  const entitlementId = `${resource}#${level}`
  const isEnded = to_sequence !== null && to_sequence <= at.sequence
  return {
    id: `${holderId}|${entitlementId}`,
    entitlementId,
    resource,
    level,
    privileged,
    entitlementName: entitlement_name,
    grantedAt: from_time,
    removedAt: isEnded ? to_time : null,
  }
}
