import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type AsOf, type At, all, holdsAfter, type Included, resolveAt, timeAt, toBigint, type Whose } from './at.ts'
import { follows, type ListOrder, limitMax, type Paged, parseCursor, toCursor } from './page.ts'

export interface Change {
  readonly kind: 'grant' | 'nesting'
  readonly change: 'granted' | 'revoked' | 'changed'
  /** Who holds it: a service user, or the membership of a group. */
  readonly holder: string
  /** As it was last until the later moment; null: not known, or erased. */
  readonly holderName: string | null
  readonly resource: string
  readonly resourceName: string | null
  /** Null: nothing was held then. */
  readonly from: { readonly level: string; readonly entitlementId: string; readonly since: string | null } | null
  /** Null: nothing is held any more. */
  readonly to: { readonly level: string; readonly entitlementId: string; readonly since: string | null } | null
  /** When what was held then ended. */
  readonly endedAt: string | null
}

export interface ChangesBetween {
  readonly items: readonly Change[]
  readonly next: string | null
  readonly from: Included
  readonly to: Included
}

interface Row {
  kind: Change['kind']
  holder: string
  holder_name: string | null
  resource: string
  resource_name: string | null
  old_level: string | null
  old_since: string | null
  ended_at: string | null
  new_level: string | null
  new_since: string | null
}

/** What a change is found by, and the events between which it is. */
const order: ListOrder = {
  of: 'changes',
  key: ['text', 'text', 'text', 'text', 'text', 'sequence', 'sequence'],
}

/** What is held at one moment and not at another, as assigned: what came, what went, and what is held at another level. */
export async function changesBetween(
  db: Kysely<Tables>,
  asked: Whose &
    Paged & {
      readonly from: AsOf
      readonly to?: AsOf | undefined
      readonly serviceUserId?: string
      readonly resource?: string
    },
): Promise<ChangesBetween> {
  const { tenantId, connectionId, limit = 50 } = asked
  const cursor = asked.cursor === undefined ? null : parseCursor(asked.cursor, order)
  const [pinnedFrom, pinnedTo] = cursor?.after.slice(-2) ?? []
  const pin = (value: unknown) => (typeof value === 'string' ? BigInt(value) : null)
  const from = await resolveAt(db, { tenantId, connectionId, asOf: asked.from }, pin(pinnedFrom))
  const to = await resolveAt(db, { tenantId, connectionId, asOf: asked.to }, pin(pinnedTo))
  const start = { at: to, after: cursor?.after.slice(0, -2) ?? null, limit, of: order.of }
  const count = Math.min(Math.max(1, limit), limitMax)
  const columns = [
    sql`c.kind`,
    sql`c.holder`,
    sql`c.resource`,
    sql`coalesce(c.old_level, '')`,
    sql`coalesce(c.new_level, '')`,
  ]
  const { rows } = await sql<Row>`
    select c.*, case when c.kind = 'grant' then ${userName(to)} else ${resourceName(to, 'holder')} end as holder_name,
      ${resourceName(to, 'resource')} as resource_name
    from (
      select 'grant' as kind, x.* from (${differences('grants', 'service_user_id', from.connection, from.sequence, to.sequence)}) x
      union all
      select 'nesting', x.* from (${differences('nestings', 'container', from.connection, from.sequence, to.sequence)}) x
    ) c
    where ${all(
      asked.serviceUserId !== undefined && sql`c.holder = ${asked.serviceUserId}`,
      asked.resource !== undefined && sql`c.resource = ${asked.resource}`,
      follows(start, columns),
    )}
    order by ${sql.join(columns)} limit ${count + 1}`.execute(db)
  const last = rows.length > count ? rows[count - 1] : undefined
  return {
    items: rows.slice(0, count).map(toChange),
    next: last
      ? toCursor({
          of: order.of,
          at: String(to.sequence),
          after: [...keyOf(last), String(from.sequence), String(to.sequence)],
        })
      : null,
    from: { sequence: Number(from.sequence), time: await timeAt(db, from) },
    to: { sequence: Number(to.sequence), time: await timeAt(db, to) },
  }
}

/** What one table holds after one event and not after the other; two of one holder on one resource are one change. */
function differences(
  table: 'grants' | 'nestings',
  holder: string,
  connection: number,
  from: bigint,
  to: bigint,
): RawBuilder<unknown> {
  const column = (alias: string, name: string) => sql.ref(`${alias}.${name}`)
  const same = sql`s.connection = h.connection and ${column('s', holder)} = ${column('h', holder)}
    and s.resource = h.resource and s.level = h.level`
  const between = (name: string) =>
    sql`${column('h', name)} > ${toBigint(from)} and ${column('h', name)} <= ${toBigint(to)}`
  const rows = (edge: string, held: bigint, other: bigint) => sql`
    select ${column('h', holder)} as holder, h.resource, h.level, h.from_time as since, h.to_time as ended_at
    from ${sql.table(table)} h
    where h.connection = ${sql.lit(connection)} and ${between(edge)} and ${holdsAfter(held, 'h')}
      and not exists (select from ${sql.table(table)} s where ${same} and ${holdsAfter(other, 's')})`
  return sql`
    select coalesce(a.holder, b.holder) as holder, coalesce(a.resource, b.resource) as resource,
      a.level as old_level, a.since as old_since, a.ended_at, b.level as new_level, b.since as new_since
    from (${rows('to_sequence', from, to)}) a
    full join (${rows('from_sequence', to, from)}) b on a.holder = b.holder and a.resource = b.resource`
}

/** What the holder under `c`, a service user, was called last until a moment. */
function userName({ connection, sequence }: At): RawBuilder<string | null> {
  return sql`(
    select coalesce(u.value #>> '{attributes,displayName}', u.value #>> '{attributes,nickname}') from service_users u
    where u.connection = ${sql.lit(connection)} and u.id = c.holder and u.from_sequence <= ${toBigint(sequence)}
    order by u.from_sequence desc limit 1)`
}

/** What the resource in a column of `c` was called last until a moment. */
function resourceName({ connection, sequence }: At, column: 'holder' | 'resource'): RawBuilder<string | null> {
  return sql`(
    select e.value #>> '{resource,name}' from entitlements e
    where e.connection = ${sql.lit(connection)} and e.resource = ${sql.ref(`c.${column}`)}
      and e.from_sequence <= ${toBigint(sequence)}
    order by e.from_sequence desc limit 1)`
}

function keyOf({ kind, holder, resource, old_level, new_level }: Row): string[] {
  return [kind, holder, resource, old_level ?? '', new_level ?? '']
}

function toChange(row: Row): Change {
  const side = (level: string | null, since: string | null) =>
    level === null ? null : { level, entitlementId: `${row.resource}#${level}`, since }
  const from = side(row.old_level, row.old_since)
  const to = side(row.new_level, row.new_since)
  return {
    kind: row.kind,
    change: from === null ? 'granted' : to === null ? 'revoked' : 'changed',
    holder: row.kind === 'grant' ? row.holder : `${row.holder}#member`,
    holderName: row.holder_name,
    resource: row.resource,
    resourceName: row.resource_name,
    from,
    to,
    endedAt: row.ended_at,
  }
}
