import type { NotRead } from '@clarity/shared/store/scope-record'
import { expect, test } from 'vitest'
import { nextNotRead } from './not-read.ts'

const [earlier, now] = ['2026-11-23T10:00:00.000Z', '2026-11-23T11:00:00.000Z']
const at = (since: string, state: NotRead['state'], reason: string): NotRead => ({ state, since, reason })

const left = (since: string) => at(since, 'unobservable', 'not-included')
const refused = (since: string) => at(since, 'unobservable', 'http-403')
const away = (since: string) => at(since, 'stale', 'unavailable')

test.each([
  ['what was read and is not shown is news', null, refused(now), refused(now), true],
  ['what was read and does not come is none', null, away(now), away(now), false],
  ['what is still away stays so since the first time', away(earlier), away(now), away(earlier), false],
  ['what is still not shown is told once', refused(earlier), refused(now), refused(earlier), false],
  ['what was away and is not shown is news', away(earlier), refused(now), refused(now), true],
  ['what was not shown and is away stays as it was told', refused(earlier), away(now), refused(earlier), false],
  ['what is left out is news', null, left(now), left(now), true],
  ['what is left out from being away is news', away(earlier), left(now), left(now), true],
  ['what is left out from not being shown is news', refused(earlier), left(now), left(now), true],
  ['what is still left out is told once', left(earlier), left(now), left(earlier), false],
  ['what was left out and is not shown is news', left(earlier), refused(now), refused(now), true],
  [
    'what was left out and is away is told with that reason',
    left(earlier),
    away(now),
    at(now, 'unobservable', 'unavailable'),
    true,
  ],
])('%s', (_what, before, found, notRead, isNews) => {
  expect(nextNotRead(before, found)).toEqual({ notRead, isNews })
})
