import { expect, test } from 'vitest'
import { readAccessSearch } from './access-search.ts'
import { questionsAt } from './questions.ts'

test('each question leads to an address that is understood whole, and to one of its own', () => {
  const all = questionsAt(Date.parse('2026-11-23T10:00:00Z')).flatMap(({ questions }) => questions)
  for (const { search } of all) expect(readAccessSearch(search)).toEqual(search)
  expect(new Set(all.map(({ search }) => JSON.stringify(search))).size).toBe(all.length)
  expect(all.find(({ title }) => title === 'Not there for 90 days')?.search.notSeenSince).toBe('2026-08-25')
})
