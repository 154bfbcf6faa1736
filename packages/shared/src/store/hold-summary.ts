import type { Hold, HoldCause } from '../contract/holds.ts'
import {
  entitlementId,
  type GrantId,
  grantId,
  groupMembershipId,
  isServiceUserId,
  type NestingId,
  nestingId,
  ResourceId,
  type ScopeId,
} from '../contract/ids.ts'
import { scopesPerSyncMax } from '../contract/scopes.ts'
import type { EntityKind } from '../contract/syncs.ts'
import type { OpenHold } from './holds.ts'

/** What a hold keeps back, in short: how much of how much, where from, and some of it by name. */
export function summarizeHold(
  { scopes }: Pick<OpenHold, 'scopes'>,
  totals: Readonly<Record<EntityKind, number>>,
): Pick<Hold, 'wouldRemove' | 'causes' | 'sample'> {
  const causes: HoldCause[] = []
  const ids: (GrantId | NestingId)[] = []
  let [grants, nestings] = [0, 0]
  for (const [scope, held] of scopes) {
    causes.push({ kind: held.kind, scope, count: held.removals.length })
    for (const [field, level] of held.removals) {
      if (field.startsWith('user:')) grants += 1
      else nestings += 1
      if (ids.length < shownMax) ids.push(heldId(scope, field, level))
    }
  }
  const of = totals.grants + totals.nestings
  const share = of === 0 ? 0 : Math.round(((grants + nestings) / of) * 10_000) / 10_000
  causes.sort((a, b) => b.count - a.count)
  return { wouldRemove: { grants, nestings, of, share }, causes: causes.slice(0, shownMax), sample: ids }
}

const shownMax = 20

/**
 * What has to be read for all that is held to be found again where it is there again. Whether a resource is there its list says,
 * and what is held on it its own scope.
 */
export function scopesToLookAgain({ scopes }: Pick<OpenHold, 'scopes'>): Hold['lookAgain'] {
  const gone = [...scopes].filter(([, { kind }]) => kind === 'resource-gone').map(([scope]) => scope)
  const lists: ScopeId[] = [
    ...(gone.some((scope) => scope.startsWith('project/')) ? ['workspace/projects' as const] : []),
    ...(gone.some((scope) => scope.startsWith('repository/')) ? ['workspace/repositories' as const] : []),
  ]
  const all = [...lists, ...[...scopes.keys()].toSorted()]
  return { scopes: all.slice(0, scopesPerSyncMax), more: Math.max(0, all.length - scopesPerSyncMax) }
}

/** The id of a grant or nesting that is held, by the field of its scope's facts. */
export function heldId(scope: ScopeId, field: string, level: string): GrantId | NestingId {
  const at = field.indexOf('@')
  const [name, slug] = at >= 0 && isServiceUserId(field) ? [field.slice(0, at), field.slice(at + 1)] : [field, null]
  const entitlement = entitlementId(slug === null ? resourceOf(scope) : `group:${slug}`, level)
  return isServiceUserId(name)
    ? grantId(name, entitlement)
    : nestingId(groupMembershipId(name.slice('group:'.length)), entitlement)
}

function resourceOf(scope: ScopeId): ResourceId {
  return scope === 'workspace/members' ? 'workspace' : ResourceId.parse(scope.replace('/', ':'))
}
