import type { EventHeaders } from '@clarity/shared/contract/event-headers'
import { dataSchemaOf } from '@clarity/shared/contract/event-headers'
import { type Kysely, type Selectable, sql } from 'kysely'
import { toEnvelope } from '../feed/read-events.ts'
import { wholeData } from '../feed/store-events.ts'
import type { Tables } from '../tables.ts'
import { all, findConnection, toBigint, type Whose } from './at.ts'
import { limitMax } from './page.ts'

export interface EventFilters {
  /** Beginning of the name: `service-user-entitlement.`, `sync.`, `scope.unobservable`. */
  readonly name?: string | undefined
  readonly serviceUserId?: string | undefined
  readonly resource?: string | undefined
  readonly syncId?: string | undefined
  /** Whether it is about something that administers its resource. */
  readonly privileged?: boolean | undefined
}

export interface EventsAsked extends Whose, EventFilters {
  /** Only events after this number. */
  readonly after?: number | undefined
  /** Only events before this number. */
  readonly before?: number | undefined
  readonly order?: 'oldest-first' | 'newest-first' | undefined
  readonly limit?: number | undefined
}

export interface KnownEvent {
  readonly sequence: number
  /** Of a type that this release does not know it is the whole type. */
  readonly name: string
  readonly headers: EventHeaders
  /** As they lie in the topic. */
  readonly data: unknown
}

export interface Events {
  readonly items: readonly KnownEvent[]
  /** The last event that is there. */
  readonly sequence: number
  /** The first event that is kept; null when none is. Who is behind it has missed some. */
  readonly oldest: number | null
  /** Whether more of the same follow in that order: go on after, or before, the last of `items`. */
  readonly more: boolean
}

type Row = Selectable<Tables['events']>

/** Events as Kafka has them, in order or the newest first. */
export async function events(db: Kysely<Tables>, asked: EventsAsked): Promise<Events> {
  const { name, serviceUserId, resource, syncId, privileged, after, before, order = 'oldest-first' } = asked
  const connection = await findConnection(db, asked)
  const limit = Math.min(Math.max(1, asked.limit ?? 50), limitMax)
  const direction = sql.raw(order === 'oldest-first' ? 'asc' : 'desc')
  const { rows } = await sql<Row>`
    select e.*, ${wholeData()} as data from events e
    where ${all(
      sql`e.connection = ${sql.lit(connection.key)}`,
      sql`e.sequence <= ${toBigint(connection.handled_sequence)}`,
      after !== undefined && sql`e.sequence > ${toBigint(BigInt(after))}`,
      before !== undefined && sql`e.sequence < ${toBigint(BigInt(before))}`,
      name !== undefined && sql`starts_with(e.name, ${name})`,
      serviceUserId !== undefined && sql`e.service_user_id = ${serviceUserId}`,
      resource !== undefined && sql`e.resource = ${resource}`,
      syncId !== undefined && sql`e.sync_id = ${syncId}`,
      privileged !== undefined && sql`e.privileged = ${privileged}`,
      // The events of a sync lie between its first and its last one, so that no other is looked at.
      syncId !== undefined && withinSync(connection.key, syncId),
    )}
    order by e.sequence ${direction} limit ${limit + 1}`.execute(db)
  const oldest = await db
    .selectFrom('events')
    .select('sequence')
    .where('connection', '=', connection.key)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst()
  return {
    items: rows.slice(0, limit).map((row) => toItem(row, connection)),
    sequence: Number(connection.handled_sequence),
    oldest: oldest === undefined ? null : Number(oldest.sequence),
    more: rows.length > limit,
  }
}

function withinSync(connection: number, syncId: string) {
  const of = sql`from syncs s where s.connection = ${sql.lit(connection)} and s.id = ${syncId}`
  // A sync whose first or last event is not known is not bounded there.
  const first = sql`(select s.first_sequence ${of} and coalesce(s.requested_at, s.started_at) is not null)`
  const last = sql`(select s.last_sequence ${of} and s.finished_at is not null)`
  return sql`e.sequence >= coalesce(${first}, 0) and e.sequence <= coalesce(${last}, ${toBigint(2n ** 62n)})`
}

function toItem(row: Row, whose: { readonly id: string; readonly tenant_id: string }): KnownEvent {
  const envelope = toEnvelope(row, whose)
  const { recordedTime, traceparent } = envelope
  const headers: EventHeaders = {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_type: envelope.type,
    ce_source: envelope.source,
    ce_subject: envelope.subject,
    ce_time: envelope.time,
    ...(recordedTime !== undefined && { ce_recordedtime: recordedTime }),
    ce_dataschema: dataSchemaOf(envelope.type),
    ce_sequence: envelope.sequence.toString().padStart(20, '0'),
    ce_partitionkey: envelope.connectionId,
    ce_correlationid: envelope.correlationId,
    ...(traceparent !== undefined && { ce_traceparent: traceparent }),
    ce_tenantid: envelope.tenantId,
    'content-type': 'application/json',
  }
  return { sequence: Number(row.sequence), name: row.name, headers, data: row.data }
}
