import { createHash } from 'node:crypto'
import { type Connection, type ConnectionDetails, toConnectionDetails } from '@clarity/shared/contract/connections'
import { type EventData, type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
import { manualSchedule, type Schedule } from '@clarity/shared/contract/schedule'
import type { SyncRecord } from '@clarity/shared/store/syncs'

function common(connection: Connection, observedAt: string) {
  return {
    connection: toConnectionRef(connection),
    cause: 'operator' as const,
    observedAt,
    previouslyObservedAt: null,
    scope: null,
  }
}

export function connectionCreated(connection: Connection): PendingEvent<'connection.created'> {
  return {
    name: 'connection.created',
    subject: connection.id,
    data: {
      ...common(connection, connection.createdAt),
      name: connection.name,
      details: toConnectionDetails(connection, manualSchedule),
    },
    before: null,
    after: digest(connection),
  }
}

/** A connection with its schedule, before or after a change. */
export interface Settings {
  readonly connection: Connection
  readonly schedule: Schedule
}

export function connectionUpdated(
  from: Settings,
  to: Settings,
  observedAt: string,
): PendingEvent<'connection.updated'> {
  const before = toConnectionDetails(from.connection, from.schedule)
  const details = toConnectionDetails(to.connection, to.schedule)
  const fields = [
    ...['name', 'schedule', 'appOwners', 'include', 'publishLevels'],
    ...['removalLimit', 'confirmEmails', 'attributes'],
  ] as const satisfies (keyof ConnectionDetails)[]
  const changed = Object.fromEntries(
    fields
      .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(details[field]))
      .map((field) => [field, { from: before[field], to: details[field] }]),
  )
  return {
    name: 'connection.updated',
    subject: to.connection.id,
    data: { ...common(to.connection, observedAt), details, changed },
    before: digest(before),
    after: digest(details),
  }
}

/** `id` makes it differ from another one with the same text. */
export function streamVerification(
  connection: Connection,
  { id, text }: { readonly id: string; readonly text: string },
  observedAt: string,
): PendingEvent<'stream.verification'> {
  const data = { ...common(connection, observedAt), text }
  return { name: 'stream.verification', subject: connection.id, data, before: null, after: id }
}

export function syncCancelled(
  connection: Connection,
  { id, kind }: Pick<SyncRecord, 'id' | 'kind'>,
  observedAt: string,
): PendingEvent<'sync.cancelled'> {
  const coverage = { complete: 0, stale: 0, unobservable: 0 }
  return {
    name: 'sync.cancelled',
    subject: id,
    data: { ...common(connection, observedAt), kind, coverage },
    before: 'requested',
    after: 'cancelled',
  }
}

export function syncReleased(
  connection: Connection,
  syncId: string,
  released: Pick<EventData<'sync.released'>, 'decision' | 'counts'>,
  observedAt: string,
): PendingEvent<'sync.released'> {
  return {
    name: 'sync.released',
    subject: syncId,
    data: { ...common(connection, observedAt), ...released },
    before: 'held',
    after: released.decision,
  }
}

function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}
