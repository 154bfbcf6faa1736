import type { Clock } from '@clarity/shared/runtime/clock'
import { toInstant } from '@clarity/shared/runtime/clock'
import type { ApiKeyStore } from '@clarity/shared/store/api-keys'
import { type Authenticate, digestOf } from './caller.ts'

const minuteMs = 60_000

/** Whoever holds a key that was made through the API. When it was last used is noted once a minute. */
export function byStoredKeys({
  apiKeys,
  clock,
}: {
  readonly apiKeys: ApiKeyStore
  readonly clock: Clock
}): Authenticate {
  const notedAt = new Map<string, number>()
  return async (bearer) => {
    const holder = await apiKeys.find(digestOf(bearer).toString('hex'))
    const now = clock.now()
    if (holder === null || (holder.expiresAt !== null && Date.parse(holder.expiresAt) <= now)) return null
    const minute = now - (now % minuteMs)
    if (notedAt.get(holder.id) !== minute) {
      notedAt.set(holder.id, minute)
      await apiKeys.noteUse(holder, toInstant(minute))
    }
    const { id, name, tenantId, scopes, expiresAt, session: isSession } = holder
    return { kind: 'api-key', id, name, tenantId, scopes: new Set(scopes), expiresAt, isSession }
  }
}
