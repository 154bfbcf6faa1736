import type { ConnectionView } from '@clarity/shared/contract/connections'
import type { Sync } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { StoredConnection } from '@clarity/shared/store/connections'
import type { HoldStore } from '@clarity/shared/store/holds'
import type { SyncStore } from '@clarity/shared/store/syncs'
import { statusOf } from './connection-status.ts'

export interface ConnectionViewOptions {
  readonly syncs: Pick<SyncStore, 'read' | 'readOpenOf'>
  readonly holds: Pick<HoldStore, 'readRecord'>
  readonly clock: Clock
}

/** A connection as the API shows it. */
export async function viewConnection(
  { syncs, holds, clock }: ConnectionViewOptions,
  { connection, latestSyncId, lastCompletedAt: told, degraded, paused, schedule }: StoredConnection,
): Promise<ConnectionView> {
  // None waits for the answer of another.
  const [latest, open, hold] = await Promise.all([
    latestSyncId === null ? null : syncs.read(connection.id, latestSyncId),
    syncs.readOpenOf(connection.id),
    holds.readRecord(connection.id),
  ])
  const lastCompletedAt = told ?? completedAtOf(latest)
  const facts = { connection, paused, degraded, hold, schedule, latest, open, lastCompletedAt }
  return {
    ...connection,
    schedule,
    health: degraded === null ? { state: 'ok' } : { state: 'degraded', ...degraded },
    pausedSince: paused?.since ?? null,
    latestSync: latest && { id: latest.id, state: latest.state },
    status: statusOf(facts, clock.now()),
    lastCompletedAt,
  }
}

/** Of a connection whose last sync ended before its end was noted with the connection. */
function completedAtOf(sync: Sync | null): string | null {
  const isOfAll = sync?.kind === 'full' || sync?.kind === 'incremental'
  return isOfAll && sync.state === 'completed' ? sync.finishedAt : null
}
