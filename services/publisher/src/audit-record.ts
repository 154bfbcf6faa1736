import { auditHeadersOf } from '@clarity/shared/contract/audit'
import type { AuditEntry } from '@clarity/shared/store/outbox'
import type { KafkaRecord } from './record.ts'

/**
 * The CloudEvent of an audit record in Kafka's binary content mode. It has no place in a sequence; the partition follows from its
 * key, however many the topic has. The same entry always gives the same record.
 */
export function toAuditRecord({ audit }: AuditEntry): Omit<KafkaRecord, 'partition'> {
  const { record, traceparent } = audit
  return {
    key: record.tenantId,
    value: JSON.stringify(record),
    headers: auditHeadersOf(record, traceparent),
  }
}
