import type { AccessEvent } from '@clarity/subscriber'
import { timeOf } from './fold.ts'
import type { Row } from './rows.ts'

/** What an event tells of a sync, as a part of its row; null for an event of something else. */
function partOf(event: AccessEvent): Row | null {
  switch (event.name) {
    case 'sync.requested': {
      const { kind, trigger, scopes } = event.data
      return { kind, trigger, scopes: scopes ?? null, state: 'requested', requested_at: event.time }
    }
    case 'sync.started':
      return { kind: event.data.kind, plan: event.data.plan ?? null, state: 'running', started_at: event.time }
    case 'sync.completed': {
      const { kind, stats, coverage, evidence, requests } = event.data
      return { kind, stats, coverage, evidence, requests, state: 'completed', finished_at: timeOf(event) }
    }
    case 'sync.failed': {
      const { kind, error, coverage } = event.data
      return { kind, error, coverage, state: 'failed', finished_at: timeOf(event) }
    }
    case 'sync.cancelled':
      return {
        kind: event.data.kind,
        coverage: event.data.coverage,
        state: 'cancelled',
        finished_at: timeOf(event),
      }
    default:
      return null
  }
}

/** The syncs that some events of a connection tell of, each as far as they tell it. */
export function toSyncRows(connection: number, events: readonly AccessEvent[]): Row[] {
  const rows = new Map<string, Row>()
  for (const event of events) {
    const part = partOf(event)
    if (part === null) continue
    const sequence = event.sequence.toString()
    const row = rows.get(event.subject) ?? { connection, id: event.subject, first_sequence: sequence }
    rows.set(event.subject, { ...row, ...part, last_sequence: sequence })
  }
  return [...rows.values()]
}
