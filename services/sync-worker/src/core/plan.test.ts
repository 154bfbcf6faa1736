import { planCadences } from '@clarity/shared/store/cadences'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PlanInput, planIncremental, type ScopeReadTimes } from './plan.ts'

const shape = {
  members: 2_000,
  projects: 200,
  repositories: 5_000,
  effectiveRows: 150_000,
  requestsPerHour: 1_000,
}
const cadences = planCadences(shape)
const now = Date.UTC(2026, 10, 23)
const minute = 60_000
const hour = 60 * minute

const read = (ageMs: number | null, hintAgeMs: number | null = null): ScopeReadTimes => ({
  readAt: ageMs === null ? null : now - ageMs,
  hintedAt: hintAgeMs === null ? null : now - hintAgeMs,
})
const justRead = { members: now, groups: now, projects: now, repositories: now }
const restingPass = { startedAt: now - minute, pagesRead: 1_500, finished: true }

function plan(input: Partial<PlanInput>) {
  const nothing = { lists: justRead, projects: [], repositories: [], pass: restingPass, requestsLeft: 80 }
  return planIncremental({ now, cadences, ...nothing, ...input })
}

describe('lists', () => {
  test('are read when their cadence is over, and the members first', () => {
    const lists = { members: now - 30 * minute, groups: now - 11 * minute, projects: now, repositories: null }
    expect(plan({ lists }).lists).toEqual(['members', 'groups', 'repositories'])
  })

  test('are read although no request is left', () => {
    const result = plan({ lists: {}, requestsLeft: 0, repositories: [['r', read(null)]] })
    expect(result).toMatchObject({ lists: ['members', 'groups', 'projects', 'repositories'], repositories: [] })
    expect(result.requests).toBe(74)
  })
})

test('of the projects the hinted and then the oldest are read, and none before its cadence is over', () => {
  const projects = [
    ['fresh', read(hour)],
    ['old', read(5 * hour)],
    ['hinted', read(hour, minute)],
    ['older', read(6 * hour)],
    ['hinted before it was read', read(hour, 2 * hour)],
    ['never', read(null)],
  ] as const
  expect(plan({ projects }).projects).toEqual(['hinted', 'never', 'older', 'old'])
  expect(plan({ projects, requestsLeft: 5 }).projects).toEqual(['hinted', 'never'])
})

describe('a pass of the effective permissions', () => {
  const everySeconds = cadences.tiers.find(({ tier }) => tier === 'effective-permissions')?.everySeconds ?? 0
  const pagesIn = (seconds: number) => Math.ceil((1_500 * seconds) / everySeconds)

  test('begins when there was none, and when the cadence is over since the last one began', () => {
    expect(plan({ pass: null }).effective).toEqual({ begin: true, pages: pagesIn(300) })
    expect(plan({ pass: restingPass }).effective).toEqual({ begin: false, pages: 0 })
    expect(plan({ pass: { ...restingPass, startedAt: now - 4 * hour } }).effective.begin).toBe(true)
  })

  test('is spread over its cadence, catches up at twice the pace, and waits where it is ahead', () => {
    const underWay = (pagesRead: number) => plan({ pass: { startedAt: now - hour, pagesRead, finished: false } })
    expect(underWay(pagesIn(3_600)).effective).toEqual({ begin: false, pages: pagesIn(300) })
    expect(underWay(0).effective.pages).toBe(2 * pagesIn(300))
    expect(underWay(1_000).effective.pages).toBe(0)
  })

  test('leaves the requests to repositories that are beyond their cadence', () => {
    const late = Array.from({ length: 30 }, (_, index) => [`r${index}`, read(40 * hour)] as const)
    expect(plan({ pass: null, repositories: late }).effective.pages).toBe(20)
    expect(plan({ pass: null, repositories: late }).repositories).toHaveLength(30)
  })

  test('is not made without the detector', () => {
    expect(plan({ pass: null, cadences: planCadences({ ...shape, effectiveRows: null }) }).effective.pages).toBe(0)
  })
})

describe('repositories', () => {
  test('come hinted first, then never read, then oldest', () => {
    const repositories = [
      ['young', read(hour)],
      ['old', read(30 * hour)],
      ['hinted', read(hour, minute)],
      ['hinted long ago', read(20 * hour, hour)],
      ['never', read(null)],
    ] as const
    expect(plan({ repositories }).repositories).toEqual(['hinted long ago', 'never', 'hinted', 'old', 'young'])
  })

  test('beyond their cadence take turns with the hinted, so that neither waits for all of the other', () => {
    const hinted = Array.from({ length: 100 }, (_, index) => [`h${index}`, read(hour, minute)] as const)
    const late = Array.from({ length: 100 }, (_, index) => [`l${index}`, read(36 * hour + index)] as const)
    const chosen = plan({ repositories: [...hinted, ...late], requestsLeft: 40 }).repositories
    expect(chosen).toHaveLength(20)
    expect(chosen.filter((id) => id.startsWith('l'))).toHaveLength(10)
    expect(chosen.slice(0, 2)).toEqual(['h0', 'l99'])
  })

  test('are read on while requests are left, but not those that were read in this very run', () => {
    const repositories = [
      ['now', read(minute)],
      ['before', read(5 * minute)],
    ] as const
    expect(plan({ repositories }).repositories).toEqual(['before'])
  })

  test('are chosen of 50,000 as they pass by', () => {
    let held = 0
    function* many(): Generator<readonly [string, ScopeReadTimes]> {
      for (let index = 0; index < 50_000; index++) {
        held++
        yield [`r${index}`, read(((index * 7_919) % 50_000) * 1_000 + hour)]
      }
    }
    const result = plan({ repositories: many() })
    expect(held).toBe(50_000)
    expect(result.repositories).toHaveLength(40)
    expect(result.repositories[0]).toBe(
      `r${Array.from({ length: 50_000 }, (_, i) => (i * 7_919) % 50_000).indexOf(49_999)}`,
    )
  })
})

const times = fc.record({
  readAt: fc.option(fc.integer({ min: now - 48 * hour, max: now })),
  hintedAt: fc.option(fc.integer({ min: now - 48 * hour, max: now })),
})
const scopes = fc
  .array(times, { maxLength: 80 })
  .map((all) => all.map((each, index): readonly [string, ScopeReadTimes] => [`s${index}`, each]))

test('whatever is due, no more than the requests that are left goes beyond the lists, and no scope is read twice', () => {
  const passes = fc.option(
    fc.record({
      startedAt: fc.integer({ min: now - 8 * hour, max: now }),
      pagesRead: fc.nat(1_500),
      finished: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(scopes, scopes, passes, fc.nat(300), (projects, repositories, pass, left) => {
      const result = plan({
        projects,
        repositories,
        pass,
        requestsLeft: left,
        lists: justRead,
      })
      expect(result.requests).toBeLessThanOrEqual(left)
      expect(new Set(result.repositories).size).toBe(result.repositories.length)
      expect(new Set(result.projects).size).toBe(result.projects.length)
      const ids = new Set(repositories.map(([id]) => id))
      for (const id of result.repositories) expect(ids).toContain(id)
    }),
  )
})
