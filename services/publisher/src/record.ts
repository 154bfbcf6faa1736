import { hash } from 'node:crypto'
import { dataSchemaOf } from '@clarity/shared/contract/event-headers'
import { eventType } from '@clarity/shared/contract/events'
import { partitionOf } from '@clarity/shared/contract/partition'
import { type StateChange, stateChangesOf, stateKey, stateType, watermarkOf } from '@clarity/shared/contract/state'
import type { OutboxEntry } from '@clarity/shared/store/outbox'

/** A Kafka record, as the producer takes it. The value null is a tombstone. */
export interface KafkaRecord {
  readonly key: string
  readonly value: string | null
  readonly partition: number
  readonly headers: Record<string, string>
}

/** What an outbox entry becomes. */
export interface EntryRecords {
  readonly change: KafkaRecord
  readonly state: readonly KafkaRecord[]
}

/** Digits of a sequence number in a header: it must sort as text. */
const sequenceDigits = 20

/**
 * The CloudEvents of an outbox entry in Kafka's binary content mode: attributes as `ce_*` headers, plain JSON data as the
 * value; the event itself, and what it makes of the present. The same entry always gives the same records, so a repeated one
 * is recognised by its id.
 */
export function toRecords(entry: OutboxEntry, partitions: number): EntryRecords {
  const { event } = entry
  const partition = partitionOf(event.connectionId, partitions)
  return {
    change: {
      key: event.connectionId,
      value: JSON.stringify(event.data),
      partition,
      headers: headersOf(entry, { type: eventType(event.name), subject: event.subject }),
    },
    state: stateChangesOf(event).map((change) => toStateRecord(entry, change, partition)),
  }
}

/** Says that the connection has told all up to this entry. It goes behind all records of the entry. */
export function toWatermark(entry: OutboxEntry, partitions: number): KafkaRecord {
  const { connectionId, name } = entry.event
  const watermark = watermarkOf(connectionId, entry.sequence, name === 'connection.removed')
  return toStateRecord(entry, watermark, partitionOf(connectionId, partitions))
}

function toStateRecord(entry: OutboxEntry, change: StateChange, partition: number): KafkaRecord {
  const { connectionId } = entry.event
  return {
    key: stateKey(connectionId, change),
    value: change.value === null ? null : JSON.stringify(change.value),
    partition,
    headers: headersOf(entry, { type: stateType(change.kind), subject: change.id }),
  }
}

/** What a record tells of, and the event that it comes from. */
interface Told {
  readonly type: string
  readonly subject: string
}

function headersOf(entry: OutboxEntry, { type, subject }: Told): Record<string, string> {
  const { tenantId, connectionId, syncId, data, recordedAt, traceparent } = entry.event
  return {
    ce_specversion: '1.0',
    ce_id: idOf(entry, { type, subject }),
    ce_type: type,
    ce_source: `/tenants/${tenantId}/connections/${connectionId}`,
    ce_subject: subject,
    ce_time: data.observedAt,
    ...(recordedAt !== undefined && { ce_recordedtime: recordedAt }),
    ce_dataschema: dataSchemaOf(type),
    ce_sequence: toSequence(entry.sequence),
    ce_partitionkey: connectionId,
    ce_correlationid: syncId,
    ce_tenantid: tenantId,
    ...(traceparent !== undefined && { ce_traceparent: traceparent }),
    'content-type': 'application/json',
  }
}

/** A sequence number as headers have it. */
export function toSequence(sequence: bigint): string {
  return sequence.toString().padStart(sequenceDigits, '0')
}

function idOf({ sequence, event }: OutboxEntry, { type, subject }: Told): string {
  const { connectionId, before, after } = event
  const content = JSON.stringify([connectionId, sequence.toString(), type, subject, before, after])
  return hash('sha256', content, 'base64url')
}

/** The id that an event of a connection has in the stream. */
export function eventIdOf(entry: OutboxEntry): string {
  return idOf(entry, { type: eventType(entry.event.name), subject: entry.event.subject })
}
