import { expect, test } from 'vitest'
import { sumAges, toBins } from './ages.ts'

const ages = (...counts: readonly number[]) => ({
  ages: [900, 7_200, null].map((underSeconds, index) => ({ underSeconds, count: counts[index] ?? 0 })),
})

test('ages of several kinds of scope are counted together', () => {
  expect(sumAges([ages(1, 2, 3), ages(10, 0, 5)]).map(({ count }) => count)).toEqual([11, 2, 8])
  expect(sumAges([])).toEqual([])
})

test('each bin says what it counts, also to whoever does not see it', () => {
  expect(toBins(ages(1, 2, 3).ages, String)).toEqual([
    { label: '15 min', count: 1, text: '1 scope, read less than 15 min ago' },
    { label: '2 h', count: 2, text: '2 scopes, read 15 min to 2 h ago' },
    { label: 'older', count: 3, text: '3 scopes, read 2 h ago or longer' },
  ])
})
