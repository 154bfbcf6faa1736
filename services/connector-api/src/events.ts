import { createHash } from 'node:crypto'
import type { Connection } from '@clarity/shared/contract/connections'
import { type EventData, type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
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
    data: { ...common(connection, connection.createdAt), name: connection.name },
    before: null,
    after: createHash('sha256').update(JSON.stringify(connection)).digest('base64url'),
  }
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
