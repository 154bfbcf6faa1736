import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import { type BudgetOptions, createBudget, defaultBudget } from './budget.ts'
import { createKeys } from './keys.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
let nowMs = 0

beforeEach(async () => {
  await redis.flushdb()
  nowMs = 1_000_000
})

function budgetOf(options: Partial<BudgetOptions> = {}, credential = 'a') {
  const { limit = 10, windowMs = 1_000, leaseMs = 100, reserve = defaultBudget.reserve } = options
  return createBudget(redis, keys.budget(credential), { limit, windowMs, leaseMs, reserve, now: () => nowMs })
}

test('no more than the limit is leased, and more only when it counts no longer', async () => {
  const budget = budgetOf()
  expect(await budget.take('one', 7, 'interactive')).toEqual({ state: 'granted', leaseId: 'one', count: 7, forMs: 100 })
  expect(await budget.take('two', 7, 'interactive')).toMatchObject({ state: 'granted', count: 3 })
  expect(await budget.take('three', 1, 'interactive')).toEqual({ state: 'spent', forMs: 1_100 })
  nowMs += 1_099
  expect(await budget.take('three', 1, 'interactive')).toEqual({ state: 'spent', forMs: 1 })
  nowMs += 1
  expect(await budget.take('three', 20, 'interactive')).toMatchObject({ state: 'granted', count: 10 })
})

test('what was not used is free at once, and what was counts from the end of its lease', async () => {
  const budget = budgetOf()
  await budget.take('one', 10, 'interactive')
  nowMs += 40
  await budget.settle('one', 4)
  expect(await budget.used()).toBe(4)
  expect(await budget.take('two', 10, 'interactive')).toMatchObject({ count: 6 })
  nowMs += 999
  expect(await budget.used()).toBe(10)
  nowMs += 1
  expect(await budget.used()).toBe(6)
})

test('a lease that was not used at all leaves nothing behind', async () => {
  const budget = budgetOf()
  await budget.take('one', 10, 'interactive')
  await budget.settle('one', 0)
  expect(await budget.used()).toBe(0)
  expect(await redis.hlen(keys.budget('a').sizes)).toBe(0)
})

test('a lease that is settled twice, late or never taken gives nothing back twice', async () => {
  const budget = budgetOf()
  await budget.take('one', 5, 'interactive')
  await budget.settle('one', 2)
  await budget.settle('one', 2)
  await budget.settle('never', 0)
  expect(await budget.used()).toBe(2)
  nowMs += 5_000
  await budget.settle('one', 1)
  expect(await budget.used()).toBe(0)
})

test('an answer that was lost is given again, and counts once', async () => {
  const budget = budgetOf()
  const first = await budget.take('one', 6, 'interactive')
  nowMs += 30
  expect(await budget.take('one', 6, 'interactive')).toEqual({ ...first, forMs: 70 })
  expect(await budget.used()).toBe(6)
})

describe('priorities', () => {
  test('each leaves some to those above it', async () => {
    const reserve = { interactive: 0, 'cheap-tier': 0.2, 'rolling-tier': 0.5 }
    const budget = budgetOf({ reserve })
    expect(await budget.take('rolling', 10, 'rolling-tier')).toMatchObject({ count: 5 })
    expect(await budget.take('rolling again', 10, 'rolling-tier')).toMatchObject({ state: 'spent' })
    expect(await budget.take('cheap', 10, 'cheap-tier')).toMatchObject({ count: 3 })
    expect(await budget.take('interactive', 10, 'interactive')).toMatchObject({ count: 2 })
  })

  test('who has to leave some waits until enough counts no longer', async () => {
    const budget = budgetOf({ reserve: { interactive: 0, 'cheap-tier': 0, 'rolling-tier': 0.5 } })
    await budget.take('early', 4, 'interactive')
    nowMs += 300
    await budget.take('late', 6, 'interactive')
    // Without the early ones six still count, which is more than half.
    expect(await budget.take('rolling', 1, 'rolling-tier')).toEqual({ state: 'spent', forMs: 1_100 })
  })
})

test('a credential that Bitbucket refuses gets nothing until its time has come, whoever asks', async () => {
  const budget = budgetOf()
  await budget.refuse(500)
  // One that is told less does not shorten it.
  await budget.refuse(100)
  expect(await budget.take('one', 1, 'interactive')).toEqual({ state: 'spent', forMs: 500 })
  nowMs += 500
  expect(await budget.take('one', 1, 'interactive')).toMatchObject({ state: 'granted' })
})

test('each credential has its own, and another process sees the same', async () => {
  await budgetOf().take('one', 10, 'interactive')
  expect(await budgetOf({}, 'b').take('one', 10, 'interactive')).toMatchObject({ count: 10 })
  expect(await budgetOf().take('two', 1, 'interactive')).toMatchObject({ state: 'spent' })
})

test('by the time of Redis where none is given, and gone when nothing counts any more', async () => {
  const budget = createBudget(redis, keys.budget('a'))
  expect(await budget.take('one', 20, 'rolling-tier')).toMatchObject({ state: 'granted', count: 20, forMs: 10_000 })
  await budget.refuse(60_000)
  expect(await budget.take('two', 1, 'interactive')).toMatchObject({ state: 'spent' })
  for (const key of Object.values(keys.budget('a'))) expect(await redis.pttl(key)).toBeGreaterThan(3_600_000)
})
