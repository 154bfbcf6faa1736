import { expect, test } from 'vitest'
import { directionOf, highestOf, isPrivileged } from './levels.ts'

test.each([
  ['read', 'write', 'raised'],
  ['admin', 'create-repo', 'lowered'],
  ['member', 'owner', 'raised'],
  ['owner', 'collaborator', 'lowered'],
  ['read', 'triage', 'unknown'],
  ['member', 'admin', 'unknown'],
])('from %s to %s is %s', (from, to, direction) => {
  expect(directionOf(from, to)).toBe(direction)
})

test('owners and administrators are privileged, nobody else', () => {
  expect(['owner', 'admin', 'write', 'create-repo', 'member'].filter(isPrivileged)).toEqual(['owner', 'admin'])
})

test.each([
  [[], null],
  [['read', 'admin', 'write'], 'admin'],
  [['write', 'create-repo'], 'create-repo'],
  [['none', 'triage'], 'triage'],
  [['triage', 'read'], 'read'],
  [['read', 'triage'], 'read'],
])('of %o the highest is %s', (levels, highest) => {
  expect(highestOf(levels)).toBe(highest)
})
