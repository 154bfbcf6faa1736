import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { ServiceUser } from '../contract/entities.ts'
import { type EventData, type EventName, eventData, type NamedData, type PendingEvent } from '../contract/events.ts'
import { ConnectionId } from '../contract/ids.ts'
import { InvariantError } from '../runtime/errors.ts'
import { currentTrace } from '../runtime/trace.ts'
import type { Keys } from './keys.ts'
import { loadScript } from './script.ts'

/**
 * The outbox of a shard: a Redis stream of events that are committed but not yet in Kafka. An entry's id is
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

/** An entry that was damaged, or that another version has written. */
export interface UnreadableEntry extends Placed {
  readonly fault: string
  /** Null where not even that can be read. */
  readonly place: { readonly connectionId: ConnectionId; readonly sequence: bigint } | null
}

/** Whose event it is. */
export interface EventOwner {
  readonly tenantId: string
  readonly connectionId: string
  /** The sync, or else what was asked for, that the event belongs to. */
  readonly syncId: string
}

/** An event as the scripts take it: its name, to be counted, and the text that goes into the outbox, with the trace we are in. */
export function toWireEvent(event: PendingEvent, owner: EventOwner): readonly [name: string, json: string] {
  const { name, subject, before, after, data, entity, recordedAt } = event
  const { tenantId, syncId } = owner
  const connectionId = ConnectionId.parse(owner.connectionId)
  const whose = { tenantId, connectionId, syncId, traceparent: currentTrace() }
  const text: z.input<typeof EntryText> = { name, subject, ...whose, before, after, data, entity, recordedAt }
  return [name, JSON.stringify(text)]
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
  readonly entries: readonly (OutboxEntry | UnreadableEntry)[]
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

export function createOutbox(redis: Redis, keys: Keys): Outbox {
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

const Fields = z.tuple([
  z.literal('connection'),
  ConnectionId,
  z.literal('sequence'),
  z.string().regex(/^[1-9]\d*$/),
  z.literal('event'),
  z.string(),
])

function parseEntry(id: string, fields: readonly string[]): OutboxEntry | UnreadableEntry {
  const number = BigInt(id.slice(0, id.indexOf('-')))
  const text = fields.join('\n')
  const parsed = Fields.safeParse(fields)
  if (!parsed.success) return { number, text, fault: 'the entry has an unknown form', place: null }
  const [, connectionId, , sequence, , json] = parsed.data
  const place = { connectionId, sequence: BigInt(sequence) }
  const event = parseEvent(json)
  if (event === null) return { number, text, fault: 'the entry holds no known event', place }
  if (event.connectionId !== connectionId) return { number, text, fault: 'it is of another connection', place }
  return { number, text, sequence: place.sequence, event }
}

function parseEvent(json: string): OutboxEvent | null {
  try {
    // Which data a name has, its schema says; it was checked by the types of whoever wrote it.
    return EntryText.parse(JSON.parse(json)) as OutboxEvent
  } catch {
    return null
  }
}
