import type { ServiceUser } from '@clarity/shared/contract/entities'
import { stateChangesOf } from '@clarity/shared/contract/state'
import type { AccessEvent } from '@clarity/subscriber'
import { type Change, isPresent, keyOf, type Point, type Version } from './version.ts'

/** What one event makes of the present. */
export interface Step {
  readonly at: Point
  readonly changes: readonly Change[]
}

/** What a row of events makes of the versions that were there before it. */
export interface Folded {
  /** Whatever version of these still holds, ends there. */
  readonly ended: readonly { readonly entity: Change; readonly at: Point }[]
  readonly begun: readonly Version[]
}

/** When an event became known: when Bitbucket was read, or when it was decided where that was later. */
export function timeOf({ recordedTime, time }: Pick<AccessEvent, 'recordedTime' | 'time'>): string {
  return recordedTime ?? time
}

/** The service users of whom events tell only the attributes, so that the rest of them must be known. */
export function usersToKnow(events: readonly AccessEvent[]): string[] {
  return events.flatMap(({ name, subject }) => (name === 'service-user.attributes-changed' ? [subject] : []))
}

/** What each event changes. `users` has those of `usersToKnow` as they are before the first event, and is kept up to date. */
export function toSteps(events: readonly AccessEvent[], users: Map<string, ServiceUser>): Step[] {
  return events.map((event) => {
    const changes = changesOf(event, users)
    for (const { kind, id, value } of changes) {
      if (kind !== 'service-user') continue
      if (value === null) users.delete(id)
      else users.set(id, value)
    }
    return { at: { sequence: event.sequence, time: timeOf(event) }, changes }
  })
}

/** What an event changes, the whole of a service user included, where that is known. */
export function changesOf(event: AccessEvent, users: ReadonlyMap<string, ServiceUser>): Change[] {
  const user = users.get(event.subject)
  const isPart = event.name === 'service-user.attributes-changed' && user !== undefined
  const entity = isPart ? { ...user, attributes: event.data.attributes } : undefined
  return stateChangesOf({ ...event, connectionId: event.data.connection.id, entity }).filter(
    (change) => change.kind !== 'watermark',
  )
}

/** Steps of one connection, in order, as versions: several of an entity follow one another without touching the database. */
export function fold(steps: readonly Step[]): Folded {
  const ended = new Map<string, Folded['ended'][number]>()
  const begun: Version[] = []
  const open = new Map<string, number>()
  for (const { at, changes } of steps) {
    for (const entity of changes) {
      const key = keyOf(entity)
      if (!ended.has(key)) ended.set(key, { entity, at })
      const last = open.get(key)
      const version = last === undefined ? undefined : begun[last]
      if (last !== undefined && version !== undefined) begun[last] = { ...version, to: at }
      open.delete(key)
      if (isPresent(entity)) open.set(key, begun.push({ entity, from: at, to: null }) - 1)
    }
  }
  return { ended: [...ended.values()], begun }
}
