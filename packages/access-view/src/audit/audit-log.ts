import { type Kysely, type Selectable, sql } from 'kysely'
import { all } from '../questions/at.ts'
import { follows, type ListOrder, limitMax, type Paged, parseCursor, toCursor } from '../questions/page.ts'
import type { Tables } from '../tables.ts'
import { AuditRecord } from './audit-record.ts'

export interface AuditAsked extends Paged {
  readonly tenantId: string
  readonly connectionId?: string | undefined
  readonly actorId?: string | undefined
  readonly action?: string | undefined
  /** From this time on, and before that. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface AuditPage {
  readonly items: readonly AuditRecord[]
  readonly next: string | null
}

const order: ListOrder = { of: 'audit', key: ['time', 'text'] }

/** What was done in a tenant, the latest first. */
export async function auditLog(db: Kysely<Tables>, asked: AuditAsked): Promise<AuditPage> {
  const { tenantId, connectionId, actorId, action, from, to } = asked
  const limit = Math.min(Math.max(1, asked.limit ?? 50), limitMax)
  const after = asked.cursor === undefined ? null : parseCursor(asked.cursor, order).after
  const start = { at: { connection: 0, sequence: 0n }, after, limit, of: order.of }
  const { rows } = await sql<Selectable<Tables['audit']>>`
    select a.* from audit a
    where ${all(
      sql`a.tenant_id = ${tenantId}`,
      connectionId !== undefined && sql`a.connection_id = ${connectionId}`,
      actorId !== undefined && sql`a.actor_id = ${actorId}`,
      action !== undefined && sql`a.action = ${action}`,
      from !== undefined && sql`a.at >= ${from}::timestamptz`,
      to !== undefined && sql`a.at < ${to}::timestamptz`,
      follows(start, [sql`a.at`, sql`a.id`], 'desc'),
    )}
    order by a.at desc, a.id desc limit ${limit + 1}`.execute(db)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(({ record }) => AuditRecord.parse(record)),
    next: last ? toCursor({ of: order.of, at: '0', after: [last.at, last.id] }) : null,
  }
}
