import { expect, test } from 'vitest'
import { requestsOfFullSync } from './full-sync-cost.ts'

test.each([
  [{ members: 0, groups: 0, projects: 0, repositories: 0 }, 5],
  [{ members: 100, groups: 9, projects: 1, repositories: 101 }, 2 * 101 + 2 + 1 + 1 + 2 + 2],
  [{ members: 101, groups: null, projects: 1, repositories: 1 }, 2 + 2 + 2 + 1 + 1 + 2],
  [{ members: 1, projects: 4, repositories: 500, included: { projects: 1, repositories: 20 } }, 2 * 21 + 1 + 1 + 5 + 2],
  [{ members: null, groups: 0, projects: 0, repositories: 0 }, null],
])('a full sync of %o takes %s requests', (counts, requests) => {
  expect(requestsOfFullSync(counts)).toBe(requests)
})
