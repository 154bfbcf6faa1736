import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type EntitlementId,
  type GroupMembershipId,
  grantId,
  isServiceUserId,
  nestingId,
  type ServiceUserId,
} from '../contract/ids.ts'
import { AccessIndex } from './effective.ts'

const users: readonly ServiceUserId[] = ['user:a', 'user:b', 'user:c']
const groups: readonly GroupMembershipId[] = ['group:g#member', 'group:h#member']
const held: readonly EntitlementId[] = [
  'workspace#owner',
  'workspace#member',
  ...(['read', 'write', 'admin'] as const).map((level): EntitlementId => `repository:r#${level}`),
  ...(['read', 'create-repo', 'admin'] as const).map((level): EntitlementId => `project:p#${level}`),
]
const target = { id: 'repository:r', parent: 'project:p' } as const
const ranks = ['read', 'write', 'admin']

const Facts = fc.record({
  grants: fc.uniqueArray(
    fc.record({ serviceUserId: fc.constantFrom(...users), entitlementId: fc.constantFrom(...held, ...groups) }),
    { selector: ({ serviceUserId, entitlementId }) => grantId(serviceUserId, entitlementId), maxLength: 12 },
  ),
  nestings: fc.uniqueArray(
    fc.record({ container: fc.constantFrom(...groups), contained: fc.constantFrom(...held.slice(2)) }),
    { selector: ({ container, contained }) => nestingId(container, contained), maxLength: 6 },
  ),
})
type Facts = typeof Facts extends fc.Arbitrary<infer Value> ? Value : never

function indexOf({ grants, nestings }: Facts): AccessIndex {
  return new AccessIndex(
    grants,
    nestings.map(({ container, contained }) => ({ id: nestingId(container, contained), container, contained })),
  )
}

/** The same by another way: every fact is asked by itself whether it gives the level or more. */
function naiveLevel({ grants, nestings }: Facts, user: ServiceUserId): string | null {
  const entitlements = grants.filter(({ serviceUserId }) => serviceUserId === user).map((grant) => grant.entitlementId)
  const byGroups = nestings
    .filter(({ container }) => entitlements.includes(container))
    .map(({ contained }) => contained)
  const all = new Set([...entitlements, ...byGroups])
  const gives: Readonly<Record<string, readonly EntitlementId[]>> = {
    admin: ['workspace#owner', 'repository:r#admin', 'project:p#admin'],
    write: ['repository:r#write', 'project:p#create-repo'],
    read: ['repository:r#read', 'project:p#read'],
  }
  return ranks.toReversed().find((level) => gives[level]?.some((id) => all.has(id))) ?? null
}

test('the level is that of a naive reckoning, for everybody, and alike in both questions', () => {
  fc.assert(
    fc.property(Facts, (facts) => {
      const index = indexOf(facts)
      const levels = index.levelsOn(target)
      for (const user of users) {
        const expected = naiveLevel(facts, user)
        expect(index.explain(user, target).level).toBe(expected)
        expect(levels.get(user) ?? null).toBe(expected)
      }
    }),
  )
})

test('what would be left without an assignment is what is there when it has gone', () => {
  fc.assert(
    fc.property(Facts, fc.constantFrom(...users), (facts, user) => {
      for (const { edge, levelAfter } of indexOf(facts).explain(user, target).ifRemoved) {
        const without = {
          grants: facts.grants.filter((grant) => grantId(grant.serviceUserId, grant.entitlementId) !== edge),
          nestings: facts.nestings.filter(({ container, contained }) => nestingId(container, contained) !== edge),
        }
        expect(without.grants.length + without.nestings.length).toBe(facts.grants.length + facts.nestings.length - 1)
        expect(levelAfter).toBe(indexOf(without).explain(user, target).level)
      }
    }),
  )
})

test('an assignment that is on no path changes nothing when it goes', () => {
  fc.assert(
    fc.property(Facts, fc.constantFrom(...users), (facts, user) => {
      const access = indexOf(facts).explain(user, target)
      const edges = new Set<string>(access.ifRemoved.map(({ edge }) => edge))
      const grants = facts.grants.filter((grant) => edges.has(grantId(grant.serviceUserId, grant.entitlementId)))
      const nestings = facts.nestings.filter(({ container, contained }) => edges.has(nestingId(container, contained)))
      expect(indexOf({ grants, nestings }).explain(user, target).level).toBe(access.level)
      expect([...edges].every((edge) => isServiceUserId(edge) || edge.startsWith('group:'))).toBe(true)
    }),
  )
})
