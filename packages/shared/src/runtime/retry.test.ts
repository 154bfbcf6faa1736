import { expect, test } from 'vitest'
import type { Clock } from './clock.ts'
import { DependencyError, InvariantError, UpstreamError } from './errors.ts'
import { delayBeforeRetry, retry } from './retry.ts'

const policy = { initialMs: 100, maxMs: 1_000, factor: 2, attempts: 4 }

function fakeClock() {
  const slept: number[] = []
  const clock: Clock = { now: () => 0, sleep: async (ms) => void slept.push(ms) }
  return { clock, slept }
}

test('waits grow up to the cap, never below what the other side asked for', () => {
  expect([1, 2, 3, 4, 5].map((attempt) => delayBeforeRetry(policy, attempt, 1))).toEqual([100, 200, 400, 800, 1_000])
  expect(delayBeforeRetry(policy, 3, 0)).toBe(0)
  expect(delayBeforeRetry(policy, 1, 0.5, 700)).toBe(700)
})

test('what can heal is tried again until it succeeds', async () => {
  const { clock, slept } = fakeClock()
  const result = await retry(policy, { clock, random: () => 1 }, async (attempt) => {
    if (attempt < 3) throw new DependencyError('redis', 'away', { remedy: 'wait' })
    return attempt
  })
  expect(result).toBe(3)
  expect(slept).toEqual([100, 200])
})

test.each([
  ['a defect', new InvariantError('broken')],
  ['an unknown error', new Error('?')],
])('%s is not tried again', async (_name, error) => {
  const { clock, slept } = fakeClock()
  await expect(retry(policy, { clock, random: () => 1 }, () => Promise.reject(error))).rejects.toBe(error)
  expect(slept).toEqual([])
})

test('a wait that is asked for beyond our patience is left to the caller', async () => {
  const { clock, slept } = fakeClock()
  const error = new UpstreamError('rate-limited', 'rate-limited', 'slow', { remedy: 'wait', retryAfterMs: 60_000 })
  await expect(retry(policy, { clock, random: () => 1 }, () => Promise.reject(error))).rejects.toBe(error)
  expect(slept).toEqual([])
})

test('the attempts are bounded', async () => {
  const { clock, slept } = fakeClock()
  const error = new DependencyError('kafka', 'away', { remedy: 'wait' })
  await expect(retry(policy, { clock, random: () => 1 }, () => Promise.reject(error))).rejects.toBe(error)
  expect(slept).toHaveLength(policy.attempts - 1)
})
