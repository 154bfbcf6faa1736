import type { Redis } from 'ioredis'
import { ConfigError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'

/**
 * Holds the number of shards fixed: the first service of a deployment writes it down, every other one must agree.
 * With another number the keys of every connection would be looked for in the wrong place.
 */
export async function checkDeployment(redis: Redis, keys: Keys): Promise<void> {
  await redis.hsetnx(keys.deployment, 'shards', keys.shards)
  const stored = Number(await redis.hget(keys.deployment, 'shards'))
  if (stored === keys.shards) return
  throw new ConfigError([
    {
      field: 'SHARDS',
      message: `is ${keys.shards}, but this deployment was begun with ${stored}`,
      remedy: `Set SHARDS to ${stored} in every service; the number is fixed for a deployment.`,
    },
  ])
}
