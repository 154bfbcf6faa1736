import { eventNameOf } from '@clarity/shared/contract/events'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { type BatchEvent, type Envelope, parseEvent } from '@clarity/subscriber'
import type { Selectable } from 'kysely'
import type { ConnectionTable, Tables } from '../tables.ts'

type Whose = Pick<Selectable<ConnectionTable>, 'id' | 'tenant_id'>
type EventRow = Selectable<Tables['events']>

/** The CloudEvents type of a stored event: of one that this release does not know, the type itself was stored. */
export function typeOf(name: string): string {
  const type = `io.claritysecurity.access.${name}.v1`
  return eventNameOf(type) === null ? name : type
}

/** The attributes of a stored event. */
export function toEnvelope(row: EventRow, { id, tenant_id }: Whose): Envelope {
  return {
    id: row.event_id,
    type: typeOf(row.name),
    source: `/tenants/${tenant_id}/connections/${id}`,
    subject: row.subject,
    time: row.time,
    ...(row.recorded_time !== null && { recordedTime: row.recorded_time }),
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    tenantId: tenant_id,
    connectionId: id,
    sequence: row.sequence,
    correlationId: row.sync_id,
  }
}

/** A stored event as it came. @throws InvariantError when it is not as the contract that accepted it said */
export function toBatchEvent(row: EventRow, whose: Whose): BatchEvent {
  const envelope = toEnvelope(row, whose)
  const parsed = parseEvent(envelope, row.data)
  if (parsed.state === 'invalid') {
    throw new InvariantError('A stored event breaks the contract', {
      connectionId: whose.id,
      sequence: row.sequence.toString(),
    })
  }
  return { envelope, event: parsed.state === 'known' ? parsed.event : null, data: row.data }
}
