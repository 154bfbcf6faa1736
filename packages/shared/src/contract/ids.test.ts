import { expect, test } from 'vitest'
import { ConnectionId, entitlementId, GrantId, grantId, groupMembershipId, nestingId, serviceUserId } from './ids.ts'
import { partitionOf, stableHash } from './partition.ts'

test('ids lose the braces of the uuid and say who holds what on what', () => {
  const user = serviceUserId('{3f0c9a52}')
  expect(user).toBe('user:3f0c9a52')
  expect(grantId(user, entitlementId('repository:0d3f', 'admin'))).toBe('user:3f0c9a52|repository:0d3f#admin')
  expect(nestingId(groupMembershipId('platform'), entitlementId('project:77aa', 'write'))).toBe(
    'group:platform#member|project:77aa#write',
  )
  expect(entitlementId('workspace', 'owner')).toBe('workspace#owner')
})

test('an id that is none is refused', () => {
  expect(ConnectionId.safeParse('syn_1').success).toBe(false)
  expect(ConnectionId.safeParse('con_../x').success).toBe(false)
  expect(GrantId.safeParse('user:1|nonsense').success).toBe(false)
})

test('the stable hash is FNV-1a, so that any language can compute the partition of a connection', () => {
  // Test vectors of the FNV reference, 32 bits.
  expect(stableHash('')).toBe(0x811c9dc5)
  expect(stableHash('a')).toBe(0xe40c292c)
  expect(stableHash('foobar')).toBe(0xbf9cf968)
  expect(partitionOf('foobar', 12)).toBe(0xbf9cf968 % 12)
})
