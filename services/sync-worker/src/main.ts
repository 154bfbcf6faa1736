import { randomUUID } from 'node:crypto'
import { readEvidenceSigner } from '@clarity/shared/evidence/signing-key'
import { systemClock } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { startHealthServer } from '@clarity/shared/runtime/health'
import { exitWithStartError, runService, type Service } from '@clarity/shared/runtime/lifecycle'
import { createLog, type Logger } from '@clarity/shared/runtime/log'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { bitbucketUrls } from '@clarity/shared/runtime/variables'
import { createBudgets } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createChangeStore } from '@clarity/shared/store/changes'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createDeploymentSecrets } from '@clarity/shared/store/deployment-secrets'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { createOutbox } from '@clarity/shared/store/outbox'
import { syncQueueName } from '@clarity/shared/store/queue'
import { createRedis, pingRedis, queueErrorLog } from '@clarity/shared/store/redis'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createVault } from '@clarity/shared/store/vault'
import { Queue } from 'bullmq'
import { Clients } from './clients.ts'
import { type SyncWorkerConfig, variables } from './config.ts'
import { createSyncWorkerMetrics } from './metrics.ts'
import { QueueCheck } from './queue-check.ts'
import { createQueueFigures } from './queue-metrics.ts'
import type { SyncQueue } from './scheduled.ts'
import { runSyncWorker } from './worker.ts'

const reconcileEveryMs = 15_000
const notItsTurnMs = 5_000
const identity = { service: 'sync-worker', version: '0.1.0' }

async function createService(config: SyncWorkerConfig, log: Logger): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const tracing = opened.use(await startTracing({ ...identity, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, log }))
  const redis = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => redis.disconnect())
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const vault = createVault(config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const secrets = createDeploymentSecrets(redis, keys, vault)
  const signer = await readEvidenceSigner(secrets, config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const urls = bitbucketUrls(config.BITBUCKET_URL)
  const budgetOf = createBudgets(redis, keys, { limit: config.BITBUCKET_REQUESTS_PER_HOUR })
  const queue: SyncQueue = new Queue(syncQueueName, { connection: redis, prefix: keys.queuePrefix })
  opened.defer(() => queue.close())
  queue.on('error', queueErrorLog(log))
  const queueCheck = new QueueCheck(queue)
  const syncs = createSyncStore(redis, keys)
  const holds = createHoldStore(redis, keys)
  const registry = createRegistry(identity.service)
  const nowMs = systemClock.now
  const figures = createQueueFigures({ queue, syncs, holds, keys, nowMs })
  const metrics = createSyncWorkerMetrics({ registry, figures, nowMs })
  const checks = [pingRedis(redis), queueCheck]
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks, registry })
  opened.defer(() => health.close())
  log.info({ event: 'service.started', address: health.server.address() }, 'sync-worker ready')
  const clients = new Clients({
    urls,
    vault,
    log,
    clock: systemClock,
    random: Math.random,
    budgetOf,
    metrics,
    tracing,
  })
  opened.use(clients)
  const options = {
    redis,
    keys,
    queue,
    queueCheck,
    metrics,
    tracing,
    log,
    clock: systemClock,
    connections: createConnectionStore(redis, keys, syncs),
    syncs,
    facts: createFactStore(redis, keys, metrics.committed),
    holds,
    emails: createCandidateEmailStore(redis, keys, vault),
    changes: createChangeStore(redis, keys),
    listings: createListingStore(redis, keys),
    signer,
    outbox: createOutbox(redis, keys),
    outboxEntriesMax: config.OUTBOX_ENTRIES_MAX,
    clients,
    budgetOf,
    scopeConcurrency: config.SCOPE_CONCURRENCY,
    syncConcurrency: config.SYNC_CONCURRENCY,
    sliceMs: config.SLICE_SECONDS * 1_000,
    sliceRequests: config.SLICE_REQUESTS,
    leaseMs: config.LEASE_SECONDS * 1_000,
    reconcileEveryMs,
    notItsTurnMs,
    newId: () => randomUUID().replaceAll('-', ''),
  } satisfies Parameters<typeof runSyncWorker>[0]
  const running = opened.move()
  return {
    run: (signal) => runSyncWorker(options, signal),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

try {
  const config = loadConfig(variables, process.env)
  const log = createLog({ ...identity, level: config.LOG_LEVEL })
  await runService(() => createService(config, log), { log })
} catch (error) {
  exitWithStartError(error)
}
