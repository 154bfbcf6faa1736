import type { Redis } from 'ioredis'
import { z } from 'zod'
import { Connection } from '../contract/connections.ts'
import type { ConnectionId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import { freeReservations } from './reservations.ts'

/**
 * Removes every key of a connection, and its name from every list; the identifier stays taken, for it is never given to
 * another connection. What of it waits in the outbox stays: it is to be told yet.
 */
export async function forgetConnection(redis: Redis, keys: Keys, connectionId: ConnectionId): Promise<void> {
  const { record } = keys.connection(connectionId)
  const { scheduled, holds, releases, openSyncs, removing } = keys.shard(keys.shardOf(connectionId))
  const json = await redis.hget(record, 'record')
  if (json !== null) await freeReservations(redis, keys, Connection.parse(JSON.parse(json)))
  const found = [record]
  // Redis reads the braces of a key as they are.
  for await (const page of redis.scanStream({ match: `${record}:*`, count: 1_000 })) {
    found.push(...z.array(z.string()).parse(page))
  }
  const open = await redis.smembers(openSyncs)
  const ofThis = open.filter((member) => member.startsWith(`${connectionId}/`))
  const change = redis
    .multi()
    .unlink(...found)
    .srem(scheduled, connectionId)
    .zrem(holds, connectionId)
  change.srem(releases, connectionId).srem(removing, connectionId)
  if (ofThis.length > 0) change.srem(openSyncs, ...ofThis)
  await change.exec()
}
