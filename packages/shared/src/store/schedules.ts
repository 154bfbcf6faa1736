/**
 * Schedules are BullMQ job schedulers, one for a connection and by its id: each puts a job into the queue when it is time,
 * and the worker that takes it asks for the sync. So that tenants do not start together, an interval has its own phase for
 * each connection, and what a clock time starts is put off by a few minutes, always the same for a connection.
 */
import type { Queue } from 'bullmq'
import { stableHash } from '../contract/partition.ts'
import type { Schedule } from '../contract/schedule.ts'
import type { SyncScheduled } from '../contract/syncs.ts'
import { syncJobOptions, syncScheduledJob } from './queue.ts'

/** What a clock time starts begins within so long after it. */
const clockJitterMs = 5 * 60_000

/** Brings the queue's scheduler of a connection to what its schedule says; twice is as good as once. */
export async function applySchedule(
  queue: Pick<Queue, 'upsertJobScheduler' | 'removeJobScheduler'>,
  data: SyncScheduled,
  schedule: Schedule,
  nowMs: number,
): Promise<void> {
  if (schedule.mode === 'manual') {
    await queue.removeJobScheduler(data.connectionId)
    return
  }
  const template = { name: syncScheduledJob, data, opts: syncJobOptions }
  await queue.upsertJobScheduler(data.connectionId, toRepeat(data.connectionId, schedule, nowMs), template)
}

/** How long after its time a scheduled sync begins. */
export function jitterMs(connectionId: string, schedule: Schedule): number {
  return schedule.mode === 'cron' ? stableHash(connectionId) % clockJitterMs : 0
}

function toRepeat(connectionId: string, schedule: Exclude<Schedule, { mode: 'manual' }>, nowMs: number) {
  if (schedule.mode === 'cron') return { pattern: schedule.pattern, tz: schedule.timeZone }
  const every = schedule.minutes * 60_000
  // Saving a connection starts a sync by itself, so the first one by schedule comes within the interval after.
  const phase = stableHash(connectionId) % every
  return { every, startDate: Math.floor(nowMs / every) * every + every + phase }
}
