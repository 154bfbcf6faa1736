import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, all, heldAt } from './at.ts'
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

export interface NestingFilters extends HoldingFilters {
  /** Id of the group's membership, `group:<slug>#member`, or of the group. */
  readonly container?: string | undefined
}

export interface KnownNesting extends Holding {
  readonly container: string
  /** Name of the group as it was last while this was held; null: not known. */
  readonly groupName: string | null
  /** How many are in the group. */
  readonly members: number
}

type Row = HoldingRow & { container: string; members: number }

/** What groups hold, by group; what is no longer held comes with the last removal first. */
export async function nestings(db: Kysely<Tables>, asked: Asked & Paged & NestingFilters): Promise<Page<KnownNesting>> {
  const start = await startPage(db, holdingOrderOf('nestings', asked.ended), asked)
  const { at } = start
  const { columns, order } = holdingOrder('container', asked.ended)
  const { rows } = await sql<Row>`
    select h.*, ${entitlementNameOf(at)} as entitlement_name,
      (select e.value #>> '{resource,name}' from entitlements e
       where e.connection = h.connection and e.id = h.container || '#member' and ${lastWhileHeld(at, 'e')}
       order by e.from_sequence desc limit 1) as holder_name,
      (select count(*)::int from grants m where ${heldAt(at, 'm')} and m.resource = h.container) as members
    from nestings h
    where ${all(
      holdingConditions(at, asked),
      asked.container !== undefined && sql`h.container = ${asked.container.replace(/#member$/, '')}`,
      follows(start, columns, order),
    )}
    order by ${sql.join(columns.map((column) => sql`${column} ${sql.raw(order)}`))} limit ${start.limit + 1}`.execute(
    db,
  )
  return toPage(db, start, rows, {
    item: (row) => ({
      ...toHolding(`${row.container}#member`, at, row),
      container: `${row.container}#member`,
      groupName: row.holder_name,
      members: row.members,
    }),
    key: (row) => holdingKey(row.container, row, asked.ended),
  })
}
