import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { noTracing } from '@clarity/shared/runtime/tracing'
import { createBudgets } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createVault } from '@clarity/shared/store/vault'
import { testRedis } from '@clarity/testkit/redis'
import { Registry } from 'prom-client'
import { createApiMetrics } from '../api-metrics.ts'
import { type AppOptions, createApp } from '../app.ts'
import type { CheckAccess } from '../check-credentials.ts'
import { ConnectionChanges, type ConnectionChangesOptions } from '../connection-changes.ts'
import { HoldService } from '../hold-service.ts'
import { ConnectionService, type ConnectionServiceOptions } from '../service.ts'

export const bearer = { authorization: 'Bearer key-of-tenant-acme' }

/** What a caller sends to connect the workspace `acme`. */
export const input = {
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  workspace: 'acme',
  credential: { kind: 'oauth-consumer', key: 'consumer', secret: 'consumer-secret' },
}

/** The whole API on a real Redis, without a Bitbucket: what it would say, the options do. */
export async function createTestApi() {
  const { client: redis } = await testRedis()
  const keys = createKeys({ prefix: 'test', shards: 1 })
  const facts = createFactStore(redis, keys)
  const masterKey = new Secret(Buffer.alloc(32, 1).toString('base64'))
  const vault = createVault(masterKey)
  const signer = createEvidenceSigner(masterKey)
  const emails = createCandidateEmailStore(redis, keys, vault)
  const clock = { now: () => Date.parse('2026-11-23T10:00:00Z'), sleep: () => Promise.resolve() }
  const log = createLog({ service: 'test', version: '0', level: 'silent' })
  const apiKeys = ['acme', 'globex'].map((tenantId) => ({ tenantId, key: new Secret(`key-of-tenant-${tenantId}`) }))

  return {
    redis,
    keys,
    signer,

    /** A fresh app; `enqueued` are the ids of the syncs, and of the connections to be removed, that it puts into the queue. */
    async build(
      options: Partial<ConnectionServiceOptions & ConnectionChangesOptions & Pick<AppOptions, 'tracing'>> = {},
    ) {
      const registry = new Registry()
      const enqueued: string[] = []
      const ids = [1, 2, 3, 4, 5, 6].values()
      const syncs = createSyncStore(redis, keys)
      const connections = createConnectionStore(redis, keys, syncs)
      const newId = () => String(ids.next().value)
      const checkAccess: CheckAccess = async () => ({ uuid: '{w}', slug: 'acme', name: 'Acme' })
      const service = new ConnectionService({
        connections,
        syncs,
        facts,
        listings: createListingStore(redis, keys),
        budgetOf: createBudgets(redis, keys, { limit: 1_000 }),
        vault,
        clock,
        log,
        newId,
        runPreflight: () => Promise.reject(new Error('not asked for')),
        checkAccess,
        enqueue: async ({ syncId }) => void enqueued.push(syncId),
        ...options,
      })
      const changes = new ConnectionChanges({
        ...{ service, connections, syncs, vault, clock, log, newId, checkAccess },
        applySchedule: async () => undefined,
        enqueueRemoval: async ({ connectionId }) => void enqueued.push(connectionId),
        ...options,
      })
      const holds = new HoldService({ service, holds: createHoldStore(redis, keys), facts, clock, log })
      const app = await createApp({
        service,
        changes,
        holds,
        emails,
        publicKeyPem: signer.publicKeyPem,
        apiKeys,
        checks: [],
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
