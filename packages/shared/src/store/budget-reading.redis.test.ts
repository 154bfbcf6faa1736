import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { budgetIdOf, createBudget, createBudgets } from './budget.ts'
import { createBudgetReader } from './budget-reading.ts'
import { createKeys } from './keys.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const consumer = { kind: 'oauth-consumer', key: 'a' }
const begin = Date.parse('2026-11-23T10:00:00Z')
const [windowMs, leaseMs] = [3_600_000, 10_000]
const minuteMs = 60_000
let nowMs = begin
const options = {
  ...{ limit: 100, windowMs, leaseMs, now: () => nowMs },
  reserve: { interactive: 0, 'cheap-tier': 0.02, 'rolling-tier': 0.1 },
}
const budget = createBudget(redis, keys.budget(budgetIdOf(consumer)), options)
const read = () => createBudgetReader(redis, keys, options)(consumer)

beforeEach(async () => {
  await redis.flushdb()
  nowMs = begin
})

test('of a credential that nobody has used, all is free but what is kept back', async () => {
  expect(await read()).toEqual({
    ...{ limit: 100, used: 0, leased: 0, keptBack: 10, free: 100, freeForSyncs: 90 },
    ...{ nextFreeAtMs: null, restingUntilMs: null, atMs: begin },
    forecast: [5, 15, 30, 60].map((minutes) => ({ atMs: begin + minutes * minuteMs, freeForSyncs: 90 })),
  })
})

test('what is leased is told from what was used, and what a lease that ran out has taken counts as used', async () => {
  await budget.take('one', 30, 'interactive')
  await budget.take('two', 20, 'interactive')
  expect(await read()).toMatchObject({ used: 0, leased: 50, free: 50 })
  nowMs += 4_000
  await budget.settle('one', 25)
  expect(await read()).toMatchObject({ used: 25, leased: 20, free: 55, freeForSyncs: 45 })
  nowMs = begin + leaseMs
  expect(await read()).toMatchObject({ used: 45, leased: 0, free: 55 })
})

test('says when syncs have room again, and how much comes when', async () => {
  await budget.take('early', 40, 'interactive')
  await budget.settle('early', 40)
  nowMs += 20 * minuteMs
  await budget.take('late', 55, 'interactive')
  await budget.settle('late', 55)
  expect(await read()).toMatchObject({
    ...{ free: 5, freeForSyncs: 0, nextFreeAtMs: begin + windowMs },
    forecast: [{ freeForSyncs: 0 }, { freeForSyncs: 0 }, { freeForSyncs: 0 }, { freeForSyncs: 90 }],
  })
  nowMs = begin + windowMs
  expect(await read()).toMatchObject({ used: 55, free: 45, freeForSyncs: 35, nextFreeAtMs: null })
})

test('nothing is free while it rests, and then as much as before', async () => {
  await budget.take('one', 10, 'interactive')
  await budget.settle('one', 10)
  await budget.refuse(7 * minuteMs)
  const restingUntilMs = begin + 7 * minuteMs
  expect(await read()).toMatchObject({
    ...{ used: 10, free: 0, freeForSyncs: 0, restingUntilMs, nextFreeAtMs: restingUntilMs },
    forecast: [{ freeForSyncs: 0 }, { freeForSyncs: 80 }, { freeForSyncs: 80 }, { freeForSyncs: 90 }],
  })
  nowMs = restingUntilMs
  expect(await read()).toMatchObject({ free: 90, restingUntilMs: null, nextFreeAtMs: null })
})

test('looking takes nothing and leaves no trace, and says the same as taking', async () => {
  await read()
  expect(await redis.keys('*')).toEqual([])
  await budget.take('one', 95, 'interactive')
  const before = await Promise.all(Object.values(keys.budget(budgetIdOf(consumer))).map((key) => redis.dump(key)))
  const { nextFreeAtMs } = await read()
  expect(await Promise.all(Object.values(keys.budget(budgetIdOf(consumer))).map((key) => redis.dump(key)))).toEqual(
    before,
  )
  expect(await budget.take('two', 1, 'rolling-tier')).toEqual({ state: 'spent', forMs: (nextFreeAtMs ?? 0) - nowMs })
})

test('reads by the time of Redis what the budgets of the services have given out', async () => {
  const shared = createBudgets(redis, keys, { limit: 1_000 })(consumer)
  await shared.take('one', 12, 'rolling-tier')
  const reading = await createBudgetReader(redis, keys, { limit: 1_000 })(consumer)
  expect(reading).toMatchObject({ limit: 1_000, used: 0, leased: 12, free: 988, keptBack: 50 })
  const [seconds] = await redis.time()
  expect(Math.abs(reading.atMs - Number(seconds) * 1_000)).toBeLessThan(60_000)
})
