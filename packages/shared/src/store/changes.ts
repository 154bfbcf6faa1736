import { z } from 'zod'
import type { ConnectionId } from '../contract/ids.ts'
import { ScopeId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/** What is known of changes in Bitbucket before they are read: hints, and how far the pass that finds them is. */

/** A pass of the workspace's effective permissions, over many syncs. */
export const EffectivePass = z.object({
  startedAtMs: z.int(),
  pagesRead: z.int(),
  rowsRead: z.int(),
  finished: z.boolean(),
  /** Where it goes on; null at the beginning and at the end. */
  next: z.string().nullable(),
  /** Rows of the whole list, as Bitbucket last counted them or as they were counted in the last whole pass. */
  rows: z.int().nullable(),
})
export type EffectivePass = z.infer<typeof EffectivePass>

export interface ChangeStore {
  readPass(connectionId: ConnectionId): Promise<EffectivePass | null>
  /** The detector's own state, as it gave it; null at first. */
  readDetector(connectionId: ConnectionId): Promise<string | null>
  /** Writes how far the pass is together with what the detector has seen by then and the scopes that it names. */
  savePass(
    connectionId: ConnectionId,
    pass: EffectivePass,
    detector: string | null,
    hints: readonly ScopeId[],
    nowMs: number,
  ): Promise<void>
  readHints(connectionId: ConnectionId): Promise<Map<ScopeId, number>>
  /** Takes hints away that have been read since. */
  forgetHints(connectionId: ConnectionId, scopeIds: readonly ScopeId[]): Promise<void>
}

export function createChangeStore(redis: RedisClient, keys: Keys): ChangeStore {
  const keysOf = (connectionId: ConnectionId) => keys.connection(connectionId).changes
  return {
    async readPass(connectionId) {
      const json = await redis.get(keysOf(connectionId).pass)
      return json === null ? null : EffectivePass.parse(JSON.parse(json))
    },

    readDetector: (connectionId) => redis.get(keysOf(connectionId).detector),

    async savePass(connectionId, pass, detector, hints, nowMs) {
      const own = keysOf(connectionId)
      const change = redis.multi().set(own.pass, JSON.stringify(pass))
      if (detector !== null) change.set(own.detector, detector)
      for (const scopeId of hints) change.hset(own.hints, scopeId, nowMs)
      await change.exec()
    },

    async readHints(connectionId) {
      const stored = await redis.hgetall(keysOf(connectionId).hints)
      return new Map(Object.entries(stored).map(([id, at]) => [ScopeId.parse(id), Number(at)] as const))
    },

    async forgetHints(connectionId, scopeIds) {
      if (scopeIds.length > 0) await redis.hdel(keysOf(connectionId).hints, ...scopeIds)
    },
  }
}
