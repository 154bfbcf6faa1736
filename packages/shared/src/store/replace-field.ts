import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

const script = loadScript('replace-field')

/**
 * Puts `next` in the place of `read` in a field of a hash, or removes the field when `next` is null; false when another
 * value stands there by now, or none.
 */
export async function replaceField(redis: RedisClient, key: string, field: string, read: string, next: string | null) {
  return (await script(redis, [key], [field, read, ...(next === null ? [] : [next])])) === 1
}
