import { expect, test } from 'vitest'
import type { ScopeId } from '../contract/ids.ts'
import { SyncRequestBody } from '../contract/syncs.ts'
import { scopesToLookAgain } from './hold-summary.ts'
import type { HeldScope } from './holds.ts'

const at = '2026-11-23T10:00:00.000Z'
const entry = (kind: HeldScope['kind']): HeldScope => {
  return { kind, removals: [], groups: [], observedAt: at, evidence: { reads: 2, confirmedAt: at } }
}
const hold = (held: readonly (readonly [ScopeId, HeldScope['kind']])[]) => ({
  scopes: new Map(held.map(([scope, kind]) => [scope, entry(kind)])),
})

test('looking again takes the scopes in which something is missing, and the list that lacks one', () => {
  const held = hold([
    ['repository/b', 'resource-gone'],
    ['workspace/members', 'left-the-workspace'],
    ['project/a', 'no-longer-listed'],
  ])
  const scopes = ['workspace/repositories', 'project/a', 'repository/b', 'workspace/members']
  expect(scopesToLookAgain(held)).toEqual({ scopes, more: 0 })
  const [first] = scopesToLookAgain(hold([['project/a', 'resource-gone']])).scopes
  expect(first).toBe('workspace/projects')
})

test('names no more than a sync takes, and says how many there are besides', () => {
  const held = hold(Array.from({ length: 1_200 }, (_, n) => [`repository/${n}`, 'resource-gone'] as const))
  const { scopes, more } = scopesToLookAgain(held)
  expect(SyncRequestBody.parse({ kind: 'targeted', scopes }).scopes).toContain('workspace/repositories')
  expect([scopes.length, more]).toEqual([1_000, 201])
})
