import { hash } from 'node:crypto'
import { z } from 'zod'
import { AuditRecord, auditName, type PendingAudit } from '../contract/audit.ts'
import { ServiceUser } from '../contract/entities.ts'
import { type EventData, type EventName, eventData, type NamedData, type PendingEvent } from '../contract/events.ts'
import { ConnectionId } from '../contract/ids.ts'
import { InvariantError } from '../runtime/errors.ts'
import { currentTrace } from '../runtime/trace.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

/**
 * The outbox of a shard: a Redis stream of events and audit records that are committed but not yet in Kafka. An entry's id is
 * the shard's own number (`<n>-0`). What is trimmed is in Kafka; of what is there still, Kafka knows what it has.
 */
const trimScript = loadScript('trim-outbox')

const eventNames = z.custom<EventName>((name) => typeof name === 'string' && Object.hasOwn(eventData, name))

/** What an entry holds beside its place in the connection's sequence. */
const EntryText = z.object({
  name: eventNames,
  subject: z.string(),
  tenantId: z.string(),
  connectionId: ConnectionId,
  syncId: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  data: z.custom<EventData>((data) => typeof data === 'object' && data !== null),
  entity: ServiceUser.optional(),
  recordedAt: z.string().optional(),
  traceparent: z.string().optional(),
})
export type OutboxEvent = Omit<z.infer<typeof EntryText>, 'name' | 'data'> & NamedData

/** What an entry with an audit record holds: it has no place in the sequence of a connection. */
const AuditText = z.object({ record: AuditRecord, traceparent: z.string().optional() })
export type OutboxAudit = z.infer<typeof AuditText>

/** An entry in its place. */
export interface Placed {
  /** The shard's number. */
  readonly number: bigint
  /** All that is stored, as it is stored. */
  readonly text: string
}

export interface OutboxEntry extends Placed {
  /** The connection's number, from 1 without a gap. */
  readonly sequence: bigint
  readonly event: OutboxEvent
}

export interface AuditEntry extends Placed {
  readonly audit: OutboxAudit
}

/** An entry that was damaged, or that another version has written. */
export interface UnreadableEntry extends Placed {
  readonly fault: string
  /** Null where not even that can be read. */
  readonly place: { readonly connectionId: ConnectionId; readonly sequence: bigint } | null
}

/** What can be told as it is. */
export type ReadableEntry = OutboxEntry | AuditEntry

/** Whose event it is. */
export interface EventOwner {
  readonly tenantId: string
  readonly connectionId: string
  /** The sync, or else what was asked for, that the event belongs to. */
  readonly syncId: string
}

/** What is appended to the outbox together with what it tells of. */
export type PendingEntry = PendingEvent | PendingAudit

/** As the scripts take it: its name, the text that goes into the outbox, and of an audit record whose it is and its id. */
export type WireEntry =
  | readonly [name: EventName, json: string]
  | readonly [name: typeof auditName, json: string, tenantId: string, id: string]

/** An event as the scripts take it, or an audit record that is appended beside events of `owner`, with the trace we are in. */
export function toWireEvent(entry: PendingEntry, owner: EventOwner): WireEntry {
  if (entry.name === auditName) {
    if (entry.record.tenantId === owner.tenantId) return toWireAudit(entry)
    throw new InvariantError('An audit record is of another tenant than what it tells of', { auditId: entry.record.id })
  }
  const { name, subject, before, after, data, entity, recordedAt } = entry
  const { tenantId, syncId } = owner
  const connectionId = ConnectionId.parse(owner.connectionId)
  const whose = { tenantId, connectionId, syncId, traceparent: currentTrace() }
  const text: z.input<typeof EntryText> = { name, subject, ...whose, before, after, data, entity, recordedAt }
  return [name, JSON.stringify(text)]
}

/** An audit record as the scripts take it, with the trace we are in. */
export function toWireAudit({ name, record }: PendingAudit): WireEntry {
  const text: OutboxAudit = { record, traceparent: currentTrace() }
  return [name, JSON.stringify(text), record.tenantId, record.id]
}

/** What Redis knows of how far a shard is. */
export interface OutboxPosition {
  /** The number of the last entry that is known to be in Kafka; null before the first. */
  readonly published: bigint | null
  /** The number of the last entry that was ever appended; 0 before the first. */
  readonly last: bigint
}

export interface OutboxPage {
  readonly published: bigint | null
  readonly entries: readonly (ReadableEntry | UnreadableEntry)[]
}

export interface Outbox {
  /** The oldest entries of a shard after the number `after`, in order, and at the same moment how far Redis knows it is. */
  read(shard: number, count: number, after?: bigint): Promise<OutboxPage>
  /**
   * Notes that the entries up to and with `last` are in Kafka, and forgets them. False, and nothing is done, when Redis does
   * not know the shard at `from`, or has not that very entry: it has lost something, or another publisher was here.
   */
  trim(shard: number, from: bigint | null, last: Placed): Promise<boolean>
  position(shard: number): Promise<OutboxPosition>
  /** How many entries wait. */
  size(shard: number): Promise<number>
  /** How many entries wait in the shard of a connection. */
  sizeFor(connectionId: ConnectionId): Promise<number>
}

export function createOutbox(redis: RedisClient, keys: Keys): Outbox {
  return {
    async read(shard, count, after = 0n) {
      const { outbox, published } = keys.shard(shard)
      const [known, page] = await redis
        .multi()
        .get(published)
        .xrange(outbox, `${after + 1n}-0`, '+', 'COUNT', count)
        .exec()
        .then(resultsOf)
      return { published: Marker.parse(known), entries: Page.parse(page).map(([id, fields]) => parseEntry(id, fields)) }
    },
    async trim(shard, from, last) {
      const { outbox, published } = keys.shard(shard)
      const numbers = [from === null ? '' : String(from), String(last.number)]
      return (await trimScript(redis, [outbox, published], [...numbers, toFingerprint(last.text)])) === 1
    },
    async position(shard) {
      const { outboxNumber, published } = keys.shard(shard)
      const [known, last] = await redis.mget(published, outboxNumber)
      return { published: Marker.parse(known), last: BigInt(last ?? 0) }
    },
    size: (shard) => redis.xlen(keys.shard(shard).outbox),
    sizeFor: (connectionId) => redis.xlen(keys.shard(keys.shardOf(connectionId)).outbox),
  }
}

/** The same for the same entries in the same places, and for no others. */
export function digestOfEntries(entries: readonly Placed[]): string {
  const texts = entries.map(({ number, text }) => `${number} ${text.length} ${text}\n`)
  return hash('sha256', texts.join(''), 'base64url')
}

/** As Redis reckons it; empty for a text of which some bytes were no text, for they were replaced when it was read. */
function toFingerprint(text: string): string {
  return text.includes('\uFFFD') ? '' : hash('sha1', text, 'hex')
}

const Marker = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : BigInt(text)))
const Page = z.array(z.tuple([z.string(), z.array(z.string())]))

function resultsOf(replies: [error: Error | null, result: unknown][] | null): unknown[] {
  if (replies === null) throw new InvariantError('Redis gave up a transaction that watches nothing', {})
  return replies.map(([error, result]) => {
    if (error !== null) throw error
    return result
  })
}

const EventFields = z.tuple([
  z.literal('connection'),
  ConnectionId,
  z.literal('sequence'),
  z.string().regex(/^[1-9]\d*$/),
  z.literal('event'),
  z.string(),
])
const AuditFields = z.tuple([z.literal('tenant'), z.string(), z.literal('audit'), z.string()])

function parseEntry(id: string, fields: readonly string[]): ReadableEntry | UnreadableEntry {
  const placed = { number: BigInt(id.slice(0, id.indexOf('-'))), text: fields.join('\n') }
  // Nearly all are events: what a schema refuses costs several times what it takes.
  const ofAudit = fields[0] === 'tenant' ? AuditFields.safeParse(fields) : null
  if (ofAudit?.success) return parseAuditEntry(placed, ofAudit.data)
  const parsed = EventFields.safeParse(fields)
  if (!parsed.success) return { ...placed, fault: 'the entry has an unknown form', place: null }
  const [, connectionId, , sequence, , json] = parsed.data
  const place = { connectionId, sequence: BigInt(sequence) }
  const event = parseEvent(json)
  if (event === null) return { ...placed, fault: 'the entry holds no known event', place }
  if (event.connectionId !== connectionId) return { ...placed, fault: 'it is of another connection', place }
  return { ...placed, sequence: place.sequence, event }
}

function parseAuditEntry(placed: Placed, fields: z.infer<typeof AuditFields>): AuditEntry | UnreadableEntry {
  const [, tenantId, , json] = fields
  const audit = parseJson(json, AuditText)
  if (audit === null) return { ...placed, fault: 'the entry holds no known audit record', place: null }
  if (audit.record.tenantId !== tenantId) return { ...placed, fault: 'it is of another tenant', place: null }
  return { ...placed, audit }
}

function parseEvent(json: string): OutboxEvent | null {
  // Which data a name has, its schema says; it was checked by the types of whoever wrote it.
  return parseJson(json, EntryText) as OutboxEvent | null
}

function parseJson<Schema extends z.ZodType>(json: string, schema: Schema): z.infer<Schema> | null {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return null
  }
}
