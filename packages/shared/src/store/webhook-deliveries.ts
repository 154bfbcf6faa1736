import { hash } from 'node:crypto'
import type { ConnectionId, ScopeId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/** Bitbucket delivers again for some minutes at most. */
const keptSeconds = 24 * 60 * 60

export interface WebhookDeliveries {
  /** Whether a delivery was taken already; never for one that has no id. */
  wasTaken(connectionId: ConnectionId, requestUuid: string): Promise<boolean>
  noteTaken(connectionId: ConnectionId, requestUuid: string): Promise<void>
  /** True at most once in so many seconds for a list. */
  takeTurn(connectionId: ConnectionId, list: ScopeId, everySeconds: number): Promise<boolean>
}

export function createWebhookDeliveries(redis: RedisClient, keys: Keys): WebhookDeliveries {
  // The id comes from outside: its digest is as good, and has a length that we know.
  const nameOf = (connectionId: ConnectionId, requestUuid: string) =>
    keys.webhookDelivery(connectionId, hash('sha256', requestUuid, 'hex'))
  return {
    async wasTaken(connectionId, requestUuid) {
      return requestUuid !== '' && (await redis.exists(nameOf(connectionId, requestUuid))) === 1
    },
    async noteTaken(connectionId, requestUuid) {
      if (requestUuid !== '') await redis.set(nameOf(connectionId, requestUuid), '1', 'EX', keptSeconds)
    },
    async takeTurn(connectionId, list, everySeconds) {
      const name = keys.webhookDelivery(connectionId, list)
      return (await redis.set(name, '1', 'EX', everySeconds, 'NX')) === 'OK'
    },
  }
}
