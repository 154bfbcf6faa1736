import type { ServiceUser } from '@clarity/shared/contract/entities'
import { type StateChange, stateChangesOf, watermarkOf } from '@clarity/shared/contract/state'
import { type AccessEvent, type AccessState, applyEvent, emptyState, type StateRecord } from '@clarity/subscriber'
import { isConditionKind } from '../tables.ts'

/** What is there at one moment: kind and id -> value. */
export type Present = ReadonlyMap<string, unknown>

/** What is there after each event, the number of the event being the place; the first place is before any. */
export function presentAfterEach(events: readonly AccessEvent[]): Present[] {
  const state = emptyState()
  const conditions = new Map<string, unknown>()
  const all: Present[] = [new Map()]
  for (const event of events) {
    applyEvent(state, event)
    for (const { kind, id, value } of changesOf(event, state)) {
      if (!isConditionKind(kind)) continue
      if (value === null) conditions.delete(`${kind}/${id}`)
      else conditions.set(`${kind}/${id}`, value)
    }
    all.push(toPresent(state, conditions))
  }
  return all
}

/** The same once those who were erased later are no longer known but by what they held. */
export function withoutErased(events: readonly AccessEvent[], presents: readonly Present[]): Present[] {
  const erased = events.flatMap((event) =>
    event.name === 'service-user.removed' && event.data.reason === 'erased' ? [event] : [],
  )
  return presents.map((present, index) => {
    const later = erased
      .filter(({ sequence }) => sequence > BigInt(index))
      .map(({ subject }) => `service-user/${subject}`)
    return new Map([...present].map(([key, value]) => [key, later.includes(key) ? bare(Object(value)) : value]))
  })
}

function bare(user: ServiceUser): ServiceUser {
  return { ...user, attributes: {}, externalIds: { uuid: user.externalIds.uuid } }
}

/** The state topic after some events, with `stale` records that are not compacted yet. */
export function stateTopicAfter(events: readonly AccessEvent[], stale: boolean): StateRecord[] {
  const state = emptyState()
  const records = new Map<string, StateRecord>()
  for (const event of events) {
    applyEvent(state, event)
    const { tenantId, connectionId, sequence } = event
    const time = event.recordedTime ?? event.time
    const isEnd = event.name === 'connection.removed'
    const changes = [...changesOf(event, state), watermarkOf(event.data.connection.id, sequence, isEnd)]
    for (const change of changes) {
      const key = `${change.kind}/${change.id}${stale ? `/${sequence}` : ''}`
      // A compacted topic has the last record of a key, where that was written.
      records.delete(key)
      records.set(key, { tenantId, connectionId, sequence, time, change })
    }
  }
  return [...records.values()]
}

function changesOf(event: AccessEvent, after: AccessState): StateChange[] {
  const entity: ServiceUser | undefined = after.serviceUsers.get(event.subject)
  return stateChangesOf({ ...event, connectionId: event.data.connection.id, entity })
}

function toPresent(state: AccessState, conditions: Present): Present {
  return new Map<string, unknown>([
    ...[...state.serviceUsers].map(([id, value]) => [`service-user/${id}`, value] as const),
    ...[...state.entitlements].map(([id, value]) => [`entitlement/${id}`, value] as const),
    ...[...state.grants].map(([id, value]) => [`service-user-entitlement/${id}`, value] as const),
    ...[...state.nestings].map(([id, value]) => [`entitlement-nesting/${id}`, value] as const),
    ...conditions,
  ])
}
