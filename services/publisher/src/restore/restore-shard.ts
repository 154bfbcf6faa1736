import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Keys } from '@clarity/shared/store/keys'
import type { Outbox, ReadableEntry } from '@clarity/shared/store/outbox'
import type { RedisClient } from '@clarity/shared/store/redis-client'
import { Restoration } from '@clarity/shared/store/restoration'
import { type LostShard, lostWithRedis, planRestoration } from './plan-restoration.ts'
import { readSnapshots, type StateSource } from './read-snapshots.ts'
import { readToldIds } from './read-told-ids.ts'

export interface RestoreOptions extends StateSource {
  readonly redis: RedisClient
  readonly keys: Keys
  readonly outbox: Outbox
  /** Of the topics of changes and of state. */
  readonly partitions: number
  readonly log: Logger
  readonly nowMs: () => number
}

const entriesPerPage = 1_000

/**
 * Puts a shard of Redis back to what Kafka has of it, of which `published` is the last entry: facts and numbers of each connection
 * that Redis has lost something of. It is done as a whole before anything else is appended; interrupted, it is done anew.
 * @throws DependencyError, FencedError when somebody else has begun it since
 */
export async function restoreShard(options: RestoreOptions, shard: number, published: bigint): Promise<void> {
  const { redis, keys, outbox, log, nowMs } = options
  const where = { event: 'shard.restoring', shard, publishedInKafka: String(published) }
  const restoration = await Restoration.freeze(redis, keys, shard)
  const position = await outbox.position(shard)
  log.error({ ...where, lastInRedis: String(position.last) }, 'Redis has lost what is in Kafka: restoring the shard')
  const isOfShard = (connectionId: ConnectionId) => keys.shardOf(connectionId) === shard
  const snapshots = await readSnapshots(options, partitionsOf(shard, keys.shards, options.partitions), isOfShard)
  const { entries, damaged } = await readAll(outbox, shard)
  const sequences = await restoration.readSequences([...snapshots.keys()])
  const toldIds = await readToldIds(options, new Set(snapshots.keys()), entries)
  const plan = planRestoration({ snapshots, sequences, entries, damaged, toldIds })
  for (const entry of plan.kept) if ('event' in entry) snapshots.get(entry.event.connectionId)?.takeAhead(entry.event)
  for (const { snapshot, sequence } of plan.restored) {
    await restoration.restore(snapshot, sequence, String(nowMs()))
    const { connectionId, details } = snapshot
    log.warn(
      { event: 'connection.restored', tenantId: details?.tenantId, connectionId, sequence: String(sequence) },
      'facts and numbers are those that were told last',
    )
  }
  for (const snapshot of plan.ended) await restoration.forget(snapshot)
  for (const { connectionId, syncId } of plan.undone) await restoration.undo(connectionId, syncId, lostWithRedis)
  await restoration.fenceOff(plan.restored.map(({ snapshot }) => snapshot.connectionId))
  const last = published > position.last ? published : position.last
  await restoration.finish(last, plan.kept)
  const counts = { connections: plan.restored.length, kept: plan.kept.length, dropped: plan.dropped }
  log.warn({ ...where, event: 'shard.restored', ...counts }, 'restored')
}

/** The partitions that connections of a shard can be in: both numbers come from the same hash. */
export function partitionsOf(shard: number, shards: number, partitions: number): Set<number> {
  const step = greatestCommonDivisor(shards, partitions)
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  return new Set(all.filter((partition) => partition % step === shard % step))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** All that waits; one that cannot be read cannot be told either. */
async function readAll(outbox: Outbox, shard: number): Promise<Pick<LostShard, 'entries' | 'damaged'>> {
  const readable: ReadableEntry[] = []
  const damaged = new Set<ConnectionId>()
  for (let after = 0n; ; ) {
    const { entries } = await outbox.read(shard, entriesPerPage, after)
    for (const entry of entries) {
      if (!('fault' in entry)) readable.push(entry)
      else if (entry.place !== null) damaged.add(entry.place.connectionId)
    }
    const last = entries.at(-1)
    if (last === undefined) return { entries: readable, damaged }
    after = last.number
  }
}
