import { SyncRequested } from '@clarity/shared/contract/syncs'
import { addMeasuredGauge } from '@clarity/shared/runtime/metrics'
import type { HoldStore } from '@clarity/shared/store/holds'
import type { Keys } from '@clarity/shared/store/keys'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Queue } from 'bullmq'
import type { Registry } from 'prom-client'

/** Figures of the whole deployment, which every worker sees alike. */
export interface QueueFigures {
  /** Jobs by state. */
  jobs(): Promise<Readonly<Record<'waiting' | 'delayed' | 'active', number>>>
  /** For how long the job that is next has been due, in seconds; 0 when none is. */
  oldestWaitingSeconds(): Promise<number>
  /** Connections of which removals are held. */
  connectionsHeld(): Promise<number>
}

/** Adds them to a registry; they are asked for when somebody asks for the metrics. */
export function addQueueMetrics(registry: Registry, figures: QueueFigures): void {
  addMeasuredGauge(registry, {
    name: 'clarity_queue_jobs',
    help: 'Jobs of the queue by state, of the whole deployment: every worker tells the same',
    label: 'state',
    measure: () => figures.jobs(),
  })
  addMeasuredGauge(registry, {
    name: 'clarity_queue_oldest_waiting_seconds',
    help: 'For how long the job that is next has been due, to within a slice; of the whole deployment',
    measure: () => figures.oldestWaitingSeconds(),
  })
  addMeasuredGauge(registry, {
    name: 'clarity_connections_held',
    help: 'Connections of which removals wait for a decision, of the whole deployment',
    measure: () => figures.connectionsHeld(),
  })
}

export interface QueueFiguresOptions {
  readonly queue: Pick<Queue, 'getJobCounts' | 'getWaiting'>
  readonly syncs: Pick<SyncStore, 'read'>
  readonly holds: Pick<HoldStore, 'countHeld'>
  readonly keys: Pick<Keys, 'shards'>
  readonly nowMs: () => number
}

/** Reads the figures from Redis. */
export function createQueueFigures({ queue, syncs, holds, keys, nowMs }: QueueFiguresOptions): QueueFigures {
  return {
    async jobs() {
      const { waiting = 0, delayed = 0, active = 0 } = await queue.getJobCounts('waiting', 'delayed', 'active')
      return { waiting, delayed, active }
    },
    async oldestWaitingSeconds() {
      const [job] = await queue.getWaiting(0, 0)
      if (job === undefined) return 0
      const request = SyncRequested.safeParse(job.data)
      const sync = request.success ? await syncs.read(request.data.connectionId, request.data.syncId) : null
      // A job does not say since when it is due: it was made, or ran last, and it had to wait until then.
      const dueMs = [
        job.timestamp + (job.opts.delay ?? 0),
        job.processedOn ?? 0,
        Date.parse(sync?.waitingUntil ?? '1970-01-01'),
      ]
      return Math.max(0, nowMs() - Math.max(...dueMs)) / 1_000
    },
    async connectionsHeld() {
      const counts = Array.from({ length: keys.shards }, (_, shard) => holds.countHeld(shard))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    },
  }
}
