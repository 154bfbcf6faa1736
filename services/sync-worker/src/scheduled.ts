import { type ConnectionRemoved, type SyncRequested, SyncScheduled } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import type { Keys } from '@clarity/shared/store/keys'
import { syncJobOptions, syncRequestedJob } from '@clarity/shared/store/queue'
import { applySchedule, jitterMs } from '@clarity/shared/store/schedules'
import { newSyncRequest } from '@clarity/shared/store/sync-requests'
import type { Job, Queue } from 'bullmq'
import type { SyncWorkerMetrics } from './metrics.ts'

/** The queue of syncs that are asked for, and of times that have come. */
export type SyncQueue = Queue<SyncRequested | SyncScheduled | ConnectionRemoved>

export interface ScheduledOptions {
  readonly connections: ConnectionStore
  readonly metrics: Pick<SyncWorkerMetrics, 'told'>
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
}

/** It is time for a sync by schedule: asks for it as a caller would, and joins one that will deliver the same. */
export async function startScheduled(options: ScheduledOptions, queue: SyncQueue, job: Job): Promise<void> {
  const { connections, metrics, clock, log, newId } = options
  const { tenantId, connectionId } = SyncScheduled.parse(job.data)
  const stored = await connections.read(connectionId)
  if (stored === null || stored.schedule.mode === 'manual') {
    await queue.removeJobScheduler(connectionId)
    return
  }
  // The scheduler stays: the next time that comes after the pause starts one.
  if (stored.paused !== null) return
  const { connection, schedule } = stored
  const { kind } = stored.schedule
  const requestedAt = toInstant(clock.now())
  const request = newSyncRequest(connection, {
    id: `syn_${newId()}`,
    kind,
    trigger: 'schedule',
    scopes: null,
    requestedAt,
  })
  const result = await connections.requestSync(connectionId, request)
  if (result.state !== 'requested') return
  const { syncId } = result
  const delay = jitterMs(connectionId, schedule)
  await queue.add(syncRequestedJob, { tenantId, connectionId, syncId }, { ...syncJobOptions, jobId: syncId, delay })
  metrics.told(['sync.requested'])
  log.info({ event: 'sync.scheduled', tenantId, connectionId, syncId, kind, delayMs: delay }, 'a sync by schedule')
}

/** Puts the schedulers of the queue right where one is missing: the queue did not take it when it was saved. */
export async function applySchedules({ connections, keys, clock }: ScheduledOptions, queue: SyncQueue): Promise<void> {
  for (let shard = 0; shard < keys.shards; shard++) {
    for (const connectionId of await connections.readScheduled(shard)) {
      if ((await queue.getJobScheduler(connectionId)) !== undefined) continue
      const stored = await connections.read(connectionId)
      if (stored === null) continue
      const { tenantId } = stored.connection
      await applySchedule(queue, { tenantId, connectionId }, stored.schedule, clock.now())
    }
  }
}
