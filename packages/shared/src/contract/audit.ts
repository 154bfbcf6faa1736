import { z } from 'zod'
import { Instant } from './entities.ts'
import { dataSchemaOf, EventHeaders } from './event-headers.ts'
import { ConnectionId, TenantId } from './ids.ts'

/**
 * Who did what to which connection, key or tenant. It is an event too, on a topic of its own, for who works with the integration
 * is nobody's business who reads which access there is. A record has no number in the sequence of a connection: it is known by
 * its id.
 */

export const AuditId = z.templateLiteral(['aud_', z.string().regex(/[a-z0-9]+/)]).describe('Id of the record')
export type AuditId = z.infer<typeof AuditId>

/** What we record. For who reads it this is an open set. */
export const AuditAction = z.enum([
  'connection.created',
  'connection.updated',
  'connection.paused',
  'connection.resumed',
  'connection.removed',
  'credentials.replaced',
  'sync.requested',
  'sync.cancelled',
  'removals.approved',
  'removals.rejected',
  'removals.verified',
  'stream.verified',
  'candidate-emails.added',
  'webhook.configured',
  'webhook.removed',
  'api-key.created',
  'api-key.revoked',
  'sign-in-link.created',
  'sign-in-link.used',
  'tenant.created',
  'tenant.changed',
  'access.exported',
])
export type AuditAction = z.infer<typeof AuditAction>

/** Who does something. */
export const Actor = z.object({
  kind: z.enum(['api-key', 'token', 'operator', 'system', 'webhook']),
  id: z.string(),
  name: z.string().nullable(),
})
export type Actor = z.infer<typeof Actor>

export const AuditTargetKind = z.enum(['connection', 'sync', 'api-key', 'sign-in-link', 'tenant', 'webhook'])
export type AuditTargetKind = z.infer<typeof AuditTargetKind>

/** Fields that may be recorded. Only `auditable` makes them, so nothing gets there that it does not let pass. */
export const AuditedFields = z.record(z.string(), z.unknown()).brand<'AuditedFields'>()
export type AuditedFields = z.infer<typeof AuditedFields>

export const AuditRecord = z
  .object({
    id: AuditId,
    at: Instant.describe('When it was done'),
    tenantId: TenantId.describe('Id of the tenant whose it is'),
    actor: z
      .object({
        kind: z.string().describe('api-key, token (of a person or service), operator, system or webhook; an open set'),
        id: z.string().describe('Id of the key, or what the token says of its holder; no secret'),
        name: z.string().nullable().describe('What the key is called; null: it has no name'),
      })
      .describe('Who did it'),
    action: z.string().describe('What was done, such as connection.created; an open set'),
    target: z
      .object({
        kind: z.string().describe('connection, sync, api-key, sign-in-link, tenant or webhook; an open set'),
        id: z.string().describe('Its id'),
      })
      .describe('To what it was done'),
    connectionId: ConnectionId.nullable().describe('Id of the connection; null: it was done to none'),
    before: AuditedFields.nullable().describe('What changed, as it was before; null: there was nothing before'),
    after: AuditedFields.nullable().describe('What changed, as it is now; null: there is nothing any more'),
    requestId: z.string().nullable().describe('Id of the call by which it was done; null: by none'),
    reason: z.string().nullable().describe('Why, in the words of who did it; null: nothing was said'),
  })
  .describe('Somebody, or the system itself, did something to what belongs to a tenant.')
export type AuditRecord = z.infer<typeof AuditRecord>

/** A record as it is decided, before it has its place in the outbox. `auditRecorded` makes it. */
export interface PendingAudit {
  readonly name: typeof auditName
  readonly record: AuditRecord
}

export const auditName = 'audit.recorded'

/** The CloudEvents type of a record. */
export const auditType = `io.claritysecurity.access.${auditName}.v1`

export const AuditHeaders = z.object({
  ce_specversion: EventHeaders.shape.ce_specversion,
  ce_id: AuditId.describe('Id of the record: the same when it is repeated'),
  ce_type: z.literal(auditType).describe('That it is an audit record, with its version'),
  ce_source: z.string().describe('`/tenants/<tenant>`'),
  ce_subject: z.string().describe('Id of what it was done to'),
  ce_time: z.iso.datetime().describe('When it was done'),
  ce_dataschema: EventHeaders.shape.ce_dataschema,
  ce_partitionkey: z.string().describe('Id of the tenant'),
  ce_traceparent: EventHeaders.shape.ce_traceparent,
  ce_tenantid: EventHeaders.shape.ce_tenantid,
  'content-type': EventHeaders.shape['content-type'],
})
export type AuditHeaders = z.infer<typeof AuditHeaders>

/** The headers of the Kafka record that carries an audit record. */
export function auditHeadersOf({ id, at, tenantId, target }: AuditRecord, traceparent?: string) {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: auditType,
    ce_source: `/tenants/${tenantId}`,
    ce_subject: target.id,
    ce_time: at,
    ce_dataschema: dataSchemaOf(auditType),
    ce_partitionkey: tenantId,
    ...(traceparent !== undefined && { ce_traceparent: traceparent }),
    ce_tenantid: tenantId,
    'content-type': 'application/json',
  } satisfies AuditHeaders
}
