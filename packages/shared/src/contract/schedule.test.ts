import { expect, test } from 'vitest'
import { Schedule } from './schedule.ts'

test('an interval or a clock time reads what promises most, unless told to read everything', () => {
  expect(Schedule.parse({ mode: 'interval', minutes: 30 })).toEqual({
    mode: 'interval',
    minutes: 30,
    kind: 'incremental',
  })
  expect(Schedule.parse({ mode: 'cron', pattern: '0 3 * * *', kind: 'full' })).toMatchObject({ timeZone: 'UTC' })
})

test.each([
  ['minutes', { mode: 'interval', minutes: 4 }],
  ['minutes', { mode: 'interval', minutes: 30.5 }],
  ['timeZone', { mode: 'cron', pattern: '0 3 * * *', timeZone: 'Europe/Atlantis' }],
  ['kind', { mode: 'interval', minutes: 30, kind: 'preview' }],
])('%s is refused where it cannot be: %o', (field, schedule) => {
  expect(Schedule.safeParse(schedule).error?.issues[0]?.path).toEqual([field])
})
