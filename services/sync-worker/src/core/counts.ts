import type { ScopeId } from '@clarity/shared/contract/ids'
import { entitlementId, grantId, groupMembershipId, isServiceUserId, nestingId } from '@clarity/shared/contract/ids'
import type { Coverage, EntityKind } from '@clarity/shared/contract/syncs'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { Step } from '@clarity/shared/store/facts'
import { countField } from '@clarity/shared/store/syncs'
import type { Facts, Holding } from './facts.ts'

/**
 * What a sync counts for one scope: what was in it, and how much of that no event told of. Service users are not counted
 * here, for many scopes mention the same one.
 */
export function countFacts(scopeId: ScopeId, facts: Facts, touched: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = { [countField.coverage('complete')]: 1 }
  const scanned = { grants: 0, nestings: 0, entitlements: 0 }
  const told = { grants: 0, nestings: 0, entitlements: 0 }
  for (const holding of facts.holdings.values()) {
    const kind = isServiceUserId(holding.holder) ? 'grants' : 'nestings'
    scanned[kind] += 1
    if (touched.size > 0 && touched.has(idOf(holding))) told[kind] += 1
  }
  const resource = resourceIdOf(scopeId)
  const levels = resource === null ? [] : Array.from(facts.levels, (level) => entitlementId(resource, level))
  for (const id of [...levels, ...Array.from(facts.groups, groupMembershipId)]) {
    scanned.entitlements += 1
    if (touched.has(id)) told.entitlements += 1
  }
  for (const kind of ['grants', 'nestings', 'entitlements'] as const) {
    if (scanned[kind] > 0) counts[countField.scanned(kind)] = scanned[kind]
    if (scanned[kind] > told[kind]) counts[countField.unchanged(kind)] = scanned[kind] - told[kind]
  }
  return counts
}

function idOf({ holder, resource, level }: Holding): string {
  const entitlement = entitlementId(resource, level)
  return isServiceUserId(holder) ? grantId(holder, entitlement) : nestingId(holder, entitlement)
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
