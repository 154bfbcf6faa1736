import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { ConnectionRemoved, SyncRequested, SyncScheduled } from '@clarity/shared/contract/syncs'
import { readEvidenceSigner } from '@clarity/shared/evidence/signing-key'
import { systemClock, toInstant } from '@clarity/shared/runtime/clock'
import { toKafkaSecurity } from '@clarity/shared/runtime/kafka-security'
import type { Service } from '@clarity/shared/runtime/lifecycle'
import type { Logger } from '@clarity/shared/runtime/log'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { bitbucketUrls } from '@clarity/shared/runtime/variables'
import { type ApiKeyStore, createApiKeyStore } from '@clarity/shared/store/api-keys'
import { createAuditLog } from '@clarity/shared/store/audit'
import { createBudgets } from '@clarity/shared/store/budget'
import { createBudgetReader } from '@clarity/shared/store/budget-reading'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createDeploymentSecrets } from '@clarity/shared/store/deployment-secrets'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createIdempotencyStore } from '@clarity/shared/store/idempotency'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { removeConnectionJob, syncJobOptions, syncQueueName, syncRequestedJob } from '@clarity/shared/store/queue'
import { createRedis, pingRedis, queueErrorLog } from '@clarity/shared/store/redis'
import { applySchedule } from '@clarity/shared/store/schedules'
import { createSignInLinkStore } from '@clarity/shared/store/sign-in-links'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createTenantStore, type TenantStore } from '@clarity/shared/store/tenants'
import { createVault } from '@clarity/shared/store/vault'
import { createWebhookDeliveries } from '@clarity/shared/store/webhook-deliveries'
import { Queue } from 'bullmq'
import { createGateway, RunningAccessView, type ViewSource } from './access/access-gateway.ts'
import { createReadTimes } from './access/read-times.ts'
import { createApiMetrics } from './api-metrics.ts'
import { createApp } from './app.ts'
import { createAudit } from './audit.ts'
import { type Authenticate, byFixedKeys, firstOf, operatorCaller, tenantCaller } from './callers/caller.ts'
import { KeyService } from './callers/key-service.ts'
import { SignInService } from './callers/sign-in-service.ts'
import { byStoredKeys } from './callers/stored-keys.ts'
import { byTokens } from './callers/tokens.ts'
import type { ConnectorApiConfig } from './config.ts'
import { createAccessCheck } from './connections/bitbucket.ts'
import { ConnectionChanges } from './connections/connection-changes.ts'
import { ConnectionService } from './connections/connection-service.ts'
import { createFindConnection } from './connections/find-connection.ts'
import { createPreflightCheck } from './connections/preflight.ts'
import { SettingsService } from './connections/settings-service.ts'
import { HoldService } from './syncs/hold-service.ts'
import { ProgressStreams } from './syncs/progress-stream.ts'
import { SyncService } from './syncs/sync-service.ts'
import { WebhookService } from './webhooks/webhook-service.ts'

/** How long Bitbucket may take to answer while a caller waits. */
const bitbucketTimeoutMs = 20_000
const consoleDir = fileURLToPath(new URL('../../../apps/console/dist', import.meta.url))
/** What it is called in logs, figures and spans. */
export const identity = { service: 'connector-api', version: '0.1.0' }

/** The whole service: the API, and beside it the access view that it asks. */
export async function createService(config: ConnectorApiConfig, log: Logger): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const tracing = opened.use(await startTracing({ ...identity, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, log }))
  const registry = createRegistry(identity.service)
  const view = config.ACCESS_VIEW === 'off' ? null : new RunningAccessView(toViewSource(config, log))
  const metrics = createApiMetrics(registry, () => view?.figures() ?? null)
  const redis = createRedis(config.REDIS_URL, { whenAway: 'fail', log })
  opened.defer(() => redis.disconnect())
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const queue = new Queue<SyncRequested | SyncScheduled | ConnectionRemoved>(syncQueueName, {
    connection: redis,
    prefix: keys.queuePrefix,
  })
  opened.defer(() => queue.close())
  queue.on('error', queueErrorLog(log))
  const perHour = { limit: config.BITBUCKET_REQUESTS_PER_HOUR }
  const bitbucket = {
    urls: bitbucketUrls(config.BITBUCKET_URL),
    timeoutMs: bitbucketTimeoutMs,
    clock: systemClock,
    budgetOf: createBudgets(redis, keys, perHour),
    onRequest: metrics.requestMade,
    tracing,
  }
  const syncs = createSyncStore(redis, keys)
  const facts = createFactStore(redis, keys)
  const listings = createListingStore(redis, keys)
  const vault = createVault(config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const secrets = createDeploymentSecrets(redis, keys, vault)
  const signer = await readEvidenceSigner(secrets, config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const connections = createConnectionStore(redis, keys, syncs)
  const newId = () => randomUUID().replaceAll('-', '')
  const common = {
    find: createFindConnection(connections),
    connections,
    syncs,
    facts,
    holds: createHoldStore(redis, keys),
    vault,
    audit: createAudit({ clock: systemClock, newId }),
    audits: createAuditLog(redis, keys),
    clock: systemClock,
    log,
    newId,
    checkAccess: createAccessCheck(bitbucket),
  }
  const syncService = new SyncService({
    ...common,
    budgetOf: bitbucket.budgetOf,
    enqueue: async (job) => {
      await queue.add(syncRequestedJob, job, { ...syncJobOptions, jobId: job.syncId })
    },
  })
  const changes = new ConnectionChanges({
    ...common,
    applySchedule: (connection, schedule) => applySchedule(queue, connection, schedule, systemClock.now()),
    enqueueRemoval: async (job) => {
      await queue.add(removeConnectionJob, job, { ...syncJobOptions, jobId: `remove-${job.connectionId}` })
    },
  })
  const apiKeys = createApiKeyStore(redis, keys, common.audits)
  const tenants = createTenantStore(redis, keys)
  await addConfiguredTenants(config, tenants)
  const authenticate = createAuthenticate(config, apiKeys)
  const callers = new KeyService({ ...common, apiKeys, tenants })
  const links = createSignInLinkStore(redis, keys)
  const access = view ?? createGateway(null)
  const app = await createApp({
    connections: new ConnectionService({
      ...common,
      syncService,
      listings,
      readBudget: createBudgetReader(redis, keys, perHour),
      runPreflight: createPreflightCheck(bitbucket),
    }),
    changes,
    settings: new SettingsService({ ...common, changes, listings }),
    syncs: syncService,
    progress: new ProgressStreams({ syncs: syncService, clock: systemClock }),
    webhooks: new WebhookService({
      ...common,
      syncs: syncService,
      deliveries: createWebhookDeliveries(redis, keys),
      publicUrl: config.PUBLIC_URL,
    }),
    holds: new HoldService(common),
    access,
    readTimes: createReadTimes(facts),
    candidateEmails: { ...common, emails: createCandidateEmailStore(redis, keys, vault) },
    publicKeyPem: signer.publicKeysPem,
    callers,
    signIn: new SignInService({ ...common, links, callers, tenants, authenticate }),
    publicUrl: config.PUBLIC_URL,
    clock: systemClock,
    authenticate,
    tenants,
    idempotency: createIdempotencyStore(redis, keys, vault),
    rateLimit: { redis, nameSpace: keys.rateLimits, requestsPerMinute: config.API_REQUESTS_PER_MINUTE },
    corsOrigins: config.CORS_ORIGINS,
    consoleDir: config.CONSOLE === 'on' ? consoleDir : null,
    checks: [pingRedis(redis)],
    laterChecks: view === null ? [] : [view.check],
    registry,
    metrics,
    tracing,
    log,
  })
  opened.defer(() => app.close())
  await app.listen({ host: config.HOST, port: config.PORT })
  log.info({ event: 'service.started', address: app.server.address() }, 'connector-api ready')
  const running = opened.move()
  return {
    run: async (signal) => {
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      await Promise.all([stopped, view?.run(signal)])
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Where the access view is kept, and what feeds it. */
function toViewSource(config: ConnectorApiConfig, log: Logger): ViewSource {
  const { DATABASE_URL, ACCESS_VIEW_DIR: dir, KAFKA_BROKERS: brokers } = config
  const embedded = { kind: 'embedded' as const, ...(dir !== '' && { dir }) }
  const options = {
    database: DATABASE_URL === null ? embedded : { kind: 'postgres' as const, url: DATABASE_URL.reveal() },
    kafka: { brokers, ...toKafkaSecurity(config) },
    topicPrefix: config.TOPIC_PREFIX,
    eventsKeptDays: config.EVENTS_KEPT_DAYS,
    auditKeptDays: config.AUDIT_KEPT_DAYS,
    log,
    clock: systemClock,
  }
  return { options, clock: systemClock, log, random: Math.random }
}

/** Keys of the configuration, keys that were made through the API, and tokens of the issuer, if there is one. */
function createAuthenticate(config: ConnectorApiConfig, apiKeys: ApiKeyStore): Authenticate {
  const { API_KEYS, OPERATOR_KEYS, OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = config
  const fixed = byFixedKeys([
    ...API_KEYS.map(({ tenantId, key }) => ({ key, caller: tenantCaller(tenantId) })),
    ...OPERATOR_KEYS.map((key) => ({ key, caller: operatorCaller })),
  ])
  const stored = byStoredKeys({ apiKeys, clock: systemClock })
  const tenantClaim = config.OIDC_TENANT_CLAIM
  const tokens = issuer === '' ? [] : [byTokens({ issuer, audience, tenantClaim, clock: systemClock })]
  return firstOf([fixed, ...tokens, stored])
}

/** Whoever has a key in the configuration is there as a tenant; one that the operator has suspended stays so. */
async function addConfiguredTenants({ API_KEYS }: ConnectorApiConfig, tenants: TenantStore): Promise<void> {
  const createdAt = toInstant(systemClock.now())
  for (const { tenantId: id } of API_KEYS) await tenants.add({ id, name: id, state: 'active', createdAt })
}
