import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { SyncFailure } from '@clarity/shared/contract/syncs'
import type { OutboxEntry, OutboxEvent, ReadableEntry } from '@clarity/shared/store/outbox'
import type { KeptEntry, KeptEvent } from '@clarity/shared/store/restoration'
import type { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { eventIdOf } from '../record.ts'

export interface LostShard {
  /** Of all connections that Kafka knows in the shard. */
  readonly snapshots: ReadonlyMap<ConnectionId, ConnectionSnapshot>
  /** The last number of each of them, as Redis has it. */
  readonly sequences: ReadonlyMap<ConnectionId, bigint>
  /** All that waits and can be read, in order. */
  readonly entries: readonly ReadableEntry[]
  /** Connections of which something waits that cannot be read. */
  readonly damaged: ReadonlySet<ConnectionId>
  /** Ids of the events and audit records that Kafka has, as far back as the entries reach. */
  readonly toldIds: ReadonlySet<string>
}

export interface RestorationPlan {
  /** Connections that are put back to what was told of them, with the number that their next event follows. */
  readonly restored: readonly { readonly snapshot: ConnectionSnapshot; readonly sequence: bigint }[]
  /** Connections that have come to their end, of which Redis knows still. */
  readonly ended: readonly ConnectionSnapshot[]
  /** What is still to be told, in order, with the numbers that it gets. */
  readonly kept: readonly KeptEntry[]
  /** Syncs that told facts which are dropped: they have failed. */
  readonly undone: readonly { readonly connectionId: ConnectionId; readonly syncId: string }[]
  /** How many entries were told already, or speak of facts that the next sync will find again. */
  readonly dropped: number
}

/**
 * Of a connection that goes on where Kafka is, all is kept. One that Redis knows less of than Kafka, or that has gone on from an
 * older state, is put back to what was told. Its new events about facts are dropped with the facts: the next
 * sync finds what has changed. What else happened since is told under new numbers. What somebody did is told whatever became of
 * it: of the audit records only those are dropped that Kafka has already.
 */
export function planRestoration({ snapshots, sequences, entries, damaged, toldIds }: LostShard): RestorationPlan {
  const events = entries.filter((entry) => 'event' in entry)
  const waiting = Map.groupBy(events, ({ event }) => event.connectionId)
  const ended = [...snapshots.values()].filter(({ removed }) => removed)
  const lost = [...snapshots.values()].filter(
    (snapshot) =>
      !snapshot.removed &&
      (damaged.has(snapshot.connectionId) || !goesOn(snapshot, sequences, waiting.get(snapshot.connectionId) ?? [])),
  )
  const next = new Map(lost.map(({ connectionId, sequence }) => [connectionId, sequence]))
  const gone = new Set(ended.map(({ connectionId }) => connectionId))
  const keptEvent = (entry: OutboxEntry): KeptEvent[] => {
    const { connectionId } = entry.event
    if (gone.has(connectionId)) return []
    const last = next.get(connectionId)
    if (last === undefined) return [{ sequence: entry.sequence, event: entry.event }]
    const event = withoutFacts(entry.event)
    if (event === null || toldIds.has(eventIdOf(entry))) return []
    next.set(connectionId, last + 1n)
    return [{ sequence: last + 1n, event }]
  }
  const kept = entries.flatMap((entry): KeptEntry[] => {
    if ('event' in entry) return keptEvent(entry)
    return toldIds.has(entry.audit.record.id) ? [] : [{ audit: entry.audit }]
  })
  const restored = lost.map((snapshot) => ({
    snapshot,
    sequence: next.get(snapshot.connectionId) ?? snapshot.sequence,
  }))
  const isUndone = ({ event }: KeptEvent) => event.name === 'sync.failed' && event.data.error === lostWithRedis
  const undone = kept
    .filter((entry) => 'event' in entry)
    .filter(isUndone)
    .map(({ event: { connectionId, syncId } }) => ({ connectionId, syncId }))
  return { restored, ended, kept, undone, dropped: entries.length - kept.length }
}

/** Whether Redis has all that Kafka has of a connection, and what waits is what follows. */
function goesOn(
  { connectionId, sequence }: ConnectionSnapshot,
  sequences: ReadonlyMap<ConnectionId, bigint>,
  waiting: readonly OutboxEntry[],
): boolean {
  const [first] = waiting
  if (first !== undefined) return first.sequence === sequence + 1n
  return sequences.get(connectionId) === sequence
}

/** What is true of an event whatever the facts are; null when that is nothing. */
function withoutFacts(event: OutboxEvent): OutboxEvent | null {
  switch (event.name) {
    case 'sync.completed': {
      // It would say that all it found was told before it.
      const { stats: _, evidence: __, requests: ___, ...data } = event.data
      return { ...event, name: 'sync.failed', after: 'failed', data: { ...data, error: lostWithRedis } }
    }
    case 'sync.held':
    case 'sync.released':
      return null
    default:
      return ['sync.', 'connection.', 'stream.'].some((family) => event.name.startsWith(family)) ? event : null
  }
}

/** Why a sync that was completed has failed after all. */
export const lostWithRedis: SyncFailure = {
  code: 'lost-with-redis',
  title: 'Redis has lost data while the sync ran, so what it had found was not told',
  retryable: true,
  remedy: 'Sync again: what it had found is found again.',
}
