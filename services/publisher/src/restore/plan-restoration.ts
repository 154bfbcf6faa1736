import type { EventName } from '@clarity/shared/contract/events'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { OutboxEntry } from '@clarity/shared/store/outbox'
import type { KeptEntry } from '@clarity/shared/store/restoration'
import type { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { eventIdOf } from '../record.ts'

export interface LostShard {
  /** Of all connections that Kafka knows in the shard. */
  readonly snapshots: ReadonlyMap<ConnectionId, ConnectionSnapshot>
  /** The last number of each of them, as Redis has it. */
  readonly sequences: ReadonlyMap<ConnectionId, bigint>
  /** All that waits and can be read, in order. */
  readonly entries: readonly OutboxEntry[]
  /** Connections of which something waits that cannot be read. */
  readonly damaged: ReadonlySet<ConnectionId>
  /** Ids of the events that Kafka has, as far back as the entries reach. */
  readonly toldIds: ReadonlySet<string>
}

export interface RestorationPlan {
  /** Connections that are put back to what was told of them, with the number that their next event follows. */
  readonly restored: readonly { readonly snapshot: ConnectionSnapshot; readonly sequence: bigint }[]
  /** Connections that have come to their end, of which Redis knows still. */
  readonly ended: readonly ConnectionSnapshot[]
  /** What is still to be told, in order, with the numbers that it gets. */
  readonly kept: readonly KeptEntry[]
  /** How many entries were told already, or speak of facts that the next sync will find again. */
  readonly dropped: number
}

/**
 * Of a connection that goes on where Kafka is, all is kept. One that Redis knows less of than Kafka, or that has gone on from an
 * older state, is put back to what was told. Its new events about facts are dropped with the facts: the next
 * sync finds what has changed. What else happened since is told under new numbers.
 */
export function planRestoration({ snapshots, sequences, entries, damaged, toldIds }: LostShard): RestorationPlan {
  const waiting = Map.groupBy(entries, ({ event }) => event.connectionId)
  const ended = [...snapshots.values()].filter(({ removed }) => removed)
  const lost = [...snapshots.values()].filter(
    (snapshot) =>
      !snapshot.removed &&
      (damaged.has(snapshot.connectionId) || !goesOn(snapshot, sequences, waiting.get(snapshot.connectionId) ?? [])),
  )
  const next = new Map(lost.map(({ connectionId, sequence }) => [connectionId, sequence]))
  const gone = new Set(ended.map(({ connectionId }) => connectionId))
  const kept = entries.flatMap((entry): KeptEntry[] => {
    const { connectionId } = entry.event
    if (gone.has(connectionId)) return []
    const last = next.get(connectionId)
    if (last === undefined) return [{ sequence: entry.sequence, event: entry.event }]
    if (!outlivesFacts(entry.event.name) || toldIds.has(eventIdOf(entry))) return []
    next.set(connectionId, last + 1n)
    return [{ sequence: last + 1n, event: entry.event }]
  })
  const restored = lost.map((snapshot) => ({
    snapshot,
    sequence: next.get(snapshot.connectionId) ?? snapshot.sequence,
  }))
  return { restored, ended, kept, dropped: entries.length - kept.length }
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

/** What is true whatever the facts are; that a sync was completed is true of what it told before. */
function outlivesFacts(name: EventName): boolean {
  if (name === 'sync.completed' || name === 'sync.held' || name === 'sync.released') return false
  return ['sync.', 'connection.', 'stream.'].some((family) => name.startsWith(family))
}
