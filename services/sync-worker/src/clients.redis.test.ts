import {
  listGroups,
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
import { createBudget, defaultBudget } from '@clarity/shared/store/budget'
import { createKeys } from '@clarity/shared/store/keys'
import { createVault } from '@clarity/shared/store/vault'
import { testRedis } from '@clarity/testkit/redis'
import pMap from 'p-map'
import { beforeEach, expect, test } from 'vitest'
import { createClientFactory } from './bitbucket.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const perHour = 60
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

function createWorker(simulator: Simulator, onSleep: (ms: number) => void = () => undefined) {
  const { clock, url } = simulator
  const vault = createVault(new Secret(Buffer.alloc(32).toString('base64')))
  const createClient = createClientFactory({
    urls: { api: url, token: `${url}/site/oauth2/access_token` },
    vault,
    log: createLog({ service: 'test', version: '0', level: 'silent' }),
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        if (ms >= 30_000) onSleep(ms)
        signal?.throwIfAborted()
        clock.advance(ms)
      },
    },
    random: () => 0,
    budgetOf: () => createBudget(redis, keys.budget('a'), { ...defaultBudget, limit: perHour, now: () => clock.now() }),
  })
  const sealedCredential = vault.seal(connection.id, new Secret(consumer.secret))
  return createClient({ connection, sealedCredential, latestSyncId: null }, () => undefined)
}

async function statusesOf(simulator: Simulator): Promise<unknown> {
  return (await fetch(`${simulator.url}/_control/requests?workspace=acme`)).json()
}

test('lists that take hours are read without a single refusal, by two workers that share the hour', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 100)
  await using one = createWorker(simulator)
  await using two = createWorker(simulator)
  const listed = await listRepositories(one, 'acme')
  if (listed.state === 'incomplete') throw listed.error
  const states = await pMap(
    listed.rows.entries(),
    async ([index, { uuid }]) => {
      const client = index % 2 === 0 ? one : two
      const users = await listRepositoryUserPermissions(client, 'acme', uuid)
      const groups = await listRepositoryGroupPermissions(client, 'acme', uuid)
      return [users.state, groups.state]
    },
    { concurrency: 4 },
  )
  expect(new Set(states.flat())).toEqual(new Set(['complete']))
  expect(await statusesOf(simulator)).toMatchObject({ total: 201, byStatus: { 200: 201 } })
  // 201 requests at some 58 an hour: the share for who waits at a form is kept back.
  const hours = (clock.now() - 1_000_000) / 3_600_000
  expect(hours).toBeGreaterThan(3)
  expect(hours).toBeLessThan(4.5)
})

test('an hour that others have used up is waited for, and the list is whole in the end', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  const endpoint = 'GET /2.0/repositories/{workspace}'
  simulator.faults.add(
    FaultRule.parse({ endpoint, attempts: { from: 1, to: 10 }, atLeast: 10, fault: { type: 'status', status: 429 } }),
  )
  await using worker = createWorker(simulator)
  const listed = await listRepositories(worker, 'acme')
  expect(listed).toMatchObject({ state: 'complete', reported: 20 })
  expect(simulator.faults.read()).toMatchObject([{ fired: 10 }])
  // Nobody hammers: four tries for each time that the budget was emptied.
  expect(clock.now() - 1_000_000).toBeGreaterThanOrEqual(60_000)
})

test('a stop ends the wait for an hour that others have used up', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  simulator.faults.add(
    FaultRule.parse({ fault: { type: 'status', status: 429 }, endpoint: 'GET /1.0/groups/{workspace}' }),
  )
  const controller = new AbortController()
  await using worker = createWorker(simulator, () => controller.abort(new Error('stopping')))
  await expect(listGroups(worker, 'acme', controller.signal)).rejects.toThrow('stopping')
})

test('a limit that never ends is given up in the end, and told', async () => {
  const clock = createClock('manual', 1_000_000)
  await using simulator = await startBitbucket(clock, 20)
  await using worker = createWorker(simulator)
  const endpoint = 'GET /2.0/repositories/{workspace}'
  simulator.faults.add(FaultRule.parse({ endpoint, fault: { type: 'status', status: 429, retryAfterSeconds: 600 } }))
  expect(await listRepositories(worker, 'acme')).toMatchObject({ state: 'incomplete', error: { code: 'rate-limited' } })
  expect((clock.now() - 1_000_000) / 60_000).toBeGreaterThanOrEqual(110)
})
