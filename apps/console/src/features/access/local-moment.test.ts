import { expect, test } from 'vitest'
import { daysBefore, fromLocalInput, toLocalInput } from './local-moment.ts'

test('a time comes back as it was, to the second, whatever the zone', () => {
  for (const at of ['2026-05-03T08:15:30.000Z', '2026-11-30T23:59:59.000Z']) {
    expect(fromLocalInput(toLocalInput(at))).toBe(at)
  }
  expect(toLocalInput('2026-05-03T08:15:30.999Z')).toMatch(/^2026-05-0\dT\d\d:\d\d:30$/)
  expect(toLocalInput(undefined)).toBe('')
})

test('what is no time, or has a year that is still being typed, is none', () => {
  for (const value of ['', 'x', '0202-05-03T10:15:00']) expect(fromLocalInput(value)).toBeUndefined()
})

test('days are counted back over the ends of months', () => {
  expect(daysBefore(Date.parse('2026-03-01T12:00:00Z'), 1)).toBe('2026-02-28')
  expect(daysBefore(Date.parse('2026-11-23T00:00:00Z'), 90)).toBe('2026-08-25')
})
