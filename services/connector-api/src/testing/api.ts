import type { AccessView } from '@clarity/access-view'
import type { AuditRecord } from '@clarity/shared/contract/audit'
import type { Resource } from '@clarity/shared/contract/entities'
import type { ConnectionId, ScopeId } from '@clarity/shared/contract/ids'
import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { noTracing } from '@clarity/shared/runtime/tracing'
import { createApiKeyStore } from '@clarity/shared/store/api-keys'
import { createAuditLog } from '@clarity/shared/store/audit'
import { createBudgets } from '@clarity/shared/store/budget'
import { createBudgetReader } from '@clarity/shared/store/budget-reading'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createIdempotencyStore, type IdempotencyStore } from '@clarity/shared/store/idempotency'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSignInLinkStore } from '@clarity/shared/store/sign-in-links'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createTenantStore } from '@clarity/shared/store/tenants'
import { createVault } from '@clarity/shared/store/vault'
import { createWebhookDeliveries } from '@clarity/shared/store/webhook-deliveries'
import { readAudits } from '@clarity/shared/testing/outbox'
import { testRedis } from '@clarity/testkit/redis'
import { Registry } from 'prom-client'
import { createGateway } from '../access/access-gateway.ts'
import { createReadTimes } from '../access/read-times.ts'
import { createApiMetrics } from '../api-metrics.ts'
import { type AppOptions, createApp } from '../app.ts'
import { createAudit } from '../audit.ts'
import { byFixedKeys, firstOf, operatorCaller, tenantCaller } from '../callers/caller.ts'
import { KeyService } from '../callers/key-service.ts'
import { SignInService } from '../callers/sign-in-service.ts'
import { byStoredKeys } from '../callers/stored-keys.ts'
import type { CheckAccess } from '../connections/check-credentials.ts'
import { ConnectionChanges, type ConnectionChangesOptions } from '../connections/connection-changes.ts'
import { ConnectionService, type ConnectionServiceOptions } from '../connections/connection-service.ts'
import { createFindConnection } from '../connections/find-connection.ts'
import { SettingsService } from '../connections/settings-service.ts'
import { HoldService } from '../syncs/hold-service.ts'
import { type ProgressStreamOptions, ProgressStreams } from '../syncs/progress-stream.ts'
import { SyncService, type SyncServiceOptions } from '../syncs/sync-service.ts'
import { WebhookService } from '../webhooks/webhook-service.ts'

export const bearer = { authorization: 'Bearer key-of-tenant-acme' }
export const otherBearer = { authorization: 'Bearer key-of-tenant-globex' }
export const operatorBearer = { authorization: 'Bearer key-of-the-operator' }

/** What a caller sends to connect the workspace `acme`. */
export const input = {
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  workspace: 'acme',
  credential: { kind: 'oauth-consumer', key: 'consumer', secret: 'consumer-secret' },
}

const testTenants = ['acme', 'globex']

type BuildOptions = Partial<
  ConnectionServiceOptions &
    ConnectionChangesOptions &
    SyncServiceOptions &
    ProgressStreamOptions &
    Pick<AppOptions, 'corsOrigins' | 'tracing' | 'publicUrl' | 'consoleDir'> & {
      requestsPerMinute: number
      view: AccessView
      /** Stands before the store, to lose what goes between. */
      beforeIdempotency: (store: IdempotencyStore) => IdempotencyStore
    }
>

/** The whole API on a real Redis, without a Bitbucket: what it would say, the options do. */
export async function createTestApi() {
  const { client: redis } = await testRedis()
  const keys = createKeys({ prefix: 'test', shards: 1 })
  const facts = createFactStore(redis, keys)
  const masterKey = new Secret(Buffer.alloc(32, 1).toString('base64'))
  const vault = createVault(masterKey)
  const signer = createEvidenceSigner(masterKey)
  const emails = createCandidateEmailStore(redis, keys, vault)
  const beginning = Date.parse('2026-11-23T10:00:00Z')
  let nowMs = beginning
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() }
  const log = createLog({ service: 'test', version: '0', level: 'silent' })
  const apiKeys = createApiKeyStore(redis, keys, createAuditLog(redis, keys))
  const tenants = createTenantStore(redis, keys)
  const fixedKeys = [
    ...testTenants.map((id) => ({ key: new Secret(`key-of-tenant-${id}`), caller: tenantCaller(id) })),
    { key: new Secret('key-of-the-operator'), caller: operatorCaller },
  ]
  const authenticate = firstOf([byFixedKeys(fixedKeys), byStoredKeys({ apiKeys, clock })])

  return {
    redis,
    keys,
    signer,

    /** Sets the clock; null: back to its beginning. */
    setNow(instant: string | null) {
      nowMs = instant === null ? beginning : Date.parse(instant)
    },

    /** The keys of all that was saved; the tenants are there from the beginning, and who called is counted. */
    async saved(): Promise<string[]> {
      const found = await redis.keys('*')
      return found.filter((key) => key !== keys.tenants && !key.startsWith(keys.rateLimits))
    },

    /** Notes a project or repository as one that a sync has listed. */
    learn: (id: ConnectionId, token: string, scope: ScopeId, resource: Resource) =>
      createListingStore(redis, keys).learn(id, token, [[scope, resource]]),

    /** What was recorded of who did what, oldest first. */
    async audits(): Promise<AuditRecord[]> {
      const entries = await readAudits(createOutbox(redis, keys), 0)
      return entries.map(({ audit }) => audit.record)
    },

    /** All that Redis holds, as text. */
    async everything(): Promise<string> {
      const names = await redis.keys('*')
      return JSON.stringify(await Promise.all(names.map(async (name) => [name, await readAny(redis, name)])))
    },

    /** A fresh app; `enqueued` are the ids of the syncs, and of the connections to be removed, that it puts into the queue. */
    async build(options: BuildOptions = {}) {
      const createdAt = '2026-11-01T00:00:00.000Z'
      for (const id of testTenants) await tenants.add({ id, name: id, state: 'active', createdAt })
      const registry = new Registry()
      const enqueued: string[] = []
      let ids = 0
      const syncs = createSyncStore(redis, keys)
      const connections = createConnectionStore(redis, keys, syncs)
      const newId = () => String(++ids)
      const checkAccess: CheckAccess = async () => ({ uuid: '{w}', slug: 'acme', name: 'Acme' })
      const common = {
        ...{ connections, syncs, facts, vault, clock, log, newId, checkAccess },
        holds: createHoldStore(redis, keys),
        find: createFindConnection(connections),
        audit: createAudit({ clock, newId }),
        audits: createAuditLog(redis, keys),
      }
      const syncService = new SyncService({
        ...common,
        budgetOf: createBudgets(redis, keys, { limit: 1_000 }),
        enqueue: async ({ syncId }) => void enqueued.push(syncId),
        ...options,
      })
      const listings = createListingStore(redis, keys)
      const changes = new ConnectionChanges({
        ...common,
        applySchedule: async () => undefined,
        enqueueRemoval: async ({ connectionId }) => void enqueued.push(connectionId),
        ...options,
      })
      const callers = new KeyService({ ...common, apiKeys, tenants })
      const app = await createApp({
        connections: new ConnectionService({
          ...common,
          syncService,
          listings,
          readBudget: createBudgetReader(redis, keys, { limit: 1_000 }),
          runPreflight: () => Promise.reject(new Error('not asked for')),
          ...options,
        }),
        changes,
        settings: new SettingsService({ ...common, changes, listings }),
        progress: new ProgressStreams({ syncs: syncService, clock, ...options }),
        webhooks: new WebhookService({
          ...common,
          syncs: syncService,
          deliveries: createWebhookDeliveries(redis, keys),
          publicUrl: 'https://api.example.test',
        }),
        syncs: syncService,
        holds: new HoldService(common),
        candidateEmails: { ...common, emails },
        access: createGateway(options.view ?? null),
        readTimes: createReadTimes(facts),
        publicKeyPem: signer.publicKeyPem,
        callers,
        signIn: new SignInService({
          ...{ ...common, callers, tenants, authenticate },
          links: createSignInLinkStore(redis, keys),
        }),
        publicUrl: options.publicUrl ?? '',
        clock,
        authenticate,
        tenants,
        idempotency: (options.beforeIdempotency ?? ((store) => store))(createIdempotencyStore(redis, keys, vault)),
        rateLimit: { redis, nameSpace: keys.rateLimits, requestsPerMinute: options.requestsPerMinute ?? 1_000_000 },
        corsOrigins: options.corsOrigins ?? [],
        consoleDir: options.consoleDir ?? null,
        checks: [],
        laterChecks: [],
        registry,
        metrics: createApiMetrics(registry),
        tracing: options.tracing ?? noTracing,
        log: options.log ?? log,
      })
      const create = (payload: object = input) =>
        app.inject({ method: 'POST', url: '/v1/connections', headers: bearer, payload })
      return { app, enqueued, create }
    },
  }
}

async function readAny(redis: Awaited<ReturnType<typeof testRedis>>['client'], name: string): Promise<unknown> {
  switch (await redis.type(name)) {
    case 'hash':
      return redis.hgetall(name)
    case 'list':
      return redis.lrange(name, 0, -1)
    case 'set':
      return redis.smembers(name)
    case 'zset':
      return redis.zrange(name, 0, '-1')
    case 'stream':
      return redis.xrange(name, '-', '+')
    default:
      return redis.get(name)
  }
}
