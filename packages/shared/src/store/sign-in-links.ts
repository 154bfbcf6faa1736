import { z } from 'zod'
import { Actor } from '../contract/audit.ts'
import { CallerScope } from '../contract/callers.ts'
import { Instant } from '../contract/entities.ts'
import { TenantId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * Links that let somebody in once. Of the token in a link only its digest is kept, under which it is found in one step; it is random
 * enough (256 bits) that nobody finds it from there.
 */

const StoredSignInLink = z.object({
  id: z.string(),
  tenantId: TenantId,
  name: z.string(),
  scopes: z.array(CallerScope.exclude(['operator'])),
  sessionHours: z.int(),
  expiresAt: Instant,
  /** Who has made it, and so lets in whoever opens it. */
  madeBy: Actor,
})
export type StoredSignInLink = z.infer<typeof StoredSignInLink>

export interface SignInLinkStore {
  /** Keeps it for so long. */
  add(digest: string, link: StoredSignInLink, ttlMs: number): Promise<void>
  /** Takes it away: of all who ask for the same one, a single one gets it. */
  take(digest: string): Promise<StoredSignInLink | null>
}

export function createSignInLinkStore(redis: RedisClient, keys: Keys): SignInLinkStore {
  return {
    async add(digest, link, ttlMs) {
      await redis.set(keys.signInLink(digest), JSON.stringify(link), 'PX', ttlMs)
    },

    async take(digest) {
      const json = await redis.getdel(keys.signInLink(digest))
      return json === null ? null : StoredSignInLink.parse(JSON.parse(json))
    },
  }
}
