import type { Connection } from '../contract/connections.ts'
import { toConnectionRef } from '../contract/events.ts'
import type { ScopeId, SyncId } from '../contract/ids.ts'
import type { SyncKind, SyncTrigger, VerificationRequest } from '../contract/syncs.ts'
import { currentTrace } from '../runtime/trace.ts'
import type { SyncRequest } from './connections.ts'

/** A request for a sync with the event that tells of it; a preview tells the stream nothing. */
export function newSyncRequest(
  connection: Connection,
  wanted: {
    readonly id: SyncId
    readonly kind: SyncKind
    readonly trigger: SyncTrigger
    readonly scopes: readonly ScopeId[] | null
    readonly requestedAt: string
    readonly verify?: VerificationRequest['ids']
  },
): SyncRequest {
  const { id, kind, trigger, scopes, requestedAt, verify } = wanted
  const data = {
    connection: toConnectionRef(connection),
    cause: 'operator' as const,
    observedAt: requestedAt,
    previouslyObservedAt: null,
    scope: null,
    kind,
    trigger,
    scopes: scopes && [...scopes],
  }
  const traceparent = currentTrace()
  const event = { name: 'sync.requested' as const, subject: id, data, before: null, after: 'requested' }
  return {
    tenantId: connection.tenantId,
    record: {
      ...{ id, connectionId: connection.id, kind, trigger, requestedAt },
      ...(verify && { verify }),
      ...(traceparent && { traceparent }),
    },
    scopes,
    events: kind === 'preview' ? [] : [event],
  }
}
