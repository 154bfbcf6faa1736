import { testRedis } from '@clarity/testkit/redis'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Budget, type BudgetPriority, createBudget } from './budget.ts'
import { createKeys } from './keys.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const windowMs = 1_000
const leaseMs = 100
const reserve = { interactive: 0, 'cheap-tier': 0.1, 'rolling-tier': 0.3 }

/** A process that leases, uses and gives back, or dies with what it has. */
class Worker {
  readonly #budget: Budget
  readonly #name: string
  #leases = 0
  #lease: { id: string; left: number; used: number; untilMs: number } | null = null

  constructor(budget: Budget, name: string) {
    this.#budget = budget
    this.#name = name
  }

  /** Makes a request, if it may; how long to wait if not. */
  async request(nowMs: number, wanted: number, priority: BudgetPriority): Promise<number> {
    if (this.#lease !== null && (this.#lease.left === 0 || this.#lease.untilMs <= nowMs)) await this.settle()
    if (this.#lease === null) {
      const answer = await this.#budget.take(`${this.#name} ${++this.#leases}`, wanted, priority)
      if (answer.state === 'spent') return answer.forMs
      this.#lease = { id: answer.leaseId, left: answer.count, used: 0, untilMs: nowMs + answer.forMs }
    }
    this.#lease.left -= 1
    this.#lease.used += 1
    return 0
  }

  async settle(): Promise<void> {
    const lease = this.#lease
    this.#lease = null
    if (lease !== null) await this.#budget.settle(lease.id, lease.used)
  }

  die(): void {
    this.#lease = null
  }
}

const Step = fc.record({
  waitMs: fc.nat({ max: 300 }),
  worker: fc.nat({ max: 3 }),
  does: fc.oneof(
    { weight: 8, arbitrary: fc.constant('request' as const) },
    { weight: 1, arbitrary: fc.constant('settle' as const) },
    { weight: 1, arbitrary: fc.constant('die' as const) },
  ),
  times: fc.integer({ min: 1, max: 6 }),
  wanted: fc.integer({ min: 1, max: 5 }),
  priority: fc.constantFrom<BudgetPriority>('interactive', 'cheap-tier', 'rolling-tier'),
})

test('however many use it, and die with it, no window ever holds more than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(Step, { maxLength: 60 }), async (limit, steps) => {
      await redis.flushdb()
      let nowMs = 1_000_000
      const options = { limit, windowMs, leaseMs, reserve, now: () => nowMs }
      const workers = Array.from(
        { length: 4 },
        (_, index) => new Worker(createBudget(redis, keys.budget('a'), options), `worker ${index}`),
      )
      const requests: number[] = []
      for (const { waitMs, worker: which, does, times, wanted, priority } of steps) {
        nowMs += waitMs
        const worker = workers[which]
        if (does === 'settle') await worker?.settle()
        else if (does === 'die') worker?.die()
        else {
          for (let time = 0; time < times; time++) {
            if ((await worker?.request(nowMs, wanted, priority)) === 0) requests.push(nowMs)
          }
        }
        expect(requests.filter((at) => at > nowMs - windowMs).length).toBeLessThanOrEqual(limit)
      }
    }),
    { numRuns: 60 },
  )
})

test('while work waits, at least 98 % of it is used, and nobody asks in vain more often than needed', async () => {
  await redis.flushdb()
  let nowMs = 1_000_000
  const hours = 5
  const options = {
    limit: 1_000,
    windowMs: 3_610_000,
    leaseMs: 10_000,
    reserve: { ...reserve, 'cheap-tier': 0 },
    now: () => nowMs,
  }
  const budget = createBudget(redis, keys.budget('b'), options)
  const workers = Array.from({ length: 5 }, (_, index) => new Worker(budget, `worker ${index}`))
  const wakeAtMs = workers.map(() => nowMs)
  const endMs = nowMs + hours * 3_600_000
  let [made, refused] = [0, 0]
  while (nowMs < endMs) {
    for (const [index, worker] of workers.entries()) {
      if ((wakeAtMs[index] ?? 0) > nowMs) continue
      const waitMs = await worker.request(nowMs, 10, 'cheap-tier')
      if (waitMs === 0) made += 1
      else refused += 1
      // A request takes some 300 ms.
      wakeAtMs[index] = nowMs + (waitMs === 0 ? 300 : waitMs)
    }
    nowMs = Math.max(nowMs + 1, Math.min(...wakeAtMs))
  }
  // The window is ten seconds longer than an hour, which alone costs 0.3 %.
  expect(made).toBeGreaterThanOrEqual(0.98 * 1_000 * hours)
  expect(made).toBeLessThanOrEqual(1_000 * (hours + 1))
  expect(refused).toBeLessThan(made)
}, 60_000)
