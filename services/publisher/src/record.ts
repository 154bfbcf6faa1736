import { createHash } from 'node:crypto'
import { eventType } from '@clarity/shared/contract/events'
import { partitionOf } from '@clarity/shared/contract/partition'
import type { OutboxEntry } from '@clarity/shared/store/outbox'

/** A Kafka record, as the producer takes it. */
export interface KafkaRecord {
  readonly key: string
  readonly value: string
  readonly partition: number
  readonly headers: Readonly<Record<string, string>>
}

/** Digits of a sequence number in a header: it must sort as text. */
const sequenceDigits = 20

/**
 * The CloudEvent of an outbox entry in Kafka's binary content mode: attributes as `ce_*` headers, plain JSON data as the
 * value. The same entry always gives the same record, so a repeated one is recognised by its id.
 */
export function toRecord({ sequence, event }: OutboxEntry, partitions: number): KafkaRecord {
  const { name, subject, tenantId, connectionId, syncId, data } = event
  return {
    key: connectionId,
    value: JSON.stringify(data),
    partition: partitionOf(connectionId, partitions),
    headers: {
      ce_specversion: '1.0',
      ce_id: eventId({ sequence, event }),
      ce_type: eventType(name),
      ce_source: `/tenants/${tenantId}/connections/${connectionId}`,
      ce_subject: subject,
      ce_time: data.observedAt,
      ce_sequence: sequence.toString().padStart(sequenceDigits, '0'),
      ce_partitionkey: connectionId,
      ce_correlationid: syncId,
      ce_tenantid: tenantId,
      'content-type': 'application/json',
    },
  }
}

function eventId({ sequence, event }: Pick<OutboxEntry, 'sequence' | 'event'>): string {
  const { connectionId, name, subject, before, after } = event
  const content = JSON.stringify([connectionId, sequence.toString(), eventType(name), subject, before, after])
  return createHash('sha256').update(content).digest('base64url')
}
