import { expect, test } from 'vitest'
import { changedSearch, hasFilters, readAccessSearch, withoutFilters } from './access-search.ts'

test('an address gives what is understood of it, and nothing else', () => {
  const asOf = '2026-10-01T00:00:00.000Z'
  const understood = { page: 'person', person: 'user:1', why: 'repository:2', asOf, privileged: true, q: '2026' }
  expect(readAccessSearch({ ...understood, q: 2026 })).toEqual(understood)
  const not = {
    page: 'elsewhere',
    status: 'asleep',
    asOf: 'yesterday',
    privileged: 'yes',
    q: '',
    level: 'x'.repeat(501),
  }
  expect(readAccessSearch({ ...not, unknown: 1, via: null })).toEqual({})
})

test('a changed address keeps the rest, and loses what is undefined', () => {
  expect(changedSearch({ page: 'people', q: 'a', status: 'closed' }, { q: undefined, matched: false })).toEqual({
    page: 'people',
    status: 'closed',
    matched: false,
  })
})

test('what is looked at, and as of when, is no filter', () => {
  const place = { page: 'resource', resource: 'repository:2', asOf: '2026-10-01T00:00:00.000Z', sort: 'level' } as const
  expect(hasFilters(place)).toBe(false)
  expect(hasFilters({ ...place, several: true })).toBe(true)
  expect(withoutFilters({ ...place, several: true, q: 'a' })).toEqual(place)
})
