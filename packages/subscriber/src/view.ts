import { AccessIndex } from '@clarity/shared/access/effective'
import type { Entitlement, Grant, Nesting, ServiceUser } from '@clarity/shared/contract/entities'
import { type EntitlementId, grantId, nestingId } from '@clarity/shared/contract/ids'
import { type StateChange, stateChangesOf } from '@clarity/shared/contract/state'
import type { AccessEvent } from './event.ts'

/** Who has which access in one connection, as its events tell. */
export interface AccessState {
  readonly serviceUsers: Map<string, ServiceUser>
  readonly entitlements: Map<string, Entitlement>
  /** Who directly holds what. */
  readonly grants: Map<string, Grant>
  /** Which group holds what. */
  readonly nestings: Map<string, Nesting>
  /** Something was told that could not be told whole: from there on what is named may not be there. */
  isIncomplete?: boolean
}

export function emptyState(): AccessState {
  return { serviceUsers: new Map(), entitlements: new Map(), grants: new Map(), nestings: new Map() }
}

/**
 * Arranges a state so that access can be asked about: who can do what on a project or repository, by which ways, and what
 * would be left without one of them. It is made from the state as it is now, and does not follow it.
 */
export function indexAccess({ grants, nestings }: AccessState): AccessIndex {
  return new AccessIndex(grants.values(), nestings.values())
}

/** Takes a record of the state topic into the state: what was told of an entity last is how it is. */
export function applyStateChange(state: AccessState, change: StateChange): void {
  switch (change.kind) {
    case 'service-user':
      put(state.serviceUsers, change)
      break
    case 'entitlement':
      put(state.entitlements, change)
      break
    case 'service-user-entitlement':
      put(state.grants, change)
      break
    case 'entitlement-nesting':
      put(state.nestings, change)
      break
  }
}

function put<Value>(
  map: Map<string, Value>,
  { id, value }: { readonly id: string; readonly value: Value | null },
): void {
  if (value === null) map.delete(id)
  else map.set(id, value)
}

/**
 * Takes an event into the state. Events must come in the order of their sequence, each once.
 * @throws Error when the event contradicts the state: created twice, gone before it was there, or naming what is
 * not there. The stream promises that this does not happen, unless an event was withheld.
 */
export function applyEvent(state: AccessState, event: AccessEvent): void {
  if (event.name === 'stream.event-withheld') state.isIncomplete = true
  try {
    applyStrictly(state, event)
  } catch (error) {
    if (!state.isIncomplete) throw error
    // What it names was in the event that is missing; what it makes of the state is said whole in it.
    for (const change of stateChangesOf({ ...event, connectionId: event.data.connection.id }))
      applyStateChange(state, change)
  }
}

function applyStrictly(state: AccessState, event: AccessEvent): void {
  switch (event.name) {
    case 'service-user.created':
      add(state.serviceUsers, event.data.serviceUser.id, event.data.serviceUser)
      break
    case 'service-user.updated':
      replace(state.serviceUsers, event.data.serviceUser.id, event.data.serviceUser)
      break
    case 'service-user.attributes-changed': {
      const user = present(state.serviceUsers, event.subject)
      replace(state.serviceUsers, event.subject, { ...user, attributes: event.data.attributes })
      break
    }
    case 'service-user.removed':
      remove(state.serviceUsers, event.subject)
      break
    case 'entitlement.created':
      add(state.entitlements, event.data.entitlement.id, event.data.entitlement)
      break
    case 'entitlement.updated':
      replace(state.entitlements, event.data.entitlement.id, event.data.entitlement)
      break
    case 'entitlement.removed':
      remove(state.entitlements, event.subject)
      break
    default:
      applyHolding(state, event)
      break
  }
}

function applyHolding(state: AccessState, event: AccessEvent): void {
  switch (event.name) {
    case 'service-user-entitlement.granted':
      present(state.serviceUsers, event.data.grant.serviceUserId)
      present(state.entitlements, event.data.grant.entitlementId)
      add(state.grants, event.data.grant.id, event.data.grant)
      break
    case 'service-user-entitlement.changed': {
      const { serviceUserId, from, to } = event.data
      present(state.entitlements, to)
      remove(state.grants, grantId(serviceUserId, from))
      const id = grantId(serviceUserId, to)
      add(state.grants, id, { id, serviceUserId, entitlementId: to, assignment: 'direct' })
      break
    }
    case 'service-user-entitlement.revoked':
      remove(state.grants, event.subject)
      break
    case 'entitlement-nesting.added':
      addNesting(state, event.data.container, event.data.contained)
      break
    case 'entitlement-nesting.changed':
      remove(state.nestings, nestingId(event.data.container, event.data.from))
      addNesting(state, event.data.container, event.data.to)
      break
    case 'entitlement-nesting.removed':
      remove(state.nestings, event.subject)
      break
  }
}

function addNesting(state: AccessState, container: Nesting['container'], contained: EntitlementId): void {
  present(state.entitlements, container)
  present(state.entitlements, contained)
  const id = nestingId(container, contained)
  add(state.nestings, id, { id, container, contained })
}

function present<Entity>(entities: ReadonlyMap<string, Entity>, id: string): Entity {
  const entity = entities.get(id)
  if (entity === undefined) throw new Error(`${id} is named but not there`)
  return entity
}

function add<Entity>(entities: Map<string, Entity>, id: string, entity: Entity): void {
  if (entities.has(id)) throw new Error(`${id} is created twice`)
  entities.set(id, entity)
}

function replace<Entity>(entities: Map<string, Entity>, id: string, entity: Entity): void {
  present(entities, id)
  entities.set(id, entity)
}

function remove<Entity>(entities: Map<string, Entity>, id: string): void {
  if (!entities.delete(id)) throw new Error(`${id} is removed but not there`)
}
