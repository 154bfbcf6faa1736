import { expect, test } from 'vitest'
import { excessScopes, missingScopes, scopeLabel } from './scopes.ts'

test.each([
  ['account project project:admin repository repository:admin', []],
  ['account project project:admin repository:admin', []],
  ['account:write repository:write project project:admin repository:admin webhook', []],
  ['account project repository', ['project:admin', 'repository:admin']],
  ['account project:admin repository:admin', ['project', 'repository']],
  ['', ['account', 'project', 'project:admin', 'repository', 'repository:admin']],
])('of "%s" lack %o', (granted, missing) => {
  expect(missingScopes(granted.split(' '))).toEqual(missing)
})

test.each([
  ['account project project:admin repository repository:admin', []],
  ['account:write repository:write project webhook', ['account:write', 'repository:write', 'webhook']],
])('of "%s" nothing needs %o', (granted, excess) => {
  expect(excessScopes(granted.split(' '))).toEqual(excess)
})

test.each([
  ['project:admin', 'Projects: Admin'],
  ['repository:write', 'Repositories: Write'],
  ['toString', 'toString'],
])('%s is called %s', (scope, label) => {
  expect(scopeLabel(scope)).toBe(label)
})
