import { z } from 'zod'

/**
 * The attributes of an event as headers of its Kafka record: CloudEvents 1.0 in binary content mode. All are text.
 * Receivers ignore headers that they do not know.
 */
export const EventHeaders = z.object({
  ce_specversion: z.literal('1.0').describe('Version of CloudEvents'),
  ce_id: z.string().describe('Unique within the source; the same when an event is repeated'),
  ce_type: z.string().describe('What happened, with its version'),
  ce_source: z.string().describe('`/tenants/<tenant>/connections/<connection>`'),
  ce_subject: z.string().describe('Id of the entity that it is about'),
  ce_time: z.iso.datetime().describe('When Bitbucket was read'),
  ce_recordedtime: z.iso
    .datetime()
    .optional()
    .describe('When it was decided, where that is later than ce_time: a removal that was held'),
  ce_dataschema: z.string().describe('`$id` of the JSON Schema of the value'),
  ce_sequence: z
    .string()
    .regex(/^[0-9]{20}$/)
    .describe('Number of the event within its connection, from 1 without a gap; padded, so that it sorts as text'),
  ce_partitionkey: z.string().describe('Id of the connection'),
  ce_correlationid: z.string().describe('Id of the sync that it belongs to, or of what else was asked for'),
  ce_traceparent: z.string().optional().describe('W3C trace context of the call that led to it'),
  ce_tenantid: z.string().describe('Id of the tenant'),
  'content-type': z.literal('application/json').describe('Of the value'),
})
export type EventHeaders = z.infer<typeof EventHeaders>

/** The `$id` of the JSON Schema of a CloudEvents type's data. It is a name: nothing is fetched from there. */
export function dataSchemaOf(type: string): string {
  return `tag:claritysecurity.io,2026:access/${type.replace('io.claritysecurity.access.', '')}`
}
