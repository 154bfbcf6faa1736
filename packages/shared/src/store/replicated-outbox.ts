import { DependencyError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import type { Outbox, Placed } from './outbox.ts'
import type { RedisClient } from './redis-client.ts'

export interface ReplicationOptions {
  /** A connection of its own: it waits for replicas, and whatever else is sent over it waits too. */
  readonly redis: RedisClient
  /** How many replicas must have an entry before it is given away. */
  readonly replicas: number
}

const waitMs = 500

/**
 * An outbox that gives nothing away which a promoted replica would not have. Redis says only of what a connection has written
 * itself whether replicas have it; so, on one connection and in this order:
 *
 *   the last entry of the page is there still -> something is written after it -> so many replicas have that, and all before it
 *
 * What was read from a master that has been replaced meanwhile is found not to be there.
 */
export function createReplicatedOutbox(outbox: Outbox, keys: Keys, options: ReplicationOptions): Outbox {
  return {
    ...outbox,
    async read(shard, count, after) {
      const page = await outbox.read(shard, count, after)
      const last = page.entries.at(-1)
      if (last !== undefined) await confirm(keys, shard, last, options)
      return page
    },
  }
}

async function confirm(keys: Keys, shard: number, last: Placed, { redis, replicas }: ReplicationOptions) {
  const { outbox, replicated } = keys.shard(shard)
  const id = `${last.number}-0`
  const replies = await redis
    .pipeline()
    .xrange(outbox, id, id)
    .set(replicated, String(last.number))
    .wait(replicas, waitMs)
    .exec()
  const [found, , acknowledged] = (replies ?? []).map(([error, reply]) => {
    if (error !== null) throw error
    return reply
  })
  if (textOf(found) === last.text && Number(acknowledged) >= replicas) return
  throw new DependencyError('redis', `Fewer than ${replicas} replicas of Redis have what is to be published`, {
    remedy: 'See that the replicas of Redis run and are connected; REDIS_REPLICAS says how many must be.',
    context: { shard, acknowledged: Number(acknowledged) },
  })
}

/** The text of the one entry of a page; null when there is none. */
function textOf(page: unknown): string | null {
  const [entry] = Array.isArray(page) ? page : []
  return Array.isArray(entry) && Array.isArray(entry[1]) ? entry[1].join('\n') : null
}
