import { Connection } from '../contract/connections.ts'
import type { ConnectionId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { freeReservations } from './reservations.ts'
import { scanKeys } from './scan-keys.ts'

/**
 * Removes every key of a connection, and its name from every list; the identifier stays taken, for it is never given to
 * another connection. What of it waits in the outbox stays: it is to be told yet.
 */
export async function forgetConnection(redis: RedisClient, keys: Keys, connectionId: ConnectionId): Promise<void> {
  const { record } = keys.connection(connectionId)
  const { scheduled, holds, releases, openSyncs, removing } = keys.shard(keys.shardOf(connectionId))
  const json = await redis.hget(record, 'record')
  if (json !== null) await freeReservations(redis, keys, Connection.parse(JSON.parse(json)))
  const found = [record]
  // Redis reads the braces of a key as they are.
  for await (const page of scanKeys(redis, { match: `${record}:*`, count: 1_000 })) found.push(...page)
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
