import { ResourceId, type ScopeId, scopeOfResource } from '@clarity/shared/contract/ids'
import type { FactStore } from '@clarity/shared/store/facts'

/** Reads when each item's scopes were last read; the oldest of them counts. Null: one of them never was. */
export type ReadTimes = (
  connectionId: string,
  scopesOfItems: readonly (readonly ScopeId[])[],
) => Promise<(string | null)[]>

export function createReadTimes(facts: Pick<FactStore, 'readRecords'>): ReadTimes {
  return async (connectionId, scopesOfItems) => {
    const all = [...new Set(scopesOfItems.flat())]
    const records = all.length === 0 ? [] : await facts.readRecords(connectionId, all)
    const times = new Map(all.map((scope, index) => [scope, records[index]?.readAt ?? null]))
    return scopesOfItems.map((scopes) => oldestOf(scopes.map((scope) => times.get(scope) ?? null)))
  }
}

/** In which scopes what somebody comes to is read: the resource itself, and whatever the ways there lead through. */
export function scopesOfAccess({
  resource,
  paths,
}: {
  readonly resource: string
  readonly paths: readonly { readonly steps: readonly { readonly node: string }[] }[]
}): ScopeId[] {
  const onTheWay = paths.flatMap(({ steps }) => steps.slice(1).map(({ node }) => scopeOfNode(node)))
  return [...new Set([scopeOfNode(resource), ...onTheWay])]
}

/** The scope in which who holds something on a resource, or an entitlement, is read. */
export function scopeOfNode(node: string): ScopeId {
  const cut = node.lastIndexOf('#')
  return scopeOfResource(ResourceId.parse(cut === -1 ? node : node.slice(0, cut)))
}

function oldestOf(times: readonly (string | null)[]): string | null {
  if (times.length === 0 || times.includes(null)) return null
  return times.toSorted()[0] ?? null
}
