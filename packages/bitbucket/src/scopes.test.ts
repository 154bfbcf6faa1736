import { expect, test } from 'vitest'
import { missingScopes } from './scopes.ts'

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
