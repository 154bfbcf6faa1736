import { mastersOf, type RedisClient } from '@clarity/shared/store/redis-client'

/** The names of all keys that match, of whichever server. */
export async function listKeys(redis: RedisClient, pattern: string): Promise<string[]> {
  return (await Promise.all(mastersOf(redis).map((master) => master.keys(pattern)))).flat()
}

/** All that a key holds, as text. */
export async function readKey(redis: RedisClient, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'string':
      return `${await redis.get(key)}`
    case 'hash':
      return JSON.stringify(await redis.hgetall(key))
    case 'set':
      return JSON.stringify(await redis.smembers(key))
    case 'zset':
      return JSON.stringify(await redis.zrange(key, 0, '-1'))
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1))
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'))
    case 'none':
      // It was there a moment ago.
      return ''
    default:
      throw new Error(`${key} is of a type that this test does not read`)
  }
}
