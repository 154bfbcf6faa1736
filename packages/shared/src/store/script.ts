import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DependencyError } from '../runtime/errors.ts'
import type { ShardKeys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/** A Lua script that Redis runs as one step. Its file says KEYS, ARGV, reply and invariant. */
export type Script = (
  redis: RedisClient,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

/** Loads `lua/<name>.lua`, with the files of `includes` before it. */
export function loadScript(name: string, includes: readonly string[] = []): Script {
  const source = [...includes, name].map(readLua).join('\n')
  const sha = createHash('sha1').update(source).digest('hex')
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.eval(source, keys.length, ...keys, ...args)
    }
  }
}

/** A script that appends to the outbox of a shard. */
export type AppendingScript = (
  redis: RedisClient,
  shard: ShardKeys,
  ...rest: [keys: string[], args: (string | number)[]]
) => Promise<unknown>

/**
 * Loads a script that appends events and audit records, with `append.lua` before it. While the shard is restored it does nothing.
 * @throws DependencyError then: what failed can be tried again
 */
export function loadAppendingScript(name: string): AppendingScript {
  const script = loadScript(name, ['append'])
  return async (redis, { audited, frozen }, keys, args) => {
    try {
      return await script(redis, [...keys, audited, frozen], args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('FROZEN')) throw error
      throw new DependencyError('redis', 'What Redis has lost is being restored from Kafka', {
        remedy: 'Try again in a moment; the log of the publisher tells how far it is.',
        context: { shard: frozen },
        cause: error,
      })
    }
  }
}

function readLua(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}
