import {
  type BitbucketClient,
  getCurrentUser,
  getWorkspace,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
} from '@clarity/bitbucket'
import {
  createClock,
  createSimulator,
  FaultRule,
  type Simulator,
  type SimulatorClock,
} from '@clarity/bitbucket-simulator'
import type { Connection } from '@clarity/shared/contract/connections'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { noTracing } from '@clarity/shared/runtime/tracing'
import { createBudget, defaultBudget } from '@clarity/shared/store/budget'
import type { StoredConnection } from '@clarity/shared/store/connections'
import { sealCredentials } from '@clarity/shared/store/credentials'
import { createKeys } from '@clarity/shared/store/keys'
import { createVault } from '@clarity/shared/store/vault'
import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { Clients } from './clients.ts'
import { SliceOver } from './slice-bounds.ts'
import { createTestMetrics } from './testing/metrics.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const perHour = 60
const { metrics } = createTestMetrics()
const consumer = { key: 'key', secret: 'secret' }
const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{w}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: consumer.key },
  createdAt: '2026-11-23T10:00:00.000Z',
}

beforeEach(() => redis.flushdb())

/** A Bitbucket that refuses the 61st request of any hour; its time is that of the workers, and passes as they wait. */
async function startBitbucket(clock: SimulatorClock, repositories: number) {
  const seeded = { slug: 'acme', users: 5, groups: 2, projects: 2, repositories, seed: 3, consumer }
  return createSimulator({ workspaces: [seeded], clock, limits: { requestsPerHour: perHour } })
}

/** The same with a second consumer, which has an hour of its own. */
const second = { kind: 'oauth-consumer' as const, key: 'second', secret: 'second-secret' }

function createClients({ clock, url }: Simulator, onSleep: (ms: number) => void = () => undefined): Clients {
  return new Clients({
    urls: { api: url, token: `${url}/site/oauth2/access_token` },
    vault,
    log: createLog({ service: 'test', version: '0', level: 'silent' }),
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        onSleep(ms)
        signal?.throwIfAborted()
        clock.advance(ms)
      },
    },
    random: () => 0,
    budgetOf: ({ key }) =>
      createBudget(redis, keys.budget(key), { ...defaultBudget, limit: perHour, now: () => clock.now() }),
    metrics,
    tracing: noTracing,
  })
}

const former = new Secret(Buffer.alloc(32, 1).toString('base64'))
const vault = createVault(new Secret(Buffer.alloc(32).toString('base64')), [former])
const seal = (secret: string) =>
  sealCredentials(vault, connection.id, [{ kind: 'oauth-consumer', key: consumer.key, secret }])
const stored: StoredConnection = {
  connection,
  sealedCredential: seal(consumer.secret),
  latestSyncId: null,
  lastCompletedAt: null,
  isRemoving: false,
  degraded: null,
  paused: null,
  version: '',
  sealedWebhook: null,
  schedule: { mode: 'manual' },
  cadences: null,
  size: { members: null, projects: null, repositories: null },
}

/** Reads in slices until it has what it wants; time passes between them as they ask for. Counts the slices. */
async function inSlices<T>(clients: Clients, clock: SimulatorClock, read: (client: BitbucketClient) => Promise<T>) {
  for (let slices = 1; ; slices++) {
    try {
      await using slice = await clients.use(stored, { priority: () => 'cheap-tier', onRequest: () => undefined })
      return { slices, result: await read(slice.client) }
    } catch (error) {
      if (!(error instanceof SliceOver)) throw error
      clock.advance(error.waitMs)
    }
  }
}

async function statusesOf(simulator: Simulator) {
  const response = await fetch(`${simulator.url}/_control/requests?workspace=acme`)
  return z
    .object({ total: z.int(), token: z.int(), byStatus: z.record(z.string(), z.int()) })
    .parse(await response.json())
}

test('lists that take hours are read without a single refusal, by two workers that share the hour', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 100)
  await using one = createClients(simulator)
  await using two = createClients(simulator)
  const { result: listed } = await inSlices(one, clock, (client) => listRepositories(client, 'acme'))
  if (listed.state === 'incomplete') throw listed.error
  const states: string[] = []
  for (const [index, { uuid }] of listed.rows.entries()) {
    const clients = index % 2 === 0 ? one : two
    const users = await inSlices(clients, clock, (client) => listRepositoryUserPermissions(client, 'acme', uuid))
    const groups = await inSlices(clients, clock, (client) => listRepositoryGroupPermissions(client, 'acme', uuid))
    states.push(users.result.state, groups.result.state)
  }
  expect(new Set(states)).toEqual(new Set(['complete']))
  expect(await statusesOf(simulator)).toMatchObject({ total: 201, byStatus: { 200: 201 } })
  // 201 requests at some 58 an hour: the share for who waits at a form is kept back.
  const hours = (clock.now() - 1_000_000) / 3_600_000
  expect(hours).toBeGreaterThan(3)
  expect(hours).toBeLessThan(4.5)
})

test('where the hour is used up by others, the slice is over, and nobody asks again before its time', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  const endpoint = 'GET /2.0/repositories/{workspace}'
  simulator.faults.add(
    FaultRule.parse({ endpoint, attempts: { from: 1, to: 10 }, atLeast: 10, fault: { type: 'status', status: 429 } }),
  )
  await using clients = createClients(simulator)
  const { result, slices } = await inSlices(clients, clock, (client) => listRepositories(client, 'acme'))
  expect(result).toMatchObject({ state: 'complete', reported: 20 })
  expect(simulator.faults.read()).toMatchObject([{ fired: 10 }])
  // Four tries a slice, and a minute between two.
  expect(slices).toBe(3)
  expect(clock.now() - 1_000_000).toBeGreaterThanOrEqual(2 * 60_000)
})

test('room that is reserved is there, and else it is said how long to wait for it', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  await using clients = createClients(simulator)
  const use = { priority: () => 'cheap-tier' as const, onRequest: () => undefined }
  {
    await using slice = await clients.use(stored, use)
    expect(await slice.reserve(40)).toBe(0)
    for (let request = 0; request < 40; request++) await getCurrentUser(slice.client)
  }
  await using slice = await clients.use(stored, use)
  const waitMs = await slice.reserve(40)
  expect(waitMs).toBeGreaterThan(3_500_000)
  clock.advance(waitMs)
  expect(await slice.reserve(40)).toBe(0)
})

test('a connection keeps its token from slice to slice, until its secret changes', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  await using clients = createClients(simulator)
  const use = { priority: () => 'cheap-tier' as const, onRequest: () => undefined }
  const read = async (sealedCredential: string) => {
    await using slice = await clients.use({ ...stored, sealedCredential }, use)
    await getCurrentUser(slice.client)
    return (await statusesOf(simulator)).token
  }
  expect(await read(stored.sealedCredential)).toBe(1)
  expect(await read(stored.sealedCredential)).toBe(1)
  expect(await read(seal(consumer.secret))).toBe(2)
})

test('a connection keeps its token also when its secret is sealed under a new master key', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  await using clients = createClients(simulator)
  const use = { priority: () => 'cheap-tier' as const, onRequest: () => undefined }
  const credential = { kind: 'oauth-consumer' as const, ...consumer }
  const before = sealCredentials(createVault(former), connection.id, [credential])
  const resealing = vault.reseal(connection.id, before)
  if (resealing.state !== 'former') throw new Error(resealing.state)
  for (const sealedCredential of [before, resealing.resealed]) {
    await using slice = await clients.use({ ...stored, sealedCredential }, use)
    await getCurrentUser(slice.client)
  }
  expect((await statusesOf(simulator)).token).toBe(1)
})

test('two credentials are used side by side, and where one has no room the other takes the call', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  const added = await fetch(`${simulator.url}/_control/workspaces/acme/consumers/${second.key}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: second.secret }),
  })
  expect(added.status).toBeLessThan(300)
  await using clients = createClients(simulator)
  const both = { ...stored, connection: { ...connection, moreCredentials: [{ kind: second.kind, key: second.key }] } }
  const sealedCredential = sealCredentials(vault, connection.id, [{ kind: 'oauth-consumer', ...consumer }, second])
  const use = { priority: () => 'interactive' as const, onRequest: () => undefined }
  await using slice = await clients.use({ ...both, sealedCredential }, use)
  for (let request = 0; request < 2 * perHour; request++) await getWorkspace(slice.client, 'acme')
  await expect(getWorkspace(slice.client, 'acme')).rejects.toMatchObject({ reason: 'no-room' })
  expect(await statusesOf(simulator)).toMatchObject({ byStatus: { 200: 2 * perHour } })
})
