import { createHash } from 'node:crypto'
import type { Connection } from '@clarity/shared/contract/connections'
import { type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
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

export function syncRequested(
  connection: Connection,
  { id, kind, trigger, requestedAt }: SyncRecord,
): PendingEvent<'sync.requested'> {
  return {
    name: 'sync.requested',
    subject: id,
    data: { ...common(connection, requestedAt), kind, trigger },
    before: null,
    after: 'requested',
  }
}
