import { expect, test } from 'vitest'
import { emptinessOf, type Unreadable, unreadableInWords } from './emptiness.ts'

const tuesday = '2026-11-24T10:00:00.000Z'
const scope: Unreadable = {
  id: 'repository/r',
  state: 'unobservable',
  since: tuesday,
  reason: 'http-403',
  lastGoodAt: '2026-11-23T10:00:00.000Z',
}
const complete = { state: 'complete', unobservable: [] } as const

test('that nobody holds it, that nothing fits, that it was not read, and that it cannot be are told apart', () => {
  expect(emptinessOf(complete, ['repository/r'], false)).toEqual({ because: 'nobody' })
  expect(emptinessOf(complete, ['repository/r'], true)).toEqual({ because: 'nothing-fits' })
  expect(emptinessOf({ ...complete, state: 'none' }, ['repository/r'], true)).toEqual({ because: 'not-read' })
  const partial = { state: 'partial', unobservable: [scope] } as const
  expect(emptinessOf(partial, ['repository/r'], false)).toEqual({ because: 'unreadable', scope })
  expect(emptinessOf(partial, ['repository/other'], false)).toEqual({ because: 'nobody' })
})

test('since when it cannot be read is said by the day, once that is far enough away by the date', () => {
  const after = (days: number) => unreadableInWords(scope, Date.parse(tuesday) + days * 86_400_000)
  expect(after(3)).toBe('Could not be read since Tuesday (403)')
  expect(after(30)).toMatch(/^Could not be read since .*2026.* \(403\)$/)
  expect(after(0.1)).toMatch(/^Could not be read since .*\d\d?.\d\d.* \(403\)$/)
  expect(unreadableInWords({ ...scope, reason: 'not-included' }, Date.parse(tuesday) + 3 * 86_400_000)).toBe(
    'Could not be read since Tuesday (left out by the settings)',
  )
})
