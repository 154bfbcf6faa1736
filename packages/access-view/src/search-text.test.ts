import { expect, test } from 'vitest'
import { toSearchText } from './search-text.ts'

test.each([
  [['Åsa Öberg', 'Asa'], 'asa oberg asa'],
  [['ＡＢＣ', undefined, ''], 'abc'],
  [[' İstanbul '], 'istanbul'],
  [['Łukasz', 'ß'], 'łukasz ß'],
  [[], ''],
])('%j is searched as %j', (names, expected) => {
  expect(toSearchText(...names)).toBe(expected)
})
