import { ConnectionId } from '@clarity/shared/contract/ids'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import type { FactStore } from '@clarity/shared/store/facts'
import { planRejection } from '@clarity/shared/store/hold-decisions'
import type { HoldStore } from '@clarity/shared/store/holds'
import type { Keys } from '@clarity/shared/store/keys'
import type { Lease } from '@clarity/shared/store/lease'
import { syncReleased } from './core/events.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import { releaseApproved } from './release.ts'
import { contextOf } from './transitions.ts'

export interface HoldUpkeepOptions {
  readonly connections: ConnectionStore
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<SyncWorkerMetrics, 'told'>
}

/** Rejects what nobody has decided in time: nothing is ever removed because somebody did not look. */
export async function expireHolds(options: HoldUpkeepOptions): Promise<void> {
  const { connections, holds, keys, clock, log, metrics } = options
  for (let shard = 0; shard < keys.shards; shard++) {
    for (const id of await holds.readExpired(shard, clock.now())) {
      const connectionId = ConnectionId.parse(id)
      const stored = await connections.read(connectionId)
      const hold = await holds.read(connectionId)
      if (stored === null || hold === null) continue
      const { tenantId } = stored.connection
      const { decision, counts, moves } = planRejection(hold, 'expired')
      const context = contextOf(stored.connection, 'operator', clock)
      const events = [syncReleased(context, hold.record.syncId, { decision, counts })]
      if (await holds.change({ tenantId, connectionId, hold, moves, events })) {
        metrics.told(['sync.released'])
        const { syncId } = hold.record
        log.warn(
          { event: 'hold.expired', tenantId, connectionId, syncId, ...counts },
          'held removals were decided by nobody',
        )
      }
    }
  }
}

/** Makes approved removals of connections that no sync is working on; a sync makes its own before each slice. */
export async function makeReleases(
  options: HoldUpkeepOptions,
  acquire: (connectionId: ConnectionId) => Promise<Lease | null>,
): Promise<void> {
  const { connections, holds, keys } = options
  for (let shard = 0; shard < keys.shards; shard++) {
    for (const id of await holds.readReleases(shard)) {
      const connectionId = ConnectionId.parse(id)
      const stored = await connections.read(connectionId)
      // Nothing new is told of a connection that is paused; what was approved stays so.
      if (stored === null || stored.paused !== null) continue
      const lease = await acquire(connectionId)
      if (lease === null) continue
      try {
        await releaseApproved({ ...options, connection: stored.connection, token: lease.token })
      } finally {
        await lease.release()
      }
    }
  }
}
