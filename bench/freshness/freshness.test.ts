import { beforeAll, describe, expect, test } from 'vitest'
import { measureDelay } from './measure.ts'
import { runPlanned } from './planned.ts'
import { groups, type Measurement, measureShape } from './report.ts'
import { shapes } from './shapes.ts'

const minute = 60
const hour = 3_600

function delay(strategy: { found: Measurement['planned']['found'] }, kinds: Parameters<typeof measureDelay>[1]) {
  const measured = measureDelay(strategy.found, kinds)
  if (measured === null) throw new Error('Nothing of this kind happened')
  return measured
}

describe('two weeks of 2,000 members, 200 projects, 5,000 repositories, 30 users on each, 1,000 requests an hour', () => {
  let measured: Measurement
  beforeAll(() => {
    measured = measureShape(shapes.first, [1, 2])
  }, 60_000)

  test('what the lists show is told within 35 minutes at the 95th percentile', () => {
    const [, kinds] = groups[0] ?? ['', []]
    expect(delay(measured.planned, kinds).count).toBeGreaterThan(100)
    expect(delay(measured.planned, kinds).p95Seconds).toBeLessThan(35 * minute)
    for (const kind of kinds) expect(delay(measured.planned, [kind]).p95Seconds).toBeLessThan(35 * minute)
  })

  test('what is held on projects is told within 4.5 hours at the 95th percentile', () => {
    const onProjects = delay(measured.planned, ['project grants', 'project nestings'])
    expect(onProjects.count).toBeGreaterThan(20)
    expect(onProjects.p95Seconds).toBeLessThan(4.5 * hour)
  })

  test('grants on repositories are told at a median of at most 0.4 of that of round robin', () => {
    const [before, after] = [measured.roundRobin, measured.planned].map((each) => delay(each, ['repository grants']))
    expect(after?.count).toBeGreaterThan(200)
    expect(after?.medianSeconds).toBeLessThan(0.4 * (before?.medianSeconds ?? 0))
    expect(after?.medianSeconds).toBeLessThan(0.4 * 5.35 * hour)
  })

  test('every repository is read again within 36 hours', () => {
    expect(measured.planned.longestUnreadSeconds).toBeLessThan(36 * hour)
    expect(measured.freshness.repository.oldestSeconds).toBeLessThan(36 * hour)
    expect(measured.freshness.repository).toMatchObject({ count: 5_000, neverRead: 0 })
  })

  test('98 % of the budget at most is used, and nearly all of it', () => {
    expect(measured.planned.requestsPerHour).toBeLessThanOrEqual(980 + 980 / 168)
    expect(measured.planned.requestsPerHour).toBeGreaterThan(0.96 * 980)
  })

  test('round robin takes the 10.7 hours a round that its requests take', () => {
    expect(measured.roundRobin.longestUnreadSeconds / hour).toBeCloseTo(10.7, 0)
  })
})

test('one seed gives one result', () => {
  const small = { ...shapes.few, members: 60, repositories: 20, projects: 5, usersPerRepository: 10 }
  const [one, again] = [runPlanned(small, 3), runPlanned(small, 3)]
  expect(one.run.found).toEqual(again.run.found)
  expect(one.run.found).not.toEqual(runPlanned(small, 4).run.found)
})
