import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type EventData, type EventName, eventData, type PendingEvent } from '../contract/events.ts'
import { ConnectionId } from '../contract/ids.ts'
import { InvariantError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'

/**
 * The outbox of a shard: a Redis stream of events that are committed but not yet in Kafka. An entry's id is
 * the shard's own number (`<n>-0`). What is trimmed is in Kafka; of what is there still, Kafka knows what it has.
 */

const eventNames = z.custom<EventName>((name) => typeof name === 'string' && Object.hasOwn(eventData, name))

/** What an entry holds beside its place in the connection's sequence. */
export const OutboxEvent = z.object({
  name: eventNames,
  subject: z.string(),
  tenantId: z.string(),
  connectionId: ConnectionId,
  syncId: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  data: z.custom<EventData>((data) => typeof data === 'object' && data !== null),
})
export type OutboxEvent = z.infer<typeof OutboxEvent>

export interface OutboxEntry {
  /** The shard's number. */
  readonly number: bigint
  /** The connection's number, from 1 without a gap. */
  readonly sequence: bigint
  readonly event: OutboxEvent
}

/** Whose event it is. */
export interface EventOwner {
  readonly tenantId: string
  readonly connectionId: string
  readonly syncId: string
}

/** An event as the scripts take it: its name, to be counted, and the text that goes into the outbox. */
export function toWireEvent(event: PendingEvent, owner: EventOwner): readonly [name: string, json: string] {
  const { name, subject, before, after, data } = event
  const { tenantId, syncId } = owner
  const connectionId = ConnectionId.parse(owner.connectionId)
  return [
    name,
    JSON.stringify({ name, subject, tenantId, connectionId, syncId, before, after, data } satisfies OutboxEvent),
  ]
}

export interface Outbox {
  /** The oldest entries of a shard after the number `after`, in order. */
  read(shard: number, count: number, after?: bigint): Promise<OutboxEntry[]>
  /** Forgets the entries up to and with this number: they are in Kafka. */
  trim(shard: number, number: bigint): Promise<void>
  /** How many entries wait. */
  size(shard: number): Promise<number>
  /** How many entries wait in the shard of a connection. */
  sizeFor(connectionId: ConnectionId): Promise<number>
  /** The number of the last entry that was ever appended; 0 before the first. */
  lastNumber(shard: number): Promise<bigint>
}

export function createOutbox(redis: Redis, keys: Keys): Outbox {
  return {
    async read(shard, count, after = 0n) {
      const entries = await redis.xrange(keys.shard(shard).outbox, `${after + 1n}-0`, '+', 'COUNT', count)
      return entries.map(([id, fields]) => parseEntry(shard, id, fields))
    },
    async trim(shard, number) {
      await redis.xtrim(keys.shard(shard).outbox, 'MINID', `${number + 1n}-0`)
    },
    size: (shard) => redis.xlen(keys.shard(shard).outbox),
    sizeFor: (connectionId) => redis.xlen(keys.shard(keys.shardOf(connectionId)).outbox),
    lastNumber: async (shard) => BigInt((await redis.get(keys.shard(shard).outboxNumber)) ?? 0),
  }
}

const Fields = z.tuple([
  z.literal('connection'),
  z.string(),
  z.literal('sequence'),
  z.string().regex(/^\d+$/),
  z.literal('event'),
  z.string(),
])

function parseEntry(shard: number, id: string, fields: readonly string[]): OutboxEntry {
  const parsed = Fields.safeParse(fields)
  const [number] = id.split('-')
  if (!parsed.success || number === undefined) {
    throw new InvariantError('An outbox entry has an unknown form', { shard, entry: id })
  }
  const event = OutboxEvent.safeParse(JSON.parse(parsed.data[5]))
  if (!event.success) throw new InvariantError('An outbox entry holds no known event', { shard, entry: id })
  return { number: BigInt(number), sequence: BigInt(parsed.data[3]), event: event.data }
}
