import type { Entitlement, Resource } from '@clarity/shared/contract/entities'
import {
  type GroupMembershipId,
  groupMembershipId,
  type ResourceId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import type { PublishLevels } from '@clarity/shared/contract/settings'
import type { UpstreamError } from '@clarity/shared/runtime/errors'
import { holdingField } from '@clarity/shared/store/fact-fields'
import { toGroupEntitlement } from '../core/entitlements.ts'
import type { Holding, Reading } from '../core/facts.ts'
import { type LeftOut, type ObservedAccount, type ObservedUser, observeUser, withoutLeftOut } from '../core/identity.ts'

/** What the one list of a scope said of itself; null where a scope is not one list. */
export interface ListSize {
  readonly reported: number | null
  readonly pages: number
}

/** What of a scope is told, by the settings. */
export interface Told {
  readonly publishLevels: PublishLevels
  /** Attributes of service users that are not. */
  readonly leftOut: readonly LeftOut[]
}

/** How the read of a scope ended. `complete` is proved by the listings; anything else leaves the facts as they are. */
export type ScopeOutcome =
  | { readonly state: 'complete'; readonly reading: Reading; readonly list: ListSize | null }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

/** Collects rows into a reading of one scope. */
export class ReadingBuilder {
  readonly #users = new Map<ServiceUserId, ObservedUser>()
  readonly #groups = new Map<GroupMembershipId, Entitlement>()
  readonly #existing = new Set<string>()
  readonly #holdings = new Map<string, Holding>()
  readonly #leftOut: readonly LeftOut[]

  /** Without the attributes of service users that are not told. */
  constructor(leftOut: readonly LeftOut[] = []) {
    this.#leftOut = leftOut
  }

  /** A service user holds a level on a resource. */
  addUser(account: ObservedAccount, resource: ResourceId, level: string, role?: ObservedUser['attributes']): void {
    const user = observeUser(account, role)
    const told =
      this.#leftOut.length === 0 ? user : { ...user, attributes: withoutLeftOut(user.attributes, this.#leftOut) }
    this.#users.set(user.id, told)
    this.#hold(user.id, resource, level)
  }

  /** A group holds a level on a resource. */
  addGroup(group: { slug: string; name: string }, resource: ResourceId, level: string): void {
    const id = groupMembershipId(group.slug)
    this.#groups.set(id, toGroupEntitlement(group))
    this.#hold(id, resource, level)
  }

  /** A group exists. */
  addExistingGroup(group: { slug: string; name: string; defaultPermission: string | null }): void {
    this.#groups.set(groupMembershipId(group.slug), toGroupEntitlement(group))
    this.#existing.add(group.slug)
  }

  /** The reading, with the levels in use and those of `levels` besides. */
  build(resource: Resource | null, levels: readonly string[] = []): Reading {
    const inUse = new Set(levels)
    if (resource !== null) for (const { level } of this.#holdings.values()) inUse.add(level)
    return {
      facts: { levels: inUse, groups: this.#existing, holdings: this.#holdings },
      resource,
      users: this.#users,
      groups: this.#groups,
    }
  }

  #hold(holder: ServiceUserId | GroupMembershipId, resource: ResourceId, level: string): void {
    // A row that says `none` says that nothing is held.
    if (level !== 'none') this.#holdings.set(holdingField(holder, resource), { holder, resource, level })
  }
}
