import { stableHash } from '../contract/partition.ts'

/**
 * Every key name in Redis. All keys of a connection, and the outbox of its shard, carry the hash tag
 * `{s<shard>}`, so that one Lua call can touch them together and Redis Cluster spreads the shards.
 * docs/architecture.md lists who writes which.
 */
export interface Keys {
  readonly shards: number
  /** Of a connection, or of a tenant for what belongs to no connection. */
  shardOf(id: string): number
  connection(connectionId: string): ConnectionKeys
  shard(shard: number): ShardKeys
  /** Of a credential, by an id that is no secret; connections that use the same one share it. */
  budget(credentialId: string): BudgetKeys
  sync(connectionId: string, syncId: string): SyncKeys
  /** A delivery of Bitbucket that was taken, by the digest of its id; or a list that was asked about because of one. */
  webhookDelivery(connectionId: string, digest: string): string
  /** Unique identifier -> connection id, of one tenant. Identifiers are never given back. */
  tenantIdentifiers(tenantId: string): string
  /** Uuid of a workspace -> connection id, of one tenant: a workspace is connected once. */
  tenantWorkspaces(tenantId: string): string
  /** Hash: tenant id -> tenant. */
  readonly tenants: string
  /** The key of a tenant that has this digest. */
  apiKey(digest: string): string
  /** Of one tenant. Hashes: id of a key -> what is known of it, and when it was last used. */
  tenantApiKeys(tenantId: string): { readonly records: string; readonly uses: string }
  /** What a sign-in link lets in to, by the digest of its token; gone when it is used or has expired. */
  signInLink(digest: string): string
  /** Name of a connection, in lower case -> connection id, of one tenant. */
  tenantNames(tenantId: string): string
  /** What was answered to a request that may be repeated, by the digest of its key. */
  idempotency(owner: string, digest: string): string
  /** Begins the names of the keys that count what each caller asks for. */
  readonly rateLimits: string
  /** What must be the same in every service of a deployment. */
  readonly deployment: string
  /** Sorted set: publisher -> until when it counts as alive. */
  readonly publishers: string
  /** Pattern for SCAN that every key of every connection fits. */
  readonly ofConnections: string
  /** The connection whose secrets may be in the hash of this name; null for every other key. */
  secretsOf(key: string): string | null
  /** Prefix of BullMQ's own keys. */
  readonly queuePrefix: string
  /** Channel on which a commit tells that a shard's outbox has something. */
  readonly outboxChannel: string
}

export interface ConnectionKeys {
  /** Hash: record, sealed credential, latestSync, completedAt. */
  readonly record: string
  /** List: ids of the syncs that are not finished, oldest first. */
  readonly openSyncs: string
  /** List: the last syncs that were asked for, oldest first. */
  readonly syncs: string
  /** The present fencing token; expires with the lease. */
  readonly lease: string
  /** The last fencing token given out. */
  readonly fence: string
  /** The last number of the connection's event sequence. */
  readonly sequence: string
  /** Hash: scope id -> version of its facts, and what is known of them. */
  readonly scopes: string
  /** Hash: scope id, or `<scope id>~<bucket>` of a large one -> facts, packed. */
  readonly facts: string
  /** Hash: scope id -> the workspace, project or repository that its levels are held on, packed. */
  readonly resources: string
  /** Hash: id -> entity that several scopes may mention (service users, group memberships). */
  readonly entities: string
  /** Hash: id of such an entity -> how many facts mention it. */
  readonly references: string
  /** Hash: kind of entity -> how many there are. */
  readonly totals: string
  /** Hash: hour since the epoch -> grants and nestings that were removed in it. */
  readonly removals: string
  /** Removals that wait for somebody's decision. */
  readonly hold: HoldKeys
  readonly emails: EmailKeys
  readonly changes: ChangeKeys
}

/** What is known of changes before they are read. */
export interface ChangeKeys {
  /** Hash: scope id -> since when it probably has changed, in ms. */
  readonly hints: string
  /** JSON: how far the pass of the effective permissions is. */
  readonly pass: string
  /** JSON: digests of the repositories, of the last pass and of this one. */
  readonly detector: string
}

export interface EmailKeys {
  /** Hash: sealed data key, epoch, askedEpoch. */
  readonly state: string
  /** Hash: fingerprint -> sealed address. */
  readonly waiting: string
  /** Set of fingerprints that were asked about in vain in the present epoch. */
  readonly misses: string
  /** Set of fingerprints of the hits. */
  readonly confirmed: string
  /** Hash: service user id -> `<fingerprint>:<sealed address>`. */
  readonly hits: string
}

export interface HoldKeys {
  /** JSON: id, since when and until when. */
  readonly record: string
  /** Hashes: scope id -> removals that wait, that were approved and not yet made, that were rejected. */
  readonly held: string
  readonly approved: string
  readonly rejected: string
}

export interface SyncKeys {
  /** Hash: the sync's state, progress and result. */
  readonly state: string
  /** JSON: the signed evidence, once the sync is finished. */
  readonly evidence: string
  /** Hashes: scope id -> resource, packed: a list that is being read, for the first and for the second time. */
  readonly listed: Readonly<Record<'project' | 'repository', readonly [first: string, second: string]>>
  /** List: scopes that are still to be read. */
  readonly todo: string
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
  /** The number of the last entry that is known to be in Kafka. Where Kafka knows more, Redis has lost something. */
  readonly published: string
  /** The number of the last entry of which it was asked whether replicas have it. */
  readonly replicated: string
  /** Sorted set: id of an audit record -> when it was appended, in seconds. One that is there is not appended again. */
  readonly audited: string
  /** There while the shard is restored from Kafka: nothing is appended then. */
  readonly frozen: string
  /** Set of `<connection id>/<sync id>` that are not finished. */
  readonly openSyncs: string
  /** Set: connections that sync by themselves. */
  readonly scheduled: string
  /** Sorted set: connection id with a hold -> when the hold expires. */
  readonly holds: string
  /** Set: connections with removals that were approved and not yet made. */
  readonly releases: string
  /** Set: connections that are being removed. */
  readonly removing: string
  /** Who publishes this shard. */
  readonly publisher: string
}

/** Builds the key names below `prefix`; the same prefix and number of shards everywhere in a deployment. */
export function createKeys({ prefix, shards }: { readonly prefix: string; readonly shards: number }): Keys {
  const shardOf = remembering((id: string) => stableHash(id) % shards)
  const inShard = (shard: number) => `${prefix}:{s${shard}}`
  const ofConnection = (connectionId: string) => `${inShard(shardOf(connectionId))}:${connectionId}`
  const emailsOf = (connectionId: string) => `${ofConnection(connectionId)}:emails`
  return {
    shards,
    shardOf,
    connection: remembering((connectionId: string) => {
      const base = ofConnection(connectionId)
      return {
        record: base,
        lease: `${base}:lease`,
        fence: `${base}:fence`,
        sequence: `${base}:sequence`,
        openSyncs: `${base}:open-syncs`,
        syncs: `${base}:syncs`,
        scopes: `${base}:scopes`,
        facts: `${base}:facts`,
        resources: `${base}:resources`,
        entities: `${base}:entities`,
        references: `${base}:references`,
        totals: `${base}:totals`,
        removals: `${base}:removals`,
        hold: {
          record: `${base}:hold`,
          held: `${base}:hold:held`,
          approved: `${base}:hold:approved`,
          rejected: `${base}:hold:rejected`,
        },
        changes: { hints: `${base}:hints`, pass: `${base}:pass`, detector: `${base}:detector` },
        emails: {
          state: emailsOf(connectionId),
          waiting: `${base}:emails:waiting`,
          misses: `${base}:emails:misses`,
          confirmed: `${base}:emails:confirmed`,
          hits: `${base}:emails:hits`,
        },
      }
    }),
    shard: remembering((shard: number) => {
      const base = inShard(shard)
      return {
        outbox: `${base}:outbox`,
        outboxNumber: `${base}:outbox-number`,
        published: `${base}:published`,
        replicated: `${base}:replicated`,
        audited: `${base}:audited`,
        frozen: `${base}:frozen`,
        openSyncs: `${base}:open-syncs`,
        scheduled: `${base}:scheduled`,
        holds: `${base}:holds`,
        releases: `${base}:releases`,
        removing: `${base}:removing`,
        publisher: `${base}:publisher`,
      }
    }),
    budget(credentialId) {
      const base = `${prefix}:{b:${credentialId}}:budget`
      return { state: base, leases: `${base}:leases`, sizes: `${base}:sizes` }
    },
    sync(connectionId, syncId) {
      const base = `${ofConnection(connectionId)}:sync:${syncId}`
      const twice = (kind: string) => [`${base}:${kind}-list`, `${base}:${kind}-list-again`] as const
      return {
        state: base,
        evidence: `${base}:evidence`,
        listed: { project: twice('project'), repository: twice('repository') },
        todo: `${base}:todo`,
      }
    },
    webhookDelivery: (connectionId, digest) => `${ofConnection(connectionId)}:webhook:${digest}`,
    tenantIdentifiers: (tenantId) => `${prefix}:tenant:${tenantId}:identifiers`,
    tenantWorkspaces: (tenantId) => `${prefix}:tenant:${tenantId}:workspaces`,
    tenants: `${prefix}:tenants`,
    apiKey: (digest) => `${prefix}:api-key:${digest}`,
    tenantApiKeys(tenantId) {
      const records = `${prefix}:tenant:{${tenantId}}:api-keys`
      return { records, uses: `${records}:uses` }
    },
    signInLink: (digest) => `${prefix}:sign-in-link:${digest}`,
    tenantNames: (tenantId) => `${prefix}:tenant:${tenantId}:names`,
    idempotency: (owner, digest) => `${prefix}:idempotency:${owner}:${digest}`,
    rateLimits: `${prefix}:rate-limit:`,
    ofConnections: `${prefix}:{s*}:con_*`,
    secretsOf(key) {
      const connectionId = key.split(':')[2] ?? ''
      return [ofConnection(connectionId), emailsOf(connectionId)].includes(key) ? connectionId : null
    },
    deployment: `${prefix}:deployment`,
    publishers: `${prefix}:publishers`,
    queuePrefix: `{${prefix}:queue}`,
    outboxChannel: `${prefix}:outbox`,
  }
}

/** What was reckoned of so many things is kept: a process works on few at a time, and asks with each command. */
const rememberedMax = 64

function remembering<Id, Reckoned>(reckon: (id: Id) => Reckoned): (id: Id) => Reckoned {
  const remembered = new Map<Id, Reckoned>()
  return (id) => {
    const known = remembered.get(id)
    if (known !== undefined) return known
    if (remembered.size >= rememberedMax) remembered.clear()
    const reckoned = reckon(id)
    remembered.set(id, reckoned)
    return reckoned
  }
}
