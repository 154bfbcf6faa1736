import { type ConnectionRef, type EventData, eventType } from '@clarity/shared/contract/events'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { OutboxEntry, ReadableEntry, UnreadableEntry } from '@clarity/shared/store/outbox'
import type { KafkaRecord } from './record.ts'

/** An event or audit record that cannot be told, and why. */
export interface Poison {
  readonly entry: ReadableEntry | UnreadableEntry
  readonly reason: EventData<'stream.event-withheld'>['reason']
  readonly detail: string
}

/** Whose connection it is, for an entry that does not say so itself any more. */
export interface ConnectionOwner {
  readonly tenantId: string
  readonly ref: ConnectionRef
}

/** What is written down of an event or audit record that cannot be told, as it was, for whoever looks into it. */
export function toDeadLetter({ entry, reason, detail }: Poison, shard: number, chars = deadLetterChars): KafkaRecord {
  const place = placeOf(entry)
  const record = 'audit' in entry ? entry.audit.record : null
  return {
    key: place?.connectionId ?? record?.tenantId ?? `shard-${shard}`,
    value: entry.text.slice(0, chars),
    partition: 0,
    headers: {
      reason,
      detail,
      shard: String(shard),
      'outbox-number': String(entry.number),
      ...(place && { 'connection-id': place.connectionId, sequence: String(place.sequence) }),
      ...(record && { 'tenant-id': record.tenantId, 'audit-id': record.id }),
      ...(entry.text.length > chars && { 'cut-from': String(entry.text.length) }),
    },
  }
}

/** More than the largest commit, and less than what the topic of the dead letters takes even where each is four bytes. */
const deadLetterChars = 4 * 1024 * 1024

/** Bytes of a record that the topic of the dead letters takes. */
export const deadLetterBytes = 20 * 1024 * 1024

/** The event that stands in the place of one that cannot be told, and has its number; null when it has no place. */
export function toWithheld(
  poison: Poison,
  owner: ConnectionOwner,
  deadLetter: EventData<'stream.event-withheld'>['deadLetter'],
  told: { readonly stateTold: boolean; readonly now: string },
): OutboxEntry | null {
  const { entry, reason, detail } = poison
  const place = placeOf(entry)
  if (place === null) return null
  const event = 'event' in entry ? entry.event : null
  const common = event?.data ?? {
    cause: 'operator' as const,
    observedAt: told.now,
    previouslyObservedAt: null,
    scope: null,
  }
  return {
    number: entry.number,
    text: entry.text,
    sequence: place.sequence,
    event: {
      name: 'stream.event-withheld',
      subject: event?.subject ?? place.connectionId,
      tenantId: owner.tenantId,
      connectionId: place.connectionId,
      syncId: event?.syncId ?? `outbox-${entry.number}`,
      before: null,
      after: event?.after ?? null,
      data: {
        connection: owner.ref,
        cause: common.cause,
        observedAt: common.observedAt,
        previouslyObservedAt: common.previouslyObservedAt,
        scope: common.scope,
        type: event && eventType(event.name),
        reason,
        detail,
        deadLetter,
        stateTold: told.stateTold,
      },
    },
  }
}

/** Where an entry stands in the sequence of its connection; null for an audit record, and when it cannot be read. */
export function placeOf(entry: Poison['entry']): { connectionId: ConnectionId; sequence: bigint } | null {
  if ('fault' in entry) return entry.place
  if ('audit' in entry) return null
  return { connectionId: entry.event.connectionId, sequence: entry.sequence }
}
