import { randomUUID } from 'node:crypto'
import { readEvidenceSigner } from '@clarity/shared/evidence/signing-key'
import { systemClock } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { startHealthServer } from '@clarity/shared/runtime/health'
import { exitWithStartError, runService, type Service } from '@clarity/shared/runtime/lifecycle'
import { createLog, type Logger } from '@clarity/shared/runtime/log'
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
import { createRedis, pingRedis } from '@clarity/shared/store/redis'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createVault } from '@clarity/shared/store/vault'
import { Clients } from './clients.ts'
import { type SyncWorkerConfig, variables } from './config.ts'
import { runSyncWorker } from './worker.ts'

const reconcileEveryMs = 15_000
const notItsTurnMs = 5_000

async function createService(config: SyncWorkerConfig, log: Logger): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const redis = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => redis.disconnect())
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const vault = createVault(config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const secrets = createDeploymentSecrets(redis, keys, vault)
  const signer = await readEvidenceSigner(secrets, config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const urls = bitbucketUrls(config.BITBUCKET_URL)
  const budgetOf = createBudgets(redis, keys, { limit: config.BITBUCKET_REQUESTS_PER_HOUR })
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks: [pingRedis(redis)] })
  opened.defer(() => health.close())
  log.info({ event: 'service.started', address: health.server.address() }, 'sync-worker ready')
  const clients = new Clients({ urls, vault, log, clock: systemClock, random: Math.random, budgetOf })
  opened.use(clients)
  const syncs = createSyncStore(redis, keys)
  const options = {
    redis,
    keys,
    log,
    clock: systemClock,
    connections: createConnectionStore(redis, keys, syncs),
    syncs,
    facts: createFactStore(redis, keys),
    holds: createHoldStore(redis, keys),
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
  const log = createLog({ service: 'sync-worker', version: '0.1.0', level: config.LOG_LEVEL })
  await runService(() => createService(config, log), { log })
} catch (error) {
  exitWithStartError(error)
}
