import type { AuditRecord, PendingAudit } from '../contract/audit.ts'
import type { Keys } from './keys.ts'
import { toWireAudit } from './outbox.ts'
import type { RedisClient } from './redis-client.ts'
import { loadAppendingScript } from './script.ts'

const appendScript = loadAppendingScript('append-audit')

export interface AuditLog {
  /**
   * Appends records of what is not kept in the shard of a connection: what they tell of must be done before, or be certain.
   * Whatever is changed by a script that appends events takes its record along instead. A record that comes twice is told once.
   */
  append(records: readonly PendingAudit[]): Promise<void>
}

export function createAuditLog(redis: RedisClient, keys: Keys): AuditLog {
  return {
    async append(records) {
      for (const [shard, ofShard] of Map.groupBy(records, ({ record }) => shardOfAudit(keys, record))) {
        const { outbox, outboxNumber } = keys.shard(shard)
        const wire = JSON.stringify(ofShard.map(toWireAudit))
        await appendScript(redis, keys.shard(shard), [outboxNumber, outbox], [wire, keys.outboxChannel, shard])
      }
    },
  }
}

/** That of the connection, so that its records are told in order; else that of the tenant. */
function shardOfAudit(keys: Keys, { connectionId, tenantId }: AuditRecord): number {
  return keys.shardOf(connectionId ?? tenantId)
}
