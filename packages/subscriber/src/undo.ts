import { grantId, nestingId } from '@clarity/shared/contract/ids'
import type { AccessEvent } from './event.ts'
import type { AccessState } from './view.ts'

/**
 * Takes an event back out of a state that it was the last one to go into: what the state was before it. Events say what was
 * there before, so the past can be reached from the present, however much of the history before that is gone.
 */
export function undoEvent(state: AccessState, event: AccessEvent): void {
  switch (event.name) {
    case 'service-user.created':
      state.serviceUsers.delete(event.subject)
      break
    case 'service-user.updated':
      changeBack(state.serviceUsers, event.subject, event.data.changed)
      break
    case 'service-user.attributes-changed':
      changeBack(state.serviceUsers, event.subject, within('attributes', event.data.changed))
      break
    case 'service-user.removed':
      state.serviceUsers.set(event.subject, event.data.serviceUser)
      break
    case 'entitlement.created':
      state.entitlements.delete(event.subject)
      break
    case 'entitlement.updated':
      changeBack(state.entitlements, event.subject, event.data.changed)
      break
    case 'entitlement.removed':
      state.entitlements.set(event.subject, event.data.entitlement)
      break
    default:
      undoHolding(state, event)
  }
}

function undoHolding({ grants, nestings }: AccessState, event: AccessEvent): void {
  switch (event.name) {
    case 'service-user-entitlement.granted':
      grants.delete(event.subject)
      break
    case 'service-user-entitlement.changed': {
      const { serviceUserId, from, to } = event.data
      grants.delete(grantId(serviceUserId, to))
      const id = grantId(serviceUserId, from)
      grants.set(id, { id, serviceUserId, entitlementId: from, assignment: 'direct' })
      break
    }
    case 'service-user-entitlement.revoked':
      grants.set(event.subject, event.data.grant)
      break
    case 'entitlement-nesting.added':
      nestings.delete(event.subject)
      break
    case 'entitlement-nesting.changed': {
      const { container, from, to } = event.data
      nestings.delete(nestingId(container, to))
      const id = nestingId(container, from)
      nestings.set(id, { id, container, contained: from })
      break
    }
    case 'entitlement-nesting.removed': {
      const { container, contained } = event.data
      const id = nestingId(container, contained)
      nestings.set(id, { id, container, contained })
      break
    }
  }
}

type Changed = Readonly<Record<string, { readonly from?: unknown }>>

function within(field: string, changed: Changed): Changed {
  return Object.fromEntries(Object.entries(changed).map(([name, change]) => [`${field}.${name}`, change]))
}

function changeBack<Entity extends object>(entities: Map<string, Entity>, id: string, changed: Changed): void {
  const entity = entities.get(id)
  if (entity === undefined) return
  let before: object = entity
  for (const [path, { from }] of Object.entries(changed)) before = withField(before, path.split('.'), from)
  // Each field has the value that the same schema accepted when it was told.
  entities.set(id, before as Entity)
}

/** The same object with another value at a path; without the field when the value is undefined. */
function withField(object: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const { [name]: present, ...others } = object as Record<string, unknown>
  if (rest.length > 0) return { ...object, [name]: withField(Object(present), rest, value) }
  return value === undefined ? others : { ...object, [name]: value }
}
