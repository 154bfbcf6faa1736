import { DependencyError } from '@clarity/shared/runtime/errors'
import type { Keys } from '@clarity/shared/store/keys'
import type { RedisClient } from '@clarity/shared/store/redis-client'

/**
 * Whether what is lost may be restored. A Redis that lacks a part has an older copy of its data, and is mended at once. One that
 * knows nothing at all may be a wrong one: then somebody has to say that it is to be filled from Kafka.
 */
export async function checkMayRestore(redis: RedisClient, keys: Keys): Promise<void> {
  if (!(await isEmpty(redis, keys)) || (await redis.hexists(keys.deployment, wish)) === 1) return
  throw new DependencyError('redis', 'This Redis is empty, but Kafka has events of this deployment', {
    remedy:
      'If REDIS_URL and REDIS_KEY_PREFIX are right and the data is lost, run `npm run rebuild`: facts and numbers come back from Kafka.',
  })
}

/** Says that an empty Redis is to be filled from Kafka. */
export async function wishRebuild(redis: RedisClient, keys: Keys, at: string): Promise<void> {
  await redis.hset(keys.deployment, wish, at)
}

/** Whether Redis knows of no shard that anything of it was ever published. */
export async function isEmpty(redis: RedisClient, keys: Keys): Promise<boolean> {
  const shards = Array.from({ length: keys.shards }, (_, shard) => keys.shard(shard).published)
  const known = await Promise.all(shards.map((key) => redis.exists(key)))
  return known.every((exists) => exists === 0)
}

/** Field of the deployment's own key: when it was said. */
const wish = 'rebuild'
