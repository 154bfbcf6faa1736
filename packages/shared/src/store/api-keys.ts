import { z } from 'zod'
import type { PendingAudit } from '../contract/audit.ts'
import { ApiKeyId, ApiKeyView, CallerScope } from '../contract/callers.ts'
import { Instant } from '../contract/entities.ts'
import { TenantId } from '../contract/ids.ts'
import type { AuditLog } from './audit.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

/**
 * The keys with which the callers of a tenant authenticate. Of a key only its digest is kept, under which it is found in one
 * step; it is random enough (256 bits) that nobody finds it from there. What can be listed is kept apart, under the tenant.
 * A key is listed, and who made it is recorded, before it lets anybody in; it lets nobody in before it is no longer listed:
 * whoever dies in between leaves nothing behind that works and is not seen.
 */
const addScript = loadScript('add-api-key')

/** Made by a sign-in link for the session of one browser: it may share its name with any, and is forgotten once it has expired. */
const session = z.boolean().default(false)

/** What is known of whoever sends a key. */
const KeyHolder = z.object({
  tenantId: TenantId,
  id: ApiKeyId,
  name: z.string(),
  scopes: z.array(CallerScope),
  expiresAt: Instant.nullable(),
  session,
})
export type KeyHolder = z.infer<typeof KeyHolder>

const KeyRecord = ApiKeyView.omit({ lastUsedAt: true }).extend({ digest: z.string(), session })
export type KeyRecord = z.infer<typeof KeyRecord>

/** So many keys a tenant may have, expired ones included; and so many of sessions that last, beside them. */
export const apiKeysMax = 100

export interface ApiKeyStore {
  /** Two keys that have not expired by `now` may share a name, no more. `audit` records who made it. */
  add(
    tenantId: TenantId,
    record: KeyRecord,
    now: string,
    audit: PendingAudit,
  ): Promise<'added' | 'name-taken' | 'too-many'>
  /** By name, then by age. */
  list(tenantId: TenantId): Promise<ApiKeyView[]>
  /** From now on the key lets nobody in. False when the tenant has no such key. `toAudit` records who has revoked it. */
  revoke(
    tenantId: TenantId,
    id: ApiKeyId,
    toAudit: (revoked: Omit<ApiKeyView, 'lastUsedAt'>) => PendingAudit,
  ): Promise<boolean>
  find(digest: string): Promise<KeyHolder | null>
  noteUse(holder: KeyHolder, at: string): Promise<void>
}

export function createApiKeyStore(redis: RedisClient, keys: Keys, audits: AuditLog): ApiKeyStore {
  return {
    async add(tenantId, record, now, audit) {
      const { records, uses } = keys.tenantApiKeys(tenantId)
      const { id, name, scopes, expiresAt, digest, session } = record
      const args = [id, JSON.stringify(record), name, now, apiKeysMax, session ? 1 : 0]
      const reply = await addScript(redis, [records, uses], args)
      const outcome = z.enum(['added', 'name-taken', 'too-many']).parse(reply)
      const holder: KeyHolder = { tenantId, id, name, scopes, expiresAt, session }
      if (outcome !== 'added') return outcome
      await audits.append([audit])
      const ttlMs = session && expiresAt !== null ? Date.parse(expiresAt) - Date.parse(now) : null
      if (ttlMs === null) await redis.set(keys.apiKey(digest), JSON.stringify(holder))
      else await redis.set(keys.apiKey(digest), JSON.stringify(holder), 'PX', ttlMs)
      return outcome
    },

    async list(tenantId) {
      const { records, uses } = keys.tenantApiKeys(tenantId)
      const [listed, used] = await Promise.all([redis.hgetall(records), redis.hgetall(uses)])
      const views = Object.values(listed).map((json) => {
        const { digest: _, session: __, ...view } = KeyRecord.parse(JSON.parse(json))
        return { ...view, lastUsedAt: used[view.id] ?? null }
      })
      return views.toSorted((a, b) => compare(a.name, b.name) || compare(a.createdAt, b.createdAt))
    },

    async revoke(tenantId, id, toAudit) {
      const { records, uses } = keys.tenantApiKeys(tenantId)
      const json = await redis.hget(records, id)
      if (json === null) return false
      const { digest, session: _, ...view } = KeyRecord.parse(JSON.parse(json))
      await redis.del(keys.apiKey(digest))
      await audits.append([toAudit(view)])
      await redis.multi().hdel(records, id).hdel(uses, id).exec()
      return true
    },

    async find(digest) {
      const json = await redis.get(keys.apiKey(digest))
      return json === null ? null : KeyHolder.parse(JSON.parse(json))
    },

    async noteUse({ tenantId, id }, at) {
      await redis.hset(keys.tenantApiKeys(tenantId).uses, id, at)
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
