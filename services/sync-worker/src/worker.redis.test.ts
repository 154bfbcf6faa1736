import { createSimulator } from '@clarity/bitbucket-simulator'
import type { Connection } from '@clarity/shared/contract/connections'
import type { SyncId } from '@clarity/shared/contract/ids'
import { isFinished, type Sync } from '@clarity/shared/contract/syncs'
import { createEvidenceSigner } from '@clarity/shared/evidence/sign'
import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { noTracing } from '@clarity/shared/runtime/tracing'
import { createBudgets } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createChangeStore } from '@clarity/shared/store/changes'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { sealCredentials } from '@clarity/shared/store/credentials'
import { syncQueueName } from '@clarity/shared/store/queue'
import { newSyncRequest } from '@clarity/shared/store/sync-requests'
import { createVault } from '@clarity/shared/store/vault'
import { Queue } from 'bullmq'
import { beforeEach, expect, test } from 'vitest'
import { Clients } from './clients.ts'
import { QueueCheck } from './queue-check.ts'
import { createTestEngine } from './testing/engine.ts'
import { runSyncWorker } from './worker.ts'

const engine = await createTestEngine()
const { redis, keys, facts, holds, syncs, listings, metrics } = engine
// BullMQ blocks on its connection and takes none that gives up.
const queueRedis = engine.connect({ maxRetriesPerRequest: null })
const connections = createConnectionStore(redis, keys, syncs)
const masterKey = new Secret(Buffer.alloc(32).toString('base64'))
const vault = createVault(masterKey)
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const consumer = { key: 'key', secret: 'secret' }

beforeEach(() => engine.reset())

/** Workspaces at the simulated Bitbucket, each connected, with its first sync asked for in that order. */
async function connectAll(sizes: Readonly<Record<string, number>>) {
  const workspaces = Object.entries(sizes).map(([slug, repositories]) => {
    return { slug, users: 5, groups: 2, projects: 1, repositories, seed: 3, consumer: { ...consumer, key: slug } }
  })
  const simulator = await createSimulator({ workspaces, limits: { requestsPerHour: 1_000_000 } })
  for (const { slug } of workspaces) {
    const response = await fetch(`${simulator.url}/_control/workspaces/${slug}`)
    const { uuid, name } = (await response.json()) as { uuid: string; name: string }
    const connection: Connection = {
      id: `con_${slug}`,
      tenantId: slug,
      name: slug,
      uniqueIdentifier: `bitbucket-${slug}`,
      provider: 'bitbucket-cloud',
      workspace: { uuid, slug, name },
      credential: { kind: 'oauth-consumer', key: slug },
      createdAt: '2026-11-23T10:00:00.000Z',
    }
    const wanted = { id: `syn_${slug}`, kind: 'full', trigger: 'saved', scopes: null } as const
    const request = newSyncRequest(connection, { ...wanted, requestedAt: connection.createdAt })
    const sealed = sealCredentials(vault, connection.id, [{ kind: 'oauth-consumer', ...consumer, key: slug }])
    expect(await connections.create(connection, sealed, request)).toBe(true)
  }
  return simulator
}

type WorkerChange = Partial<Parameters<typeof runSyncWorker>[0]> & { readonly requestsPerHour?: number }

function createWorker(url: string, { requestsPerHour = 1_000_000, ...change }: WorkerChange = {}) {
  const budgetOf = createBudgets(redis, keys, { limit: requestsPerHour })
  const urls = { api: url, token: `${url}/site/oauth2/access_token` }
  const tracing = noTracing
  const clients = new Clients({ urls, vault, log, clock: systemClock, random: () => 0, budgetOf, metrics, tracing })
  const queue = new Queue(syncQueueName, { connection: queueRedis, prefix: keys.queuePrefix })
  const stopping = new AbortController()
  let ids = 0
  const options = {
    redis: queueRedis,
    keys,
    queue,
    queueCheck: new QueueCheck(queue),
    metrics,
    tracing,
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
    clock: systemClock,
    log,
    newId: () => String(++ids),
    scopeConcurrency: 2,
    sliceMs: 10_000,
    sliceRequests: 20,
    syncConcurrency: 1,
    leaseMs: 30_000,
    reconcileEveryMs: 60_000,
    // Only being woken makes it go on within the test's time.
    notItsTurnMs: 3_600_000,
    ...change,
  }
  const running = runSyncWorker(options, stopping.signal)
  return {
    async stop() {
      stopping.abort(new Error('stopping'))
      await running
      await queue.close()
      await clients[Symbol.asyncDispose]()
    },
  }
}

/** Reads a sync until it is as wanted. */
async function until(slug: string, wanted: (sync: Sync) => boolean, syncId: SyncId = `syn_${slug}`): Promise<Sync> {
  for (;;) {
    const sync = await syncs.read(`con_${slug}`, syncId)
    if (sync !== null && wanted(sync)) return sync
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const isOver = ({ state }: Sync) => isFinished(state)
const small = ['a', 'b', 'c', 'd', 'e']

test('with one slot for all, small tenants that ask after a large one are done long before it', async () => {
  await using simulator = await connectAll({ whale: 400, ...Object.fromEntries(small.map((slug) => [slug, 3])) })
  const worker = createWorker(simulator.url)
  for (const slug of small) expect(await until(slug, isOver)).toMatchObject({ state: 'completed' })
  const whale = await until('whale', () => true)
  // Some slices of its twenty requests at most, of more than eight hundred.
  expect(whale.progress.requests).toBeLessThan(400)
  expect(await until('whale', isOver)).toMatchObject({ state: 'completed' })
  await worker.stop()
})

test('a worker that is told to stop hands its sync back, and another one goes on from there', async () => {
  await using simulator = await connectAll({ whale: 200 })
  const first = createWorker(simulator.url)
  await until('whale', ({ progress }) => progress.requests > 60)
  await first.stop()
  const handedBack = await until('whale', () => true)
  expect(handedBack.state).toBe('running')
  const second = createWorker(simulator.url)
  const { state, progress } = await until('whale', isOver)
  await second.stop()
  expect(state).toBe('completed')
  const { total } = (await (await fetch(`${simulator.url}/_control/requests?workspace=whale`)).json()) as {
    total: number
  }
  // The floor, and what was being read when it stopped.
  expect(total).toBeLessThan(2 * 200 + 2 + 5 + 20)
  expect(progress.phases.find(({ phase }) => phase === 'repository-permissions')).toMatchObject({
    done: 200,
    total: 200,
  })
})

test('how many requests a sync makes is told as soon as its lists are read', async () => {
  await using simulator = await connectAll({ whale: 60 })
  const told: { readonly requests: number; readonly expected: number | null }[] = []
  const saveProgress: typeof syncs.saveProgress = (connectionId, syncId, token, progress) => {
    told.push({ requests: progress.requests, expected: progress.requestsExpected })
    return syncs.saveProgress(connectionId, syncId, token, progress)
  }
  const worker = createWorker(simulator.url, { syncs: { ...syncs, saveProgress }, sliceRequests: 1_000 })
  const { progress } = await until('whale', isOver)
  await worker.stop()
  const first = told.find(({ expected }) => expected !== null)
  // The workspace, and a page of each of the four lists.
  expect(first).toEqual({ requests: 5, expected: progress.requests })
})

test('a sync that waits for another one of its connection is woken by its end', async () => {
  await using simulator = await connectAll({ whale: 30 })
  const stored = await connections.read('con_whale')
  if (stored === null) throw new Error('not connected')
  const wanted = { id: 'syn_second', kind: 'preview', trigger: 'api', scopes: null } as const
  const requestedAt = '2026-11-23T10:00:00.000Z'
  await connections.requestSync('con_whale', newSyncRequest(stored.connection, { ...wanted, requestedAt }))
  const worker = createWorker(simulator.url)
  expect(await until('whale', isOver, 'syn_second')).toMatchObject({ state: 'completed' })
  await worker.stop()
  expect((await syncs.read('con_whale', 'syn_whale'))?.state).toBe('completed')
})

/** How often slices have ended in each way so far. */
async function outcomes(): Promise<Record<string, number>> {
  const shown = Object.entries(await engine.showMetrics())
  const of = (name: string) => /^clarity_worker_slices_total\{outcome="(.*)"\}$/.exec(name)?.[1] ?? name
  return Object.fromEntries(shown.map(([name, value]) => [of(name), value]))
}

test('a slice is counted by how it ended, also one whose connection another worker took', async () => {
  await using simulator = await connectAll({ whale: 60 })
  const before = await outcomes()
  const { lease } = keys.connection('con_whale')
  let commits = 0
  const commit: typeof facts.commit = async (wanted) => {
    commits += 1
    if (commits === 20) await redis.set(lease, 'of another worker')
    return facts.commit(wanted)
  }
  const worker = createWorker(simulator.url, { facts: { ...facts, commit } })
  const grown = async (name: string) => ((await outcomes())[name] ?? 0) - (before[name] ?? 0)
  while ((await grown('fenced')) === 0) await new Promise((resolve) => setImmediate(resolve))
  await redis.del(lease)
  const { state, progress } = await until('whale', isOver)
  expect(state).toBe('completed')
  // What the slice that was cut short had done, and not written down, is not missing at the end.
  const permissions = progress.phases.find(({ phase }) => phase === 'repository-permissions')
  expect(permissions).toMatchObject({ done: 60, total: 60 })
  await worker.stop()
  expect(await grown('fenced')).toBe(1)
  expect(await grown('clarity_worker_leases_lost_total')).toBe(1)
  expect(await grown('finished')).toBe(1)
  expect(await grown('bounds')).toBeGreaterThan(3)
  expect(await grown('clarity_worker_slice_seconds_count')).toBe((await grown('bounds')) + 2)
})

test('a sync that waits for room in the hour ends soon when its connection is paused', async () => {
  await using simulator = await connectAll({ whale: 100 })
  const worker = createWorker(simulator.url, { requestsPerHour: 40, reconcileEveryMs: 20 })
  const isFarOff = (instant: string | null) => instant !== null && Date.parse(instant) > Date.now() + 30 * 60_000
  await until('whale', ({ waitingUntil }) => isFarOff(waitingUntil))
  await connections.change('con_whale', {
    tenantId: 'whale',
    requestId: 'req_1',
    paused: { since: '2026-11-23T10:00:00.000Z' },
    events: [],
  })
  expect(await until('whale', isOver)).toMatchObject({ state: 'cancelled', waitingUntil: null })
  await worker.stop()
})
