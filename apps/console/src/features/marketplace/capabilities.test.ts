import { expect, it } from 'vitest'
import { searchApplications } from './capabilities.ts'

it.each([
  ['', 1],
  ['  bit ', 1],
  ['source Atlassian', 1],
  ['jira', 0],
  ['bitbucket jira', 0],
])('finds for %j so many: %i', (search, count) => {
  expect(searchApplications(search)).toHaveLength(count)
})
