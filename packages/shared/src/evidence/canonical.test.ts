import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCanonicalJson } from './canonical.ts'

test('members are sorted by UTF-16 code units and nothing stands between them', () => {
  const value = {
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    '1': 4,
    '\u{1f600}': 5,
    '\u0080': 6,
    '\u00f6': 7,
    a: [{ c: 1, b: null }],
  }
  expect(toCanonicalJson(value)).toBe(
    '{"\\r":2,"1":4,"a":[{"b":null,"c":1}],"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
  )
})

test('numbers are written as RFC 8785 has them', () => {
  expect(toCanonicalJson([1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[1e+30,4.5,0.002,1e-27,0]')
})

const anyString = { stringUnit: 'binary' } as const

test('the text says the same as the value, so that different values have different texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(anyString), (value) => {
      // JSON has one zero; all else comes back as it was.
      expect(JSON.parse(toCanonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('equal values give equal text, whatever the order of their members', () => {
  fc.assert(
    fc.property(fc.jsonValue(anyString), (value) => {
      expect(toCanonicalJson(reverseMembers(value))).toBe(toCanonicalJson(value))
    }),
  )
})

test('what JSON cannot say is refused, and an undefined member is left out', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, [undefined], 1n, Symbol('a'), () => 1]) {
    expect(() => toCanonicalJson(value)).toThrow('no canonical JSON')
  }
  expect(toCanonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
})

function reverseMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseMembers)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, reverseMembers(member)] as const)
  return Object.fromEntries(members.reverse())
}
