import { expect, test } from 'vitest'
import { describeGuard, describeWithdrawal } from './removal-guard.ts'

test.each([
  [{ share: 0.1, count: 20 }, 12_345, 'Of 12,345 grants and nestings 1,234 may go'],
  [{ share: 0.1, count: 20 }, 100, 'Of 100 grants and nestings 20 may go'],
  [{ share: 1, count: 0 }, 100, 'it guards nothing'],
  [{ share: 0.1, count: 20 }, 0, 'Nothing is known yet'],
])('a removal guard of %j on %i says what it lets go', (limit, of, text) => {
  expect(describeGuard(limit, of)).toContain(text)
})

test('what a removed connection takes back is counted by kind', () => {
  const counts = { serviceUsers: 1, entitlements: 40, grants: 1_000, nestings: 0 }
  expect(describeWithdrawal(counts)).toBe(
    '1,041 records will be withdrawn: 1 service user, 40 entitlements, 1,000 grants and 0 nestings.',
  )
  expect(describeWithdrawal({ serviceUsers: 0, entitlements: 0, grants: 0, nestings: 0 })).toContain('no record')
})
