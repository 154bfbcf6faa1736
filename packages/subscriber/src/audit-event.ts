import { AuditHeaders, AuditRecord, auditType } from '@clarity/shared/contract/audit'
import { z } from 'zod'
import { parseJson, type RecordHeaders, toTexts } from './event.ts'

export type ParsedAudit =
  | { readonly state: 'known'; readonly record: AuditRecord; readonly traceparent?: string }
  /** A type or version that this release does not know: not an error, but somebody may want to see it. */
  | { readonly state: 'unknown'; readonly type: string; readonly data: unknown }
  | { readonly state: 'invalid'; readonly reason: string }

/** Reads a record of the audit topic in CloudEvents' binary mode and validates it by the contract. */
export function parseAudit(record: { readonly headers?: RecordHeaders; readonly value: Buffer | null }): ParsedAudit {
  const headers = toTexts(record.headers ?? {})
  const data = parseJson(record.value)
  if (data === undefined) return { state: 'invalid', reason: 'the value is not JSON' }
  const { ce_type: type } = headers
  if (type !== undefined && type !== auditType) return { state: 'unknown', type, data }
  const attributes = AuditHeaders.safeParse(headers)
  if (!attributes.success) return { state: 'invalid', reason: `headers: ${z.prettifyError(attributes.error)}` }
  const parsed = AuditRecord.safeParse(data)
  if (!parsed.success) return { state: 'invalid', reason: `audit.recorded: ${z.prettifyError(parsed.error)}` }
  const { ce_traceparent: traceparent } = attributes.data
  return { state: 'known', record: parsed.data, ...(traceparent !== undefined && { traceparent }) }
}
