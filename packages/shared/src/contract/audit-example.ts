import { type AuditHeaders, auditHeadersOf } from './audit.ts'
import { auditRecorded } from './auditable.ts'
import { exampleHeaders } from './event-examples.ts'

/** A record of invented values: for the documentation, and to test whatever reads or writes records. */
export const auditExample = auditRecorded(
  {
    tenantId: 'acme',
    actor: { kind: 'api-key', id: 'key_7d2c', name: 'Clarity production' },
    action: 'connection.updated',
    target: { kind: 'connection', id: 'con_41' },
    connectionId: 'con_41',
    before: { name: 'Bitbucket of Acme', schedule: { mode: 'manual' } },
    after: { name: 'Bitbucket of Acme', schedule: { mode: 'interval', minutes: 60, kind: 'incremental' } },
    requestId: 'req_5b1e',
    reason: null,
  },
  { id: 'aud_3f9a', at: '2026-11-23T10:15:02.113Z' },
).record

/** The headers of the record that would carry the example. */
export function exampleAuditHeaders(): AuditHeaders {
  return auditHeadersOf(auditExample, exampleHeaders('connection.updated').ce_traceparent)
}
