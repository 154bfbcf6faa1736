import { z } from 'zod'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

const acquire = loadScript('acquire-lease')
const renew = loadScript('renew-lease')

/** The right to write to a connection, for a limited time. The token is checked by every write. */
export interface Lease {
  readonly token: string
  /** Prolongs it; false when it is no longer ours, and then every write with its token is refused. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/**
 * Takes the lease `leaseKey` for `ttlMs`, or answers null when somebody holds it. Tokens come from `fenceKey`
 * and only rise, so a holder that was paused cannot be mistaken for the present one.
 */
export async function acquireLease(
  redis: RedisClient,
  { leaseKey, fenceKey, ttlMs }: { readonly leaseKey: string; readonly fenceKey: string; readonly ttlMs: number },
): Promise<Lease | null> {
  const token = z
    .string()
    .nullable()
    .parse(await acquire(redis, [leaseKey, fenceKey], [ttlMs]))
  if (token === null) return null
  return {
    token,
    renew: async () => (await renew(redis, [leaseKey], [token, ttlMs])) === 1,
    release: async () => {
      await renew(redis, [leaseKey], [token, 0])
    },
  }
}

/** Takes or prolongs a lease that is held under the owner's own name, without fencing. */
export async function claim(redis: RedisClient, key: string, owner: string, ttlMs: number): Promise<boolean> {
  if ((await redis.set(key, owner, 'PX', ttlMs, 'NX')) === 'OK') return true
  return (await renew(redis, [key], [owner, ttlMs])) === 1
}

/** Gives a claim back, if it is still ours. */
export async function disclaim(redis: RedisClient, key: string, owner: string): Promise<void> {
  await renew(redis, [key], [owner, 0])
}
