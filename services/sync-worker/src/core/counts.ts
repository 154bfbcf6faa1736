import type { ScopeId } from '@clarity/shared/contract/ids'
import { entitlementId, grantId, groupMembershipId, isServiceUserId, nestingId } from '@clarity/shared/contract/ids'
import type { Coverage, EntityKind } from '@clarity/shared/contract/syncs'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { Step } from '@clarity/shared/store/facts'
import { countField } from '@clarity/shared/store/syncs'
import type { Facts } from './facts.ts'

/**
 * What a sync counts for one scope: what was in it, and how much of that no event told of. Service users are not counted
 * here, for many scopes mention the same one.
 */
export function countFacts(scopeId: ScopeId, facts: Facts, touched: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = { [countField.coverage('complete')]: 1 }
  const add = (kind: EntityKind, id: string) => {
    increase(counts, countField.scanned(kind))
    if (!touched.has(id)) increase(counts, countField.unchanged(kind))
  }
  for (const { holder, resource, level } of facts.holdings.values()) {
    const entitlement = entitlementId(resource, level)
    if (isServiceUserId(holder)) add('grants', grantId(holder, entitlement))
    else add('nestings', nestingId(holder, entitlement))
  }
  const resource = resourceIdOf(scopeId)
  if (resource !== null) for (const level of facts.levels) add('entitlements', entitlementId(resource, level))
  for (const slug of facts.groups) add('entitlements', groupMembershipId(slug))
  return counts
}

/** A scope that was not read, or whose facts are the resource list's. */
export function countScope(state: keyof Coverage): Record<string, number> {
  return { [countField.coverage(state)]: 1 }
}

const previewed: Readonly<Record<string, readonly ['added' | 'changed' | 'removed', EntityKind]>> = {
  'entitlement.created': ['added', 'entitlements'],
  'entitlement.updated': ['changed', 'entitlements'],
  'entitlement.removed': ['removed', 'entitlements'],
  'service-user-entitlement.granted': ['added', 'grants'],
  'service-user-entitlement.changed': ['changed', 'grants'],
  'service-user-entitlement.revoked': ['removed', 'grants'],
  'entitlement-nesting.added': ['added', 'nestings'],
  'entitlement-nesting.changed': ['changed', 'nestings'],
  'entitlement-nesting.removed': ['removed', 'nestings'],
}

/** What the steps would change, as a preview counts it. */
export function countSteps(steps: Iterable<Step>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { events = [] } of steps) {
    for (const { name } of events) {
      const [what, kind] = previewed[name] ?? []
      if (what !== undefined && kind !== undefined) increase(counts, countField.wouldBe(what, kind))
    }
  }
  return counts
}

function increase(counts: Record<string, number>, field: string): void {
  counts[field] = (counts[field] ?? 0) + 1
}
