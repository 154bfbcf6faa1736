import { isPrivileged } from '@clarity/shared/access/levels'
import { eventNameOf } from '@clarity/shared/contract/events'
import type { AccessEvent, BatchEvent } from '@clarity/subscriber'
import { partsOf, type Row, resourceOf } from './rows.ts'

/**
 * An event as a row: its attributes, what a feed asks for, and its data as they lie in the topic, but for what they say of the
 * connection: `refOf` gives the key under which that is kept.
 */
export function toEventRow(
  connection: number,
  { envelope, event, data }: BatchEvent,
  refOf: (ref: object) => number | undefined,
): Row {
  const [ref, rest] = splitData(data)
  return {
    connection,
    sequence: envelope.sequence.toString(),
    name: eventNameOf(envelope.type) ?? envelope.type,
    subject: envelope.subject,
    event_id: envelope.id,
    time: envelope.time,
    recorded_time: envelope.recordedTime ?? null,
    sync_id: envelope.correlationId,
    traceparent: envelope.traceparent ?? null,
    ...(event === null ? unknownParts : partsOfEvent(event)),
    ...(ref === null ? { ref, data } : { ref: refOf(ref), data: rest }),
  }
}

/** What the data say of the connection, and the rest of them. Null: they say nothing of it. */
export function splitData(data: unknown): readonly [object | null, unknown] {
  if (typeof data !== 'object' || data === null || !('connection' in data)) return [null, data]
  const { connection, ...rest } = data
  return typeof connection === 'object' ? [connection, rest] : [null, data]
}

interface EventParts {
  readonly service_user_id: string | null
  readonly resource: string | null
  readonly privileged: boolean
}

const unknownParts: EventParts = { service_user_id: null, resource: null, privileged: false }

/** The person and the resource that an event is about, and whether it is about administering something. */
function partsOfEvent(event: AccessEvent): EventParts {
  switch (event.name) {
    case 'service-user.created':
    case 'service-user.updated':
    case 'service-user.attributes-changed':
    case 'service-user.removed':
      return { ...unknownParts, service_user_id: event.subject }
    case 'entitlement.created':
    case 'entitlement.updated':
    case 'entitlement.removed':
      return { ...unknownParts, resource: resourceOf(event.subject), privileged: event.data.entitlement.privileged }
    case 'service-user-entitlement.granted':
    case 'service-user-entitlement.changed':
    case 'service-user-entitlement.revoked': {
      const { holder, resource } = partsOf(event.subject)
      return { service_user_id: holder, resource, privileged: isAboutPrivilege(event) }
    }
    case 'entitlement-nesting.added':
    case 'entitlement-nesting.changed':
    case 'entitlement-nesting.removed':
      return { ...unknownParts, resource: partsOf(event.subject).resource, privileged: isAboutPrivilege(event) }
    default:
      return unknownParts
  }
}

/** Also when a privilege is lowered to something else: it is then in what was held before. */
function isAboutPrivilege(event: AccessEvent): boolean {
  const { level } = partsOf(event.subject)
  const from = 'from' in event.data ? event.data.from : ''
  return isPrivileged(level) || isPrivileged(from.slice(from.lastIndexOf('#') + 1))
}
