import { stableHash } from '../contract/partition.ts'

/**
 * Every key name in Redis. All keys of a connection, and the outbox of its shard, carry the hash tag
 * `{s<shard>}`, so that one Lua call can touch them together and Redis Cluster spreads the shards.
 * docs/architecture.md lists who writes which.
 */
export interface Keys {
  readonly shards: number
  shardOf(connectionId: string): number
  connection(connectionId: string): ConnectionKeys
  shard(shard: number): ShardKeys
  /** Of a credential, by an id that is no secret; connections that use the same one share it. */
  budget(credentialId: string): BudgetKeys
  sync(connectionId: string, syncId: string): string
  facts(connectionId: string, scopeId: string): string
  /** Unique identifier -> connection id, of one tenant. Identifiers are never given back. */
  tenantIdentifiers(tenantId: string): string
  /** What must be the same in every service of a deployment. */
  readonly deployment: string
  /** Prefix of BullMQ's own keys. */
  readonly queuePrefix: string
  /** Channel on which a commit tells that a shard's outbox has something. */
  readonly outboxChannel: string
}

export interface ConnectionKeys {
  /** Hash: record, sealed credential, latestSync, openSync. */
  readonly record: string
  /** The present fencing token; expires with the lease. */
  readonly lease: string
  /** The last fencing token given out. */
  readonly fence: string
  /** The last number of the connection's event sequence. */
  readonly sequence: string
  /** Hash: scope id -> what is known of the scope. */
  readonly scopes: string
  /** Hash: id -> entity that several scopes may mention (service users, group memberships). */
  readonly entities: string
  /** Hash: id of such an entity -> how many facts mention it. */
  readonly references: string
}

export interface BudgetKeys {
  /** Hash: used, refusedUntil. */
  readonly state: string
  /** Sorted set: lease id -> until when it counts. */
  readonly leases: string
  /** Hash: lease id -> requests. */
  readonly sizes: string
}

export interface ShardKeys {
  /** Stream of committed events that are not in Kafka yet. */
  readonly outbox: string
  /** The number of the last entry that was ever appended. */
  readonly outboxNumber: string
  /** Set of `<connection id>/<sync id>` that are not finished. */
  readonly openSyncs: string
  /** Who publishes this shard. */
  readonly publisher: string
}

/** Builds the key names below `prefix`; the same prefix and number of shards everywhere in a deployment. */
export function createKeys({ prefix, shards }: { readonly prefix: string; readonly shards: number }): Keys {
  const shardOf = (connectionId: string) => stableHash(connectionId) % shards
  const inShard = (shard: number) => `${prefix}:{s${shard}}`
  const ofConnection = (connectionId: string) => `${inShard(shardOf(connectionId))}:${connectionId}`
  return {
    shards,
    shardOf,
    connection(connectionId) {
      const base = ofConnection(connectionId)
      return {
        record: base,
        lease: `${base}:lease`,
        fence: `${base}:fence`,
        sequence: `${base}:sequence`,
        scopes: `${base}:scopes`,
        entities: `${base}:entities`,
        references: `${base}:references`,
      }
    },
    shard(shard) {
      const base = inShard(shard)
      return {
        outbox: `${base}:outbox`,
        outboxNumber: `${base}:outbox-number`,
        openSyncs: `${base}:open-syncs`,
        publisher: `${base}:publisher`,
      }
    },
    budget(credentialId) {
      const base = `${prefix}:{b:${credentialId}}:budget`
      return { state: base, leases: `${base}:leases`, sizes: `${base}:sizes` }
    },
    sync: (connectionId, syncId) => `${ofConnection(connectionId)}:sync:${syncId}`,
    facts: (connectionId, scopeId) => `${ofConnection(connectionId)}:facts:${scopeId}`,
    tenantIdentifiers: (tenantId) => `${prefix}:tenant:${tenantId}:identifiers`,
    deployment: `${prefix}:deployment`,
    queuePrefix: `{${prefix}:queue}`,
    outboxChannel: `${prefix}:outbox`,
  }
}
