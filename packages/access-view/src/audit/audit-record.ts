import { z } from 'zod'

/** What is needed of a record of the audit topic to find it again. It is kept whole, with whatever else it has. */
export const AuditRecord = z.looseObject({
  id: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
  actor: z.looseObject({ kind: z.string(), id: z.string(), name: z.string().nullish() }),
  action: z.string(),
  target: z.looseObject({ kind: z.string(), id: z.string() }),
  connectionId: z.string().nullish(),
})
export type AuditRecord = z.infer<typeof AuditRecord>

/** A record with the tenant in which it was done. */
export interface TenantRecord {
  readonly tenantId: string
  readonly record: AuditRecord
}
