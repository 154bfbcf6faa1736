import type { ConnectionDetails } from '../contract/connections.ts'
import type { Entitlement, Grant, Nesting, ServiceUser } from '../contract/entities.ts'
import {
  type ConnectionId,
  entitlementParts,
  type ScopeId,
  ScopeId as ScopeIds,
  scopeOfResource,
} from '../contract/ids.ts'
import { type StateChange, type StateValue, stateChangesOf, type ToldEvent } from '../contract/state.ts'
import type { EntityKind } from '../contract/syncs.ts'
import { groupField, holdingField, levelField } from './fact-fields.ts'
import { encodeRecord } from './scope-record.ts'

/** Where a state record came from. */
export interface ToldBy {
  readonly sequence: bigint
  /** When Bitbucket was read. */
  readonly time: string
}

/**
 * All that the stream has told of one connection and that holds now. It is made from the records of the state topic, in their
 * order, and says what Redis must have so that the next sync tells only what has changed since.
 */
export class ConnectionSnapshot {
  readonly connectionId: ConnectionId
  /** The number of the last event that was told. */
  sequence = 0n
  /** The connection has come to its end; nothing of it may be there any more. */
  removed = false
  details: ConnectionDetails | null = null
  health: StateValue<'connection-health'> | null = null
  pause: StateValue<'connection-pause'> | null = null
  readonly serviceUsers = new Map<string, ServiceUser>()
  readonly entitlements = new Map<string, Entitlement>()
  readonly grants = new Map<string, Grant>()
  readonly nestings = new Map<string, Nesting>()
  readonly #unobservable = new Map<string, StateValue<'scope'>>()
  /** Scope -> the latest time at which something of it is known to have been read. */
  readonly #readAt = new Map<ScopeId, string>()
  /** The highest number that any record has come from. */
  #told = 0n

  constructor(connectionId: ConnectionId) {
    this.connectionId = connectionId
  }

  /** Whether nothing is missing: the watermark follows all records that it speaks of. */
  get isWhole(): boolean {
    return this.sequence >= this.#told
  }

  take(change: StateChange, { sequence, time }: ToldBy): void {
    if (sequence > this.#told) this.#told = sequence
    this.#set(change, time)
  }

  /** Takes what an event that is still to be told says of the connection itself, for in Redis that holds already. */
  takeAhead(event: ToldEvent): void {
    if (event.name === 'connection.removed') return
    for (const change of stateChangesOf(event)) {
      if (change.kind.startsWith('connection')) this.#set(change, event.data.observedAt)
    }
  }

  #set(change: StateChange, time: string): void {
    switch (change.kind) {
      case 'watermark':
        this.sequence = BigInt(change.value?.sequence ?? 0)
        this.removed = change.value?.removed ?? false
        break
      case 'connection':
        this.details = change.value
        break
      case 'connection-health':
        this.health = change.value
        break
      case 'connection-pause':
        this.pause = change.value
        break
      case 'service-user':
        put(this.serviceUsers, change)
        break
      case 'entitlement':
        put(this.entitlements, change)
        if (change.value !== null) this.#note(change.value.id, time)
        break
      case 'service-user-entitlement':
        put(this.grants, change)
        if (change.value !== null) this.#note(change.value.entitlementId, time)
        break
      case 'entitlement-nesting':
        put(this.nestings, change)
        if (change.value !== null) this.#note(change.value.contained, time)
        break
      case 'scope':
        put(this.#unobservable, change)
        break
    }
  }

  /** The facts of each scope as the store has them. */
  scopeFields(): Map<ScopeId, Map<string, string>> {
    const scopes = new Map<ScopeId, Map<string, string>>()
    const set = (scopeId: ScopeId, field: string, value: string) => {
      const fields = scopes.get(scopeId) ?? new Map<string, string>()
      scopes.set(scopeId, fields.set(field, value))
    }
    for (const {
      id,
      kind,
      resource: { slug = '' },
    } of this.entitlements.values()) {
      const { resource, level } = entitlementParts(id)
      set(scopeOfResource(resource), kind === 'group-membership' ? groupField(slug) : levelField(level), '')
    }
    const held = [
      ...[...this.grants.values()].map(({ serviceUserId, entitlementId }) => [serviceUserId, entitlementId] as const),
      ...[...this.nestings.values()].map(({ container, contained }) => [container, contained] as const),
    ]
    for (const [holder, entitlementId] of held) {
      const { resource, level } = entitlementParts(entitlementId)
      set(scopeOfResource(resource), holdingField(holder, resource), level)
    }
    return scopes
  }

  /** What the levels of each scope are held on. */
  resources(): Map<ScopeId, Entitlement['resource']> {
    const resources = [...this.entitlements.values()].filter(({ kind }) => kind !== 'group-membership')
    return new Map(resources.map(({ id, resource }) => [scopeOfResource(entitlementParts(id).resource), resource]))
  }

  /** What each scope is known to be, with a version that no plan from before was made from. */
  scopeRecords(version: string): Map<ScopeId, string> {
    const records = new Map<ScopeId, string>()
    for (const scopeId of new Set([...this.#readAt.keys(), ...[...this.#unobservable.keys()].map(toScopeId)])) {
      const told = this.#unobservable.get(scopeId)
      const notRead = told ? { state: told.state, since: told.since, reason: told.reason } : null
      const readAt = this.#readAt.get(scopeId) ?? told?.lastGoodAt ?? null
      // An empty digest: the next reading is compared fact by fact.
      const record = encodeRecord({ digest: '', digestVersion: '', readAt, readBy: null, notRead })
      records.set(scopeId, `${version} ${record}`)
    }
    return records
  }

  /** What several scopes may mention, as JSON, and how many facts do. */
  entities(): Map<string, { readonly json: string; readonly references: number }> {
    const references = new Map<string, number>()
    const mention = (id: string) => references.set(id, (references.get(id) ?? 0) + 1)
    for (const { serviceUserId } of this.grants.values()) mention(serviceUserId)
    for (const { container } of this.nestings.values()) mention(container)
    const groups = [...this.entitlements.values()].filter(({ kind }) => kind === 'group-membership')
    for (const { id } of groups) mention(id)
    return new Map(
      [...this.serviceUsers.values(), ...groups].map((entity) => [
        entity.id,
        { json: JSON.stringify(entity), references: references.get(entity.id) ?? 0 },
      ]),
    )
  }

  totals(): Record<EntityKind, number> {
    return {
      serviceUsers: this.serviceUsers.size,
      entitlements: this.entitlements.size,
      grants: this.grants.size,
      nestings: this.nestings.size,
    }
  }

  #note(entitlementId: Entitlement['id'], time: string): void {
    const scopeId = scopeOfResource(entitlementParts(entitlementId).resource)
    const before = this.#readAt.get(scopeId)
    if (before === undefined || time > before) this.#readAt.set(scopeId, time)
  }
}

function put<Value>(
  map: Map<string, Value>,
  { id, value }: { readonly id: string; readonly value: Value | null },
): void {
  if (value === null) map.delete(id)
  else map.set(id, value)
}

function toScopeId(id: string): ScopeId {
  return ScopeIds.parse(id)
}
