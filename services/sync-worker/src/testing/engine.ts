import type { Connection } from '@clarity/shared/contract/connections'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { createFactStore, type FactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { acquireLease } from '@clarity/shared/store/lease'
import { createListingStore } from '@clarity/shared/store/listings'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { readEntries } from '@clarity/shared/testing/outbox'
import { testRedis } from '@clarity/testkit/redis'
import { ScopeCommitter, type ScopeCommitterOptions } from '../commit-scope.ts'
import { createTestMetrics } from './metrics.ts'

/** The stores of one connection on a real Redis, for tests; `nowMs` moves only when told to. */
export async function createTestEngine() {
  const { client: redis, connect } = await testRedis()
  const keys = createKeys({ prefix: 'test', shards: 1 })
  const { metrics, show: showMetrics } = createTestMetrics()
  const facts = createFactStore(redis, keys, metrics.committed)
  const holds = createHoldStore(redis, keys)
  const syncs = createSyncStore(redis, keys)
  const listings = createListingStore(redis, keys)
  const outbox = createOutbox(redis, keys)
  const clock = {
    nowMs: Date.parse('2026-11-23T10:00:00Z'),
    now(): number {
      return this.nowMs
    },
    sleep: () => Promise.resolve(),
  }
  let token = ''
  const published = async () =>
    (await readEntries(outbox, 0, 100_000)).map(({ event: { name, subject } }) => `${name} ${subject}`)
  const takeLease = async () => {
    const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
    const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 600_000 })
    if (lease === null) throw new InvariantError('the lease is held')
    token = lease.token
  }
  return {
    redis,
    connect,
    keys,
    facts,
    holds,
    syncs,
    listings,
    outbox,
    clock,
    metrics,
    showMetrics,
    published,

    /** Forgets everything and takes the connection's lease anew. */
    async reset(): Promise<void> {
      await redis.flushdb()
      await takeLease()
    },

    takeLease,

    get token(): string {
      return token
    },

    /** A committer as a sync has it. */
    committer(options: Partial<ScopeCommitterOptions> & { facts?: FactStore } = {}): ScopeCommitter {
      return new ScopeCommitter({
        facts,
        holds,
        clock,
        connection,
        syncId: 'syn_1',
        cause: 'full-sync',
        token,
        isPreview: false,
        membersOf: () => null,
        count: (counts) => syncs.count(connection.id, 'syn_1', counts),
        metrics,
        ...options,
      })
    },

    /** What `work` adds to what is published. */
    async publishedSince(work: () => Promise<unknown>): Promise<string[]> {
      const before = (await published()).length
      await work()
      return (await published()).slice(before)
    },

    /** The scopes of which anything is known. */
    async knownScopes(): Promise<ScopeId[]> {
      const scopes: ScopeId[] = []
      for await (const page of facts.scanRecords(connection.id)) scopes.push(...page.map(([scopeId]) => scopeId))
      return scopes.toSorted()
    },
  }
}

export const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{w}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  // A test's workspace is so small that everything would be much; what tests the limit sets its own.
  removalLimit: { share: 1, count: 1_000 },
  createdAt: '2026-11-23T10:00:00.000Z',
}
