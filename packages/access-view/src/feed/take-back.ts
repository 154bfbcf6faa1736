import { stateChangesOf } from '@clarity/shared/contract/state'
import { type AccessEvent, type AccessState, emptyState, undoEvent } from '@clarity/subscriber'
import type { ConditionKind } from '../tables.ts'
import { type Change, isPresent, keyOf, type PresentChange } from './version.ts'

/** An entity after an event, where there was one, and before it. */
export interface TakenBack {
  readonly entity: Pick<Change, 'kind' | 'id'>
  /** Null: the event ended it. */
  readonly after: PresentChange | null
  /** Null: the event began it. */
  readonly before: PresentChange | null
}

/**
 * What each entity that an event touches was before it: the event says so. `known` gives an entity as it is after the event, for
 * what the event does not tell whole. Null when that is not known, so that nothing before the event can be.
 */
export function takeBack(event: AccessEvent, known: (key: string) => PresentChange | undefined): TakenBack[] | null {
  const changes = changesOf(event, known)
  if (changes === null) return null
  const state = emptyState()
  for (const change of changes) put(state, change)
  undoEvent(state, event)
  return changes.map((change) => ({
    entity: change,
    after: isPresent(change) ? change : null,
    before: toBefore(change, event, state),
  }))
}

function changesOf(event: AccessEvent, known: (key: string) => PresentChange | undefined): Change[] | null {
  if (event.name !== 'service-user.attributes-changed') {
    return stateChangesOf({ ...event, connectionId: event.data.connection.id }).filter(
      (change) => change.kind !== 'watermark',
    )
  }
  const user = known(keyOf({ kind: 'service-user', id: event.subject }))
  if (user?.kind !== 'service-user') return null
  return [{ ...user, value: { ...user.value, attributes: event.data.attributes } }]
}

function put(state: AccessState, change: Change): void {
  if (!isPresent(change)) return
  if (change.kind === 'service-user') state.serviceUsers.set(change.id, change.value)
  if (change.kind === 'entitlement') state.entitlements.set(change.id, change.value)
  if (change.kind === 'service-user-entitlement') state.grants.set(change.id, change.value)
  if (change.kind === 'entitlement-nesting') state.nestings.set(change.id, change.value)
}

function toBefore({ kind, id }: Change, event: AccessEvent, state: AccessState): PresentChange | null {
  switch (kind) {
    case 'service-user':
      return present(state.serviceUsers.get(id), (value) => ({ kind, id, value }))
    case 'entitlement':
      return present(state.entitlements.get(id), (value) => ({ kind, id, value }))
    case 'service-user-entitlement':
      return present(state.grants.get(id), (value) => ({ kind, id, value }))
    case 'entitlement-nesting':
      return present(state.nestings.get(id), (value) => ({ kind, id, value }))
    default:
      return conditionBefore(kind, id, event)
  }
}

function present<Value>(value: Value | undefined, to: (value: Value) => PresentChange): PresentChange | null {
  return value === undefined ? null : to(value)
}

/** What was said of the connection before: as far as the event tells it, until the event that said it is met. */
function conditionBefore(kind: ConditionKind, id: string, event: AccessEvent): PresentChange | null {
  if (event.name === 'scope.observable' && kind === 'scope' && event.data.scope !== null) {
    const { scope, unobservableSince: since } = event.data
    return { kind, id, value: { id: scope, state: 'unobservable', since, reason: 'unknown', lastGoodAt: null } }
  }
  if (event.name === 'connection.recovered' && kind === 'connection-health') {
    const { since, reason } = event.data
    return { kind, id, value: { state: 'degraded', since, reason, remedy: '' } }
  }
  if (event.name === 'connection.resumed' && kind === 'connection-pause') {
    return { kind, id, value: { state: 'paused', since: event.data.since } }
  }
  if (event.name === 'connection.updated' && kind === 'connection') {
    // What changed is told field by field; the schema that accepted the fields then is the one of the details.
    const from = Object.entries(event.data.changed).map(([field, change]) => [field, change.from])
    return { kind, id, value: { ...event.data.details, ...Object.fromEntries(from) } }
  }
  return null
}
