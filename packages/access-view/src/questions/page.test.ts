import { expect, test } from 'vitest'
import { parseCursor, toCursor } from './page.ts'

const order = { of: 'grants/ended', key: ['sequence', 'text', 'rank', 'time'] } as const
const after = ['17', 'user:a', -5, '2026-11-01T00:00:00.000Z']
const cursor = (changed: object) => toCursor({ of: 'grants/ended', at: '20', after, ...changed })

test('a cursor that the list has given is taken as it is', () => {
  expect(parseCursor(cursor({}), order)).toEqual({ of: 'grants/ended', at: '20', after })
})

test.each([
  ['of another list', { of: 'grants/holder' }],
  ['of no event', { at: 'x' }],
  ['of an event beyond what a database counts to', { at: '9'.repeat(19) }],
  ['with too few parts', { after: after.slice(1) }],
  ['with too many', { after: [...after, 'x'] }],
  ['with a text for a number', { after: ['x', ...after.slice(1)] }],
  ['with a number that is too large', { after: ['9'.repeat(19), ...after.slice(1)] }],
  ['with a NUL', { after: ['17', 'user:\0', ...after.slice(2)] }],
  ['with half a character', { after: ['17', 'user:\ud83d', ...after.slice(2)] }],
  ['with a null', { after: ['17', null, ...after.slice(2)] }],
  ['with a rank that is none', { after: ['17', 'user:a', 1e300, after[3]] }],
  ['with a time that is none', { after: [...after.slice(0, 3), '0000-01-01T00:00:00Z'] }],
])('one that somebody has made up, %s, is refused and reaches no database', (_name, changed) => {
  expect(() => parseCursor(cursor(changed), order)).toThrow(
    expect.objectContaining({ code: 'invalid-cursor', mistakes: [expect.objectContaining({ field: 'cursor' })] }),
  )
})

test.each(['', 'x', 'bnVsbA', 'e30', '😀'])('so is %j', (text) => {
  expect(() => parseCursor(text, order)).toThrow('The cursor')
})
