import { randomUUID } from 'node:crypto'
import { createClock, createSimulator } from '@clarity/bitbucket-simulator'
import { type Connection, toConnectionDetails } from '@clarity/shared/contract/connections'
import { toConnectionRef } from '@clarity/shared/contract/events'
import type { ScopeId, SyncId } from '@clarity/shared/contract/ids'
import type { ConnectionSettings } from '@clarity/shared/contract/settings'
import type { Sync, SyncKind } from '@clarity/shared/contract/syncs'
import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { toInstant } from '@clarity/shared/runtime/clock'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { noTracing } from '@clarity/shared/runtime/tracing'
import { createBudget, defaultBudget } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createChangeStore } from '@clarity/shared/store/changes'
import { type ConnectionChange, createConnectionStore } from '@clarity/shared/store/connections'
import { sealCredentials } from '@clarity/shared/store/credentials'
import { acquireLease } from '@clarity/shared/store/lease'
import { newSyncRequest } from '@clarity/shared/store/sync-requests'
import { createVault } from '@clarity/shared/store/vault'
import type { Truth } from '@clarity/testkit/oracles/access'
import { Clients } from '../clients.ts'
import { runSyncSlice, type SyncSliceOptions } from '../sync-slice.ts'
import type { createTestEngine } from './engine.ts'

export interface TestSystemOptions {
  readonly repositories: number
  readonly users?: number
  readonly requestsPerHour?: number
  readonly removalLimit?: Connection['removalLimit']
  readonly sliceRequests?: number
}

const consumer = { key: 'key', secret: 'secret' }
const kind = 'oauth-consumer'

/**
 * The worker's engine on a real Redis against the simulated Bitbucket over HTTP, one workspace connected, in virtual time:
 * it passes as syncs wait, and as the test says.
 */
export async function createTestSystem(
  engine: Awaited<ReturnType<typeof createTestEngine>>,
  options: TestSystemOptions,
) {
  const { redis, keys, facts, holds, syncs, listings, metrics } = engine
  await engine.reset()
  const { repositories, users = 12, requestsPerHour = 100_000, sliceRequests = 40, removalLimit } = options
  const clock = createClock('manual', Date.parse('2026-11-23T10:00:00Z'))
  const seeded = { slug: 'acme', users, groups: 4, projects: 3, repositories, seed: 5, consumer }
  const simulator = await createSimulator({ workspaces: [seeded], clock, limits: { requestsPerHour } })
  const time = {
    now: () => clock.now(),
    async sleep(ms: number, signal?: AbortSignal) {
      signal?.throwIfAborted()
      clock.advance(ms)
    },
  }
  const log = createLog({ service: 'test', version: '0', level: 'silent' })
  const masterKey = new Secret(Buffer.alloc(32).toString('base64'))
  const vault = createVault(masterKey)
  const connections = createConnectionStore(redis, keys, syncs)
  const budgetOf = ({ key }: { readonly key: string }) =>
    createBudget(redis, keys.budget(key), { ...defaultBudget, limit: requestsPerHour, now: () => clock.now() })
  const urls = { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` }
  const clients = new Clients({ urls, vault, log, clock: time, random: () => 0, budgetOf, metrics, tracing: noTracing })
  const control = (path: string, body?: object) => callControl(simulator.url, path, body)
  const truth = async () => (await control('/workspaces/acme')) as Truth
  const { uuid, slug, name } = await truth()
  const connection: Connection = {
    id: 'con_1',
    tenantId: 'acme',
    name: 'Acme',
    uniqueIdentifier: 'bitbucket-acme',
    provider: 'bitbucket-cloud',
    workspace: { uuid, slug, name },
    credential: { kind, key: consumer.key },
    removalLimit: removalLimit ?? { share: 1, count: 1_000 },
    createdAt: toInstant(clock.now()),
  }
  await redis.hset(keys.connection(connection.id).record, {
    record: JSON.stringify(connection),
    credential: sealCredentials(vault, connection.id, [{ kind, ...consumer }]),
  })
  await redis.del(keys.connection(connection.id).lease)
  const slices: SyncSliceOptions = {
    connections,
    syncs,
    facts,
    holds,
    emails: createCandidateEmailStore(redis, keys, vault),
    changes: createChangeStore(redis, keys),
    listings,
    signer: createEvidenceSigner(masterKey),
    outbox: engine.outbox,
    outboxEntriesMax: 1_000_000,
    clients,
    budgetOf,
    clock: time,
    log,
    metrics,
    scopeConcurrency: 3,
    sliceMs: 10_000,
    sliceRequests,
  }

  /** Runs one slice as a worker does, under a lease of its own. */
  async function runSlice(syncId: SyncId, changed: Partial<SyncSliceOptions> = {}) {
    const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
    const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 600_000 })
    if (lease === null) throw new InvariantError('the lease is held')
    try {
      const job = { tenantId: connection.tenantId, connectionId: connection.id, syncId }
      return await runSyncSlice({ ...slices, ...changed }, job, lease, new AbortController().signal)
    } finally {
      await lease.release()
    }
  }

  async function request(wantedKind: SyncKind, scopes: readonly ScopeId[] | null = null): Promise<SyncId> {
    const id: SyncId = `syn_${randomUUID().replaceAll('-', '')}`
    const wanted = { id, kind: wantedKind, trigger: 'api' as const, scopes, requestedAt: toInstant(clock.now()) }
    const result = await connections.requestSync(connection.id, newSyncRequest(connection, wanted))
    if (!('syncId' in result)) throw new InvariantError(`the connection is ${result.state}`)
    return result.syncId
  }

  /** Changes what is set of the connection, as the API does, with the events that tell of it. */
  async function configure(settings: ConnectionSettings): Promise<void> {
    const stored = await connections.read(connection.id)
    if (stored === null) throw new InvariantError('the connection is not there')
    const after = { ...stored.connection, ...settings }
    const data = { ...ofConnection(), details: toConnectionDetails(after, stored.schedule), changed: {} }
    const event = { name: 'connection.updated' as const, subject: connection.id, data, before: null, after: 'changed' }
    await change({ connection: after, events: [event] })
  }

  /** Pauses the connection, or lets it go on. */
  async function pause(isPaused: boolean): Promise<void> {
    const since = toInstant(clock.now())
    const name = isPaused ? ('connection.paused' as const) : ('connection.resumed' as const)
    const event = { name, subject: connection.id, data: { ...ofConnection(), since }, before: null, after: since }
    await change({ paused: isPaused ? { since } : null, events: [event] })
  }

  const change = (what: Omit<ConnectionChange, 'tenantId' | 'requestId'>) =>
    connections.change(connection.id, { tenantId: connection.tenantId, requestId: 'req_1', ...what })

  const ofConnection = () => ({
    connection: toConnectionRef(connection),
    cause: 'operator' as const,
    observedAt: toInstant(clock.now()),
    previouslyObservedAt: null,
    scope: null,
  })

  /** Runs the slices of a sync to its end; time passes between them as they ask for. */
  async function finish(syncId: SyncId): Promise<Sync & { readonly slices: number }> {
    for (let count = 1; ; count++) {
      const end = await runSlice(syncId)
      if (end.state === 'again') clock.advance(end.waitMs)
      else {
        const sync = await syncs.read(connection.id, syncId)
        if (sync === null) throw new InvariantError('the sync is gone', { syncId })
        return { ...sync, slices: count }
      }
    }
  }

  return {
    ...engine,
    clock,
    connection,
    connections,
    changes: slices.changes,
    simulator,
    control,
    truth,
    slices,
    configure,
    pause,
    request,
    runSlice,
    finish,
    sync: async (kind: SyncKind, scopes: readonly ScopeId[] | null = null) => finish(await request(kind, scopes)),
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

async function callControl(url: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/_control${path}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  if (!response.ok) throw new InvariantError('the simulator refuses', { path, status: response.status })
  return response.status === 204 ? null : response.json()
}
