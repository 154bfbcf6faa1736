import { randomUUID } from 'node:crypto'
import type { ConnectionRemoved, SyncRequested, SyncScheduled } from '@clarity/shared/contract/syncs'
import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { systemClock } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { exitWithStartError, runService, type Service } from '@clarity/shared/runtime/lifecycle'
import { createLog, type Logger } from '@clarity/shared/runtime/log'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { bitbucketUrls } from '@clarity/shared/runtime/variables'
import { createBudgets } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { removeConnectionJob, syncJobOptions, syncQueueName, syncRequestedJob } from '@clarity/shared/store/queue'
import { createRedis, pingRedis, queueErrorLog } from '@clarity/shared/store/redis'
import { applySchedule } from '@clarity/shared/store/schedules'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createVault } from '@clarity/shared/store/vault'
import { Queue } from 'bullmq'
import { createApiMetrics } from './api-metrics.ts'
import { createApp } from './app.ts'
import { createAccessCheck, createPreflightCheck } from './bitbucket.ts'
import { type ConnectorApiConfig, variables } from './config.ts'
import { ConnectionChanges } from './connection-changes.ts'
import { HoldService } from './hold-service.ts'
import { ConnectionService } from './service.ts'

/** How long Bitbucket may take to answer while a caller waits. */
const bitbucketTimeoutMs = 20_000
const identity = { service: 'connector-api', version: '0.1.0' }

async function createService(config: ConnectorApiConfig, log: Logger): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const tracing = opened.use(await startTracing({ ...identity, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, log }))
  const registry = createRegistry(identity.service)
  const metrics = createApiMetrics(registry)
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
  const bitbucket = {
    urls: bitbucketUrls(config.BITBUCKET_URL),
    timeoutMs: bitbucketTimeoutMs,
    budgetOf: createBudgets(redis, keys, { limit: config.BITBUCKET_REQUESTS_PER_HOUR }),
    onRequest: metrics.requestMade,
    tracing,
  }
  const syncs = createSyncStore(redis, keys)
  const vault = createVault(config.MASTER_KEY)
  const emails = createCandidateEmailStore(redis, keys, vault)
  const connections = createConnectionStore(redis, keys, syncs)
  const newId = () => randomUUID().replaceAll('-', '')
  const checkAccess = createAccessCheck(bitbucket)
  const service = new ConnectionService({
    connections,
    syncs,
    facts: createFactStore(redis, keys),
    listings: createListingStore(redis, keys),
    budgetOf: bitbucket.budgetOf,
    vault,
    clock: systemClock,
    log,
    newId,
    checkAccess,
    runPreflight: createPreflightCheck(bitbucket),
    enqueue: async (job) => {
      await queue.add(syncRequestedJob, job, { ...syncJobOptions, jobId: job.syncId })
    },
  })
  const changes = new ConnectionChanges({
    service,
    connections,
    syncs,
    vault,
    clock: systemClock,
    log,
    newId,
    checkAccess,
    applySchedule: (connection, schedule) => applySchedule(queue, connection, schedule, systemClock.now()),
    enqueueRemoval: async (job) => {
      await queue.add(removeConnectionJob, job, { ...syncJobOptions, jobId: `remove-${job.connectionId}` })
    },
  })
  const holds = new HoldService({
    service,
    holds: createHoldStore(redis, keys),
    facts: createFactStore(redis, keys),
    clock: systemClock,
    log,
  })
  const app = await createApp({
    service,
    changes,
    holds,
    emails,
    publicKeyPem: createEvidenceSigner(config.MASTER_KEY).publicKeyPem,
    apiKeys: config.API_KEYS,
    checks: [pingRedis(redis)],
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
    run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
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
