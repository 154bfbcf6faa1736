import type { ScopeId } from '@clarity/shared/contract/ids'
import { entitlementId, grantId, groupMembershipId, isServiceUserId, nestingId } from '@clarity/shared/contract/ids'
import type { EntityKind } from '@clarity/shared/contract/syncs'
import { type Facts, resourceIdOf } from './core/facts.ts'

/** What counts of a reading: its facts, and whom it mentions. */
export interface Counted {
  readonly facts: Facts
  readonly users: { keys(): Iterable<string> }
}

/** Counts what a sync read and how much of it was as it had been. A service user counts once, however often mentioned. */
export class Statistics {
  readonly scanned = zeroCounts()
  readonly unchanged = zeroCounts()
  readonly #users = new Set<string>()
  readonly #touchedUsers = new Set<string>()

  add(scopeId: ScopeId, reading: Counted, touched: ReadonlySet<string>): void {
    for (const { holder, resource, level } of reading.facts.holdings.values()) {
      const entitlement = entitlementId(resource, level)
      if (isServiceUserId(holder)) this.#count('grants', grantId(holder, entitlement), touched)
      else this.#count('nestings', nestingId(holder, entitlement), touched)
    }
    const resource = resourceIdOf(scopeId)
    if (resource !== null) {
      for (const level of reading.facts.levels) this.#count('entitlements', entitlementId(resource, level), touched)
    }
    for (const slug of reading.facts.groups) this.#count('entitlements', groupMembershipId(slug), touched)
    for (const id of reading.users.keys()) {
      this.#users.add(id)
      if (touched.has(id)) this.#touchedUsers.add(id)
    }
    this.scanned.serviceUsers = this.#users.size
    this.unchanged.serviceUsers = this.#users.size - this.#touchedUsers.size
  }

  #count(kind: EntityKind, id: string, touched: ReadonlySet<string>): void {
    this.scanned[kind] += 1
    if (!touched.has(id)) this.unchanged[kind] += 1
  }
}

function zeroCounts(): Record<EntityKind, number> {
  return { serviceUsers: 0, entitlements: 0, grants: 0, nestings: 0 }
}
