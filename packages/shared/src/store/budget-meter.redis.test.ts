import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { type BudgetOptions, createBudget } from './budget.ts'
import { BudgetMeter, type BudgetMeterOptions } from './budget-meter.ts'
import { createKeys } from './keys.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const reserve = { interactive: 0, 'cheap-tier': 0, 'rolling-tier': 0 }
let nowMs = 0
let ids = 0
const sleeps: number[] = []
const clock = {
  now: () => nowMs,
  sleep: async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted()
    sleeps.push(ms)
    nowMs += ms
  },
}

beforeEach(async () => {
  await redis.flushdb()
  nowMs = 1_000_000
  sleeps.length = 0
})

function budgetOf(options: Partial<BudgetOptions> = {}) {
  const all = { limit: 25, windowMs: 100_000, leaseMs: 1_000, reserve, now: () => nowMs, ...options }
  return createBudget(redis, keys.budget('a'), all)
}

function meterOf(options: Partial<BudgetMeterOptions> = {}) {
  const newId = () => `lease-${++ids}`
  const waitMsMax = Number.POSITIVE_INFINITY
  return new BudgetMeter({ budget: budgetOf(), priority: () => 'cheap-tier', clock, newId, waitMsMax, ...options })
}

test('requests go at once while there is room, and wait for it when there is none', async () => {
  const meter = meterOf()
  for (let request = 0; request < 25; request++) await meter.take()
  expect(sleeps).toEqual([])
  await meter.take()
  // Nobody sleeps longer than half a minute at a time; some might be given back.
  expect(sleeps.slice(0, 3)).toEqual([30_000, 30_000, 30_000])
  expect(nowMs).toBeGreaterThanOrEqual(1_100_000)
})

test('that there is no room is told once, however many wait for it and however long', async () => {
  const told: number[] = []
  const meter = meterOf({ onWait: (forMs) => told.push(forMs) })
  for (let request = 0; request < 25; request++) await meter.take()
  await Promise.all(Array.from({ length: 5 }, () => meter.take()))
  expect(sleeps.length).toBeGreaterThan(3)
  expect(told).toHaveLength(1)
})

test('many at once share one lease, and none is given out twice', async () => {
  const meter = meterOf({ waitMsMax: 0 })
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => meter.take()))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(25)
  expect(await budgetOf().used()).toBe(25)
})

test('what is left is given back at the end, and what a lease had left when its time was over', async () => {
  const meter = meterOf()
  await meter.take()
  expect(await budgetOf().used()).toBe(10)
  await meter.close()
  expect(await budgetOf().used()).toBe(1)
  const other = meterOf()
  await other.take()
  nowMs += 1_000
  await other.take()
  // One of the first lease, and the whole of the second.
  expect(await budgetOf().used()).toBe(1 + 1 + 10)
})

test('after a refusal nobody gets any until its time is over, what was leased before included', async () => {
  const [meter, other] = [meterOf(), meterOf({ waitMsMax: 0 })]
  await meter.take()
  await meter.refuse(20_000)
  expect(await budgetOf().used()).toBe(1)
  await expect(other.take()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 20_000 })
  await meter.take()
  expect(nowMs).toBe(1_020_000)
})

test('who does not wait is refused with how long it takes', async () => {
  const meter = meterOf({ budget: budgetOf({ limit: 1 }), waitMsMax: 5_000 })
  await meter.take()
  await expect(meter.take()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 100_000 })
})

test('an abort ends a wait with its own reason', async () => {
  const controller = new AbortController()
  const stop = () => controller.abort(new Error('stopping'))
  const meter = meterOf({ budget: budgetOf({ limit: 1 }), onWait: stop })
  await meter.take(controller.signal)
  await expect(meter.take(controller.signal)).rejects.toThrow('stopping')
})

test('a lease that cannot be given back is told, and harms nobody', async () => {
  const lost: unknown[] = []
  const budget = { ...budgetOf(), settle: () => Promise.reject(new Error('away')) }
  const meter = meterOf({ budget, onLost: (error) => lost.push(error) })
  await meter.take()
  await meter.close()
  expect(lost).toHaveLength(1)
})
