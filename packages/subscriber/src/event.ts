import { type EventData, type EventName, eventData, eventNameOf } from '@clarity/shared/contract/events'
import { z } from 'zod'

/** An event as a subscriber sees it. `name` says which data it has. */
export type AccessEvent = {
  [Name in EventName]: Envelope & { readonly name: Name; readonly data: EventData<Name> }
}[EventName]

/** The CloudEvents attributes that every record has. */
export interface Envelope {
  /** The same for a repeated event. */
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly time: string
  /** When it was decided, where that is later than `time`. */
  readonly recordedTime?: string
  readonly tenantId: string
  readonly connectionId: string
  /** Rises by one with each event of a connection, from 1. */
  readonly sequence: bigint
  /** The sync, or what else was asked for, that it belongs to. */
  readonly correlationId: string
  /** W3C trace context of the call that led to it. */
  readonly traceparent?: string
}

export type ParsedRecord =
  /** `raw` is the data as they came: with fields that this release does not know. */
  | { readonly state: 'known'; readonly event: AccessEvent; readonly raw: unknown }
  /** A type or version that this release does not know: not an error, but somebody may want to see it. */
  | { readonly state: 'unknown'; readonly envelope: Envelope; readonly data: unknown }
  | { readonly state: 'invalid'; readonly reason: string }

const Headers = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: z.string(),
  ce_type: z.string(),
  ce_source: z.string(),
  ce_subject: z.string(),
  ce_time: z.string(),
  ce_tenantid: z.string(),
  ce_partitionkey: z.string(),
  ce_sequence: z.string().regex(/^\d{20}$/),
  ce_correlationid: z.string(),
  ce_recordedtime: z.string().optional(),
  ce_traceparent: z.string().optional(),
})

export type RecordHeaders = Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>

/** Reads a Kafka record in CloudEvents' binary mode and validates its data by the contract. */
export function parseRecord(record: { readonly headers?: RecordHeaders; readonly value: Buffer | null }): ParsedRecord {
  const headers = Headers.safeParse(toTexts(record.headers ?? {}))
  if (!headers.success) return { state: 'invalid', reason: `headers: ${z.prettifyError(headers.error)}` }
  const envelope = toEnvelope(headers.data)
  const data = parseJson(record.value)
  if (data === undefined) return { state: 'invalid', reason: 'the value is not JSON' }
  return parseEvent(envelope, data)
}

/** Validates the data of an event that was kept with its attributes, by the contract. */
export function parseEvent(envelope: Envelope, data: unknown): ParsedRecord {
  const name = eventNameOf(envelope.type)
  if (name === null) return { state: 'unknown', envelope, data }
  const parsed = eventData[name].safeParse(data)
  if (!parsed.success) return { state: 'invalid', reason: `${name}: ${z.prettifyError(parsed.error)}` }
  // The schema that parsed the data is the one of this very name.
  return { state: 'known', event: { ...envelope, name, data: parsed.data } as AccessEvent, raw: data }
}

function toEnvelope(headers: z.infer<typeof Headers>): Envelope {
  return {
    id: headers.ce_id,
    type: headers.ce_type,
    source: headers.ce_source,
    subject: headers.ce_subject,
    time: headers.ce_time,
    ...(headers.ce_recordedtime !== undefined && { recordedTime: headers.ce_recordedtime }),
    ...(headers.ce_traceparent !== undefined && { traceparent: headers.ce_traceparent }),
    tenantId: headers.ce_tenantid,
    connectionId: headers.ce_partitionkey,
    sequence: BigInt(headers.ce_sequence),
    correlationId: headers.ce_correlationid,
  }
}

export function toTexts(headers: RecordHeaders): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]))
}

/** Undefined for what is no JSON. */
export function parseJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
