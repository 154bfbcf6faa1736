import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageBoundsSeconds, Freshness } from '../contract/freshness.ts'
import { measureFreshness, percentile } from './measure-freshness.ts'

const now = Date.UTC(2026, 10, 23)

test('says how old the facts of each kind of scope are, and counts those that were never read apart', () => {
  const reads = [10, 20, 30, null].map((age) => {
    return { kind: 'repository' as const, readAt: age === null ? null : now - age * 1_000 }
  })
  const freshness = Freshness.parse(measureFreshness([...reads, { kind: 'members', readAt: now - 500 }], now))
  expect(freshness.repository).toEqual({
    count: 4,
    neverRead: 1,
    medianSeconds: 20,
    p95Seconds: 30,
    oldestSeconds: 30,
    ages: histogram(new Map([[900, 3]])),
  })
  expect(freshness.members).toMatchObject({ count: 1, medianSeconds: 0.5, oldestSeconds: 0.5 })
  expect(freshness.project).toEqual({
    count: 0,
    neverRead: 0,
    medianSeconds: null,
    p95Seconds: null,
    oldestSeconds: null,
    ages: histogram(new Map()),
  })
})

/** A histogram with these counts below these bounds, and else none. */
function histogram(counts: ReadonlyMap<number | null, number>) {
  return [...ageBoundsSeconds, null].map((underSeconds) => ({ underSeconds, count: counts.get(underSeconds) ?? 0 }))
}

test('counts each age once, below the first bound that it does not reach', () => {
  const ages = [0, 899.999, 900, 3_599, 3_600, 86_400, 172_799, 172_800, 10_000_000]
  const reads = ages.map((age) => ({ kind: 'project' as const, readAt: now - age * 1_000 }))
  const { project } = measureFreshness([...reads, { kind: 'project', readAt: null }], now)
  const counts = new Map([
    ...([
      [900, 2],
      [1_800, 1],
      [3_600, 1],
      [7_200, 1],
      [172_800, 2],
    ] as const),
    [null, 2] as const,
  ])
  expect(project.ages).toEqual(histogram(counts))
})

test('the counts add up to all that have been read', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000, max: 400_000_000 })), (agesMs) => {
      const reads = agesMs.map((age) => ({ kind: 'groups' as const, readAt: now - age }))
      const { ages, count } = measureFreshness(reads, now).groups
      expect(ages.reduce((sum, one) => sum + one.count, 0)).toBe(count)
    }),
  )
})

test('a time in the future, by a clock that went back, is no age below zero', () => {
  expect(measureFreshness([{ kind: 'groups', readAt: now + 5_000 }], now).groups.oldestSeconds).toBe(0)
})

test('at least the share of the values is at most the percentile, and none smaller will do', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.95, 1), (ages, share) => {
      const sorted = ages.toSorted((a, b) => a - b)
      const found = percentile(sorted, share) ?? Number.NaN
      expect(ages.filter((age) => age <= found).length).toBeGreaterThanOrEqual(share * ages.length)
      expect(ages.filter((age) => age < found).length).toBeLessThan(share * ages.length)
    }),
  )
})
