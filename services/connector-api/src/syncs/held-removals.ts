import type { HeldRemoval, HoldReason } from '@clarity/shared/contract/holds'
import {
  type ConnectionId,
  entitlementParts,
  groupMembershipId,
  holdingParts,
  isServiceUserId,
  type ResourceId,
  ScopeId,
} from '@clarity/shared/contract/ids'
import type { FactStore } from '@clarity/shared/store/facts'
import { heldId } from '@clarity/shared/store/hold-summary'
import type { HeldScope, HoldStore } from '@clarity/shared/store/holds'
import { z } from 'zod'

/**
 * All that is held, in an order that nothing of it changes: by scope, resource and id. A page goes on after what the last one ended
 * with, whether that is still held or not, so whatever stays held is told once, however the hold changes meanwhile.
 */

export interface HeldRemovalOptions {
  readonly holds: Pick<HoldStore, 'readHeldScopes' | 'readHeld'>
  readonly facts: Pick<FactStore, 'readResources' | 'readEntities'>
}

export interface HeldRemovalQuery {
  readonly scope?: ScopeId | undefined
  readonly cause?: HoldReason | undefined
  readonly after: HeldPlace | null
  readonly limit: number
}

/** Where a removal stands: its scope, resource and id. */
export const HeldPlace = z.tuple([ScopeId, z.string(), z.string()])
export type HeldPlace = z.infer<typeof HeldPlace>

export interface HeldRemovalPage {
  readonly items: readonly HeldRemoval[]
  /** Where the page after begins; null after the last one. */
  readonly next: HeldPlace | null
}

type Unnamed = Omit<HeldRemoval, 'resourceName' | 'holderName'>

/** Scopes that are read before it is looked whether the page is full. */
const scopesAtOnce = 100

/** @throws DependencyError by the connection */
export async function readHeldRemovals(
  options: HeldRemovalOptions,
  connectionId: ConnectionId,
  { scope, cause, after, limit }: HeldRemovalQuery,
): Promise<HeldRemovalPage> {
  const { holds } = options
  const all = scope === undefined ? await holds.readHeldScopes(connectionId) : [scope]
  const scopes = all.filter((one) => after === null || one >= after[0]).toSorted()
  const found: Unnamed[] = []
  for (let from = 0; from < scopes.length && found.length <= limit; from += scopesAtOnce) {
    const some = scopes.slice(from, from + scopesAtOnce)
    const entries = await holds.readHeld(connectionId, some)
    for (const [index, one] of some.entries()) {
      const entry = entries[index] ?? null
      if (entry === null || (cause !== undefined && entry.kind !== cause)) continue
      const removals = entry.removals.map(([field, level]) => toRemoval(one, entry, field, level))
      const following = removals.filter((removal) => after === null || compare(placeOf(removal), after) > 0)
      // Not spread: a scope may have more of them than a call has arguments.
      for (const removal of following.toSorted((a, b) => compare(placeOf(a), placeOf(b)))) found.push(removal)
    }
  }
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const next = found.length > limit && last !== undefined ? placeOf(last) : null
  return { items: await nameAll(options, connectionId, page), next }
}

function toRemoval(scope: ScopeId, entry: HeldScope, field: string, fieldLevel: string): Unnamed {
  const id = heldId(scope, field, fieldLevel)
  const { holder, entitlement } = holdingParts(id)
  const { resource, level } = entitlementParts(entitlement)
  const { kind: cause, observedAt, evidence } = entry
  return {
    id,
    kind: isServiceUserId(holder) ? 'grant' : 'nesting',
    cause,
    scope,
    resource,
    level,
    holder,
    observedAt,
    evidence,
  }
}

function placeOf({ scope, resource, id }: Unnamed): HeldPlace {
  return [scope, resource, id]
}

function compare(a: HeldPlace, b: HeldPlace): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}

/** Names are as Redis has them: of projects, repositories and the workspace by scope, of people and groups by what was told. */
async function nameAll(
  { facts }: HeldRemovalOptions,
  connectionId: ConnectionId,
  removals: readonly Unnamed[],
): Promise<HeldRemoval[]> {
  const scopes = [...new Set(removals.map(({ scope }) => scope))]
  const ids = [...new Set(removals.flatMap(({ holder, resource }) => [holder, ...groupIn(resource)]))]
  const [resources, entities] = await Promise.all([
    facts.readResources(connectionId, scopes),
    facts.readEntities(connectionId, ids),
  ])
  const ofScopes = new Map(scopes.map((scope, index) => [scope, resources[index]?.name ?? null]))
  const ofEntities = new Map<string, string | null>(ids.map((id, index) => [id, nameIn(entities[index] ?? null)]))
  return removals.map((removal) => {
    const [group] = groupIn(removal.resource)
    const resourceName = group === undefined ? ofScopes.get(removal.scope) : ofEntities.get(group)
    return { ...removal, resourceName: resourceName ?? null, holderName: ofEntities.get(removal.holder) ?? null }
  })
}

/** The membership under which a group is known; none for what is no group. */
function groupIn(resource: ResourceId) {
  return resource.startsWith('group:') ? [groupMembershipId(resource.slice('group:'.length))] : []
}

const Named = z.union([
  z.object({ resource: z.object({ name: z.string() }) }).transform(({ resource }) => resource.name),
  z
    .object({ attributes: z.object({ displayName: z.string().optional(), nickname: z.string().optional() }) })
    .transform(({ attributes }) => attributes.displayName ?? attributes.nickname ?? null),
])

function nameIn(json: string | null): string | null {
  return json === null ? null : Named.parse(JSON.parse(json))
}
