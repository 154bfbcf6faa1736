import { describe, expect, test } from 'vitest'
import { outlookOf } from './schedule-outlook.ts'

const tier = (name: 'members' | 'project-permissions' | 'repository-permissions', requests: number, p95: number) => ({
  ...{ tier: name, everySeconds: p95, requests, requestsPerHour: 1 },
  ...{ expectedMedianSeconds: p95 / 2, expectedP95Seconds: p95 },
})
const cadences = {
  requestsPerHour: { total: 1_000, interactive: 20, secondReads: 20, planned: 900 },
  ...{ runEverySeconds: 300, requestsPerRun: 81, stretch: 1 },
  detector: { kind: 'none' as const, reason: 'rows-unknown' as const },
  tiers: [
    tier('members', 100, 1_500),
    tier('project-permissions', 400, 7_200),
    tier('repository-permissions', 9_500, 36_000),
  ],
}

describe('a schedule', () => {
  test('that is manual promises nothing', () => {
    expect(outlookOf({ mode: 'manual' }, cadences)).toMatchObject({ isTooMuch: false, knownWithin: [] })
  })

  test('of incremental syncs keeps to the budget, and is as fresh as its runs allow', () => {
    const halfHourly = outlookOf({ mode: 'interval', minutes: 30, kind: 'incremental' }, cadences)
    expect(halfHourly.sentences[0]).toContain('up to 486 requests')
    expect(halfHourly.knownWithin).toEqual([
      ['People, groups, lists', 1_800],
      ['Permissions on projects', 7_200],
      ['Permissions on repositories', 36_000],
    ])
    const sixHourly = outlookOf({ mode: 'interval', minutes: 360, kind: 'incremental' }, cadences)
    expect(sixHourly.knownWithin).toEqual([
      ['People, groups, lists', 21_600],
      ['Permissions on projects', 43_200],
      ['Permissions on repositories', 216_000],
    ])
  })

  test('of full syncs that are more than the budget gives says so', () => {
    const often = outlookOf({ mode: 'interval', minutes: 30, kind: 'full' }, cadences)
    expect(often.isTooMuch).toBe(true)
    expect(often.sentences.join(' ')).toContain('10,000 requests, about 10 h')
    expect(often.sentences.join(' ')).toContain('up to 20 h old')
    const daily = outlookOf({ mode: 'interval', minutes: 1_440, kind: 'full' }, cadences)
    expect(daily).toMatchObject({ isTooMuch: false, knownWithin: [['Everything', 34 * 3_600]] })
  })

  test('on a budget that is too small for the workspace says so', () => {
    const outlook = outlookOf({ mode: 'interval', minutes: 60, kind: 'incremental' }, { ...cadences, stretch: 2.5 })
    expect(outlook.isTooMuch).toBe(true)
    expect(outlook.sentences[1]).toContain('2.5 times less often')
  })

  test('by a pattern says that nothing is read between two runs', () => {
    const pattern = { mode: 'cron' as const, pattern: '0 3 * * *', timeZone: 'UTC', kind: 'incremental' as const }
    expect(outlookOf(pattern, cadences)).toMatchObject({ knownWithin: [], isTooMuch: false })
  })
})
