import { ConfigError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import { toDependencyError } from './redis.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * Holds the number of shards fixed: the first service of a deployment writes it down, every other one must agree.
 * With another number the keys of every connection would be looked for in the wrong place.
 * @throws ConfigError when it does not agree, DependencyError when Redis is away and the connection does not wait.
 */
export async function checkDeployment(redis: RedisClient, keys: Keys): Promise<void> {
  const stored = await readShards(redis, keys).catch((error: unknown) => {
    throw toDependencyError(error)
  })
  if (stored === keys.shards) return
  throw new ConfigError([
    {
      field: 'SHARDS',
      message: `is ${keys.shards}, but this deployment was begun with ${stored}`,
      remedy: `Set SHARDS to ${stored} in every service; the number is fixed for a deployment.`,
    },
  ])
}

async function readShards(redis: RedisClient, keys: Keys): Promise<number> {
  await redis.hsetnx(keys.deployment, 'shards', keys.shards)
  return Number(await redis.hget(keys.deployment, 'shards'))
}
