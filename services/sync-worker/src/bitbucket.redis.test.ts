import {
  createBitbucketClient,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
} from '@clarity/bitbucket'
import { createClock, createSimulator } from '@clarity/bitbucket-simulator'
import { Secret } from '@clarity/shared/runtime/secret'
import { createBudget, defaultBudget } from '@clarity/shared/store/budget'
import { BudgetMeter } from '@clarity/shared/store/budget-meter'
import { createKeys } from '@clarity/shared/store/keys'
import { testRedis } from '@clarity/testkit/redis'
import pMap from 'p-map'
import { expect, test } from 'vitest'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const perHour = 60

/** Two workers with one consumer, in a Bitbucket that refuses the 61st request of any hour; time passes as they wait. */
test('a list that takes hours is read without a single refusal, by two workers that share the hour', async () => {
  const clock = createClock('manual', 1_000_000)
  const consumer = { key: 'key', secret: 'secret' }
  const seeded = { slug: 'acme', users: 5, groups: 2, projects: 2, repositories: 100, seed: 3, consumer }
  await using simulator = await createSimulator({ workspaces: [seeded], clock, limits: { requestsPerHour: perHour } })
  let ids = 0
  const work = {
    now: () => clock.now(),
    sleep: async (ms: number) => clock.advance(ms),
  }
  const options = { ...defaultBudget, limit: perHour, now: () => clock.now() }
  const createWorker = () => {
    const meter = new BudgetMeter({
      budget: createBudget(redis, keys.budget('a'), options),
      priority: 'cheap-tier',
      clock: work,
      newId: () => `lease-${++ids}`,
      waitMsMax: Number.POSITIVE_INFINITY,
    })
    const client = createBitbucketClient({
      urls: { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` },
      credentials: [{ kind: 'oauth-consumer', id: 'key', key: consumer.key, secret: new Secret(consumer.secret) }],
      clock: work,
      random: () => 0,
      takeBudget: (_id, signal) => meter.take(signal),
    })
    return { client, meter }
  }
  const workers = [createWorker(), createWorker()]
  const startedAtMs = clock.now()
  const listed = await listRepositories(createWorker().client, 'acme')
  if (listed.state === 'incomplete') throw listed.error
  const states = await pMap(
    listed.rows.entries(),
    async ([index, { uuid }]) => {
      const worker = workers[index % 2]
      if (worker === undefined) throw new Error('there are two')
      const users = await listRepositoryUserPermissions(worker.client, 'acme', uuid)
      const groups = await listRepositoryGroupPermissions(worker.client, 'acme', uuid)
      return [users.state, groups.state]
    },
    { concurrency: 4 },
  )
  for (const { client, meter } of workers) {
    await client[Symbol.asyncDispose]()
    await meter.close()
  }
  expect(new Set(states.flat())).toEqual(new Set(['complete']))
  const counts = await (await fetch(`${simulator.url}/_control/requests?workspace=acme`)).json()
  // 201 requests at some 58 an hour, the share for who waits at a form kept back.
  expect(counts).toMatchObject({ total: 201, byStatus: { 200: 201 } })
  const hours = (clock.now() - startedAtMs) / 3_600_000
  expect(hours).toBeGreaterThan(3)
  expect(hours).toBeLessThan(4.5)
})
