import type { ConnectionId } from '@clarity/shared/contract/ids'
import { ConnectionRemoved, SyncRequested, type SyncScheduled } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { FencedError, isRetryable } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Span, SpanOptions, Tracing } from '@clarity/shared/runtime/tracing'
import { nextInTurn } from '@clarity/shared/store/join'
import type { Keys } from '@clarity/shared/store/keys'
import { acquireLease, type Lease } from '@clarity/shared/store/lease'
import {
  removeConnectionJob,
  syncJobOptions,
  syncQueueName,
  syncRequestedJob,
  syncScheduledJob,
} from '@clarity/shared/store/queue'
import { queueErrorLog, toDependencyError } from '@clarity/shared/store/redis'
import type { RedisClient } from '@clarity/shared/store/redis-client'
import { DelayedError, type Job, Worker } from 'bullmq'
import { expireHolds, makeReleases } from './hold-upkeep.ts'
import type { SliceOutcomeName, SyncWorkerMetrics } from './metrics.ts'
import type { QueueCheck } from './queue-check.ts'
import { removeConnection } from './remove-connection.ts'
import { applySchedules, type ScheduledOptions, type SyncQueue, startScheduled } from './scheduled.ts'
import { failSync, runSyncSlice, type SyncSliceOptions } from './sync-slice.ts'

/**
 * Takes jobs from the queue, at most `syncConcurrency` at a time, and runs a slice of each under its connection's lease.
 *
 * - There is more to do: the job goes back to the end of the queue, or waits until there is room in the hour.
 * - The lease is held by somebody else: the job is put back for a while.
 * - Redis or the lease is lost, or we are told to stop: the job is put back, the sync stays open.
 * - A defect of ours: the sync is failed with the cause, so that it is not tried for ever.
 * - A worker that dies: BullMQ gives the job to another one once its lock has run out; should the job itself be
 *   lost, `reconcile` puts every sync that is still open into the queue again, under the same id.
 */
export interface SyncWorkerOptions extends SyncSliceOptions, ScheduledOptions {
  readonly redis: RedisClient
  readonly keys: Keys
  /** Where jobs are put into; whoever made it closes it. */
  readonly queue: SyncQueue
  readonly queueCheck: Pick<QueueCheck, 'watch'>
  readonly metrics: SyncWorkerMetrics
  readonly tracing: Tracing
  readonly syncConcurrency: number
  /** How long a dead worker's connection stays with it. */
  readonly leaseMs: number
  readonly reconcileEveryMs: number
  /** How soon a sync that waits for another one of its connection asks again; the other one's end wakes it sooner. */
  readonly notItsTurnMs: number
}

const putBackMs = 1_000

/** Works until `signal` aborts, then hands back what it holds. */
export async function runSyncWorker(options: SyncWorkerOptions, signal: AbortSignal): Promise<void> {
  const { redis, keys, log, syncConcurrency, leaseMs } = options
  const run = (job: SyncJob, token: string | undefined) => runJob(options, job, token, signal)
  const worker = new Worker<SyncRequested | SyncScheduled | ConnectionRemoved>(syncQueueName, run, {
    connection: redis,
    prefix: keys.queuePrefix,
    concurrency: syncConcurrency,
    lockDuration: leaseMs,
    stalledInterval: leaseMs / 2,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  options.queueCheck.watch(worker)
  worker.on('error', queueErrorLog(log))
  // The job goes, the sync stays open: it is put in again before long.
  worker.on('failed', (job, err) =>
    log.error({ event: 'job.failed', err: toDependencyError(err), ...job?.data }, 'job failed'),
  )
  try {
    await reconcileForever(options, signal)
  } finally {
    await worker.close()
  }
}

type SyncJob = Job<SyncRequested | SyncScheduled | ConnectionRemoved>

function runJob(
  options: SyncWorkerOptions,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  switch (job.name) {
    case syncScheduledJob:
      return inSpan(options, job, {}, () => startScheduled(options, options.queue, job))
    case removeConnectionJob:
      return processRemoval(options, job, token, signal)
    default:
      return processJob(options, job, token, signal)
  }
}

/** Does the work of a job, on behalf of whoever asked for it. */
function inSpan<Result>(
  { tracing }: SyncWorkerOptions,
  { name }: Pick<SyncJob, 'name'>,
  { parent, attributes }: Pick<SpanOptions, 'parent' | 'attributes'>,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const messaging = {
    'messaging.system': 'bullmq',
    'messaging.operation.type': 'process',
    'messaging.destination.name': syncQueueName,
  }
  const options = { kind: 'consumer', parent, attributes: { ...messaging, ...attributes } } as const
  return tracing.withSpan(`process ${name}`, options, work)
}

/** Removes a connection, a slice at a time; the queue must not ask for its syncs any more. */
async function processRemoval(
  options: SyncWorkerOptions,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { connectionId, traceparent } = ConnectionRemoved.parse(job.data)
  await options.queue.removeJobScheduler(connectionId)
  const lease = await acquire(options, connectionId)
  if (lease === null) return putBack(options, job, token, putBackMs)
  const done = new AbortController()
  const lost = new AbortController()
  const log = options.log.child({ connectionId })
  const keeping = keepLease(options, log, lease, lost, AbortSignal.any([signal, done.signal]))
  try {
    const span = { parent: traceparent, attributes: { 'clarity.connection_id': connectionId } }
    const waitMs = await inSpan(options, job, span, () => removeConnection(options, connectionId, lease))
    if (waitMs === null) return
    await release(log, lease)
    await putBack(options, job, token, waitMs)
  } finally {
    done.abort()
    await keeping
    await release(log, lease)
  }
}

async function processJob(
  options: SyncWorkerOptions,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const request = SyncRequested.parse(job.data)
  const lease = await acquire(options, request.connectionId)
  if (lease === null) return putBack(options, job, token, putBackMs)
  const done = new AbortController()
  const lost = new AbortController()
  const log = options.log.child({ ...request })
  const keeping = keepLease(options, log, lease, lost, AbortSignal.any([signal, done.signal]))
  try {
    const waitMs = await runSlice(options, request, lease, lost, signal)
    await release(log, lease)
    if (waitMs === null) await wakeNext(options, request.connectionId)
    else await putBack(options, job, token, waitMs)
  } finally {
    done.abort()
    await keeping
    await release(log, lease)
  }
}

/** How long the sync waits for its next slice; null when it is finished. */
async function runSlice(
  options: SyncWorkerOptions,
  request: SyncRequested,
  lease: Lease,
  lost: AbortController,
  signal: AbortSignal,
): Promise<number | null> {
  const { syncs, clock, metrics } = options
  const { tenantId, connectionId, syncId } = request
  // What keeps it from being read, the slice itself will meet.
  const parent = await syncs.readTrace(connectionId, syncId).catch(() => null)
  const ids = { 'clarity.tenant_id': tenantId, 'clarity.connection_id': connectionId, 'clarity.sync_id': syncId }
  const begunAtMs = clock.now()
  return inSpan(options, { name: syncRequestedJob }, { parent: parent ?? undefined, attributes: ids }, async (span) => {
    const { outcome, waitMs } = await trySlice(options, request, lease, lost, signal)
    span.set({ 'clarity.outcome': outcome })
    metrics.sliceEnded({ outcome, seconds: (clock.now() - begunAtMs) / 1_000 })
    return waitMs
  })
}

async function trySlice(
  options: SyncWorkerOptions,
  request: SyncRequested,
  lease: Lease,
  lost: AbortController,
  signal: AbortSignal,
): Promise<{ readonly outcome: SliceOutcomeName; readonly waitMs: number | null }> {
  try {
    const end = await runSyncSlice(options, request, lease, AbortSignal.any([signal, lost.signal]))
    if (end.state === 'finished') return { outcome: end.state, waitMs: null }
    if (end.state === 'not-its-turn') return { outcome: end.state, waitMs: options.notItsTurnMs }
    return { outcome: end.reason, waitMs: end.waitMs }
  } catch (error) {
    const outcome = await endEarly(options, request, lease, toDependencyError(lost.signal.reason ?? error), signal)
    if (outcome === 'defect') return { outcome, waitMs: null }
    return { outcome, waitMs: signal.aborted ? 0 : putBackMs }
  }
}

/** The next sync of the connection need not wait until it asks again. */
async function wakeNext({ syncs, queue, log }: SyncWorkerOptions, connectionId: ConnectionId): Promise<void> {
  try {
    const next = nextInTurn(await syncs.readOpenOf(connectionId))
    if (next !== null) await promote(queue, next.id)
  } catch (err) {
    log.warn({ event: 'sync.not-woken', err: toDependencyError(err), connectionId }, 'the next sync asks by itself')
  }
}

/** Lets a sync that waits run at once. */
async function promote(queue: SyncQueue, syncId: string): Promise<void> {
  const job = await queue.getJob(syncId)
  if (job && (await job.isDelayed())) await job.promote()
}

function acquire({ redis, keys, leaseMs }: SyncWorkerOptions, connectionId: ConnectionId): Promise<Lease | null> {
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connectionId)
  return acquireLease(redis, { leaseKey, fenceKey, ttlMs: leaseMs })
}

async function release(log: Logger, lease: Lease): Promise<void> {
  await lease
    .release()
    .catch((err: unknown) =>
      log.warn({ event: 'lease.not-released', err: toDependencyError(err) }, 'the lease will run out'),
    )
}

/** Renews the lease until `signal` aborts; aborts `lost` when it is no longer ours. */
async function keepLease(
  { clock, leaseMs }: SyncWorkerOptions,
  log: Logger,
  lease: Lease,
  lost: AbortController,
  signal: AbortSignal,
): Promise<void> {
  while (await sleepUnlessAborted(clock, leaseMs / 3, signal)) {
    try {
      if (await lease.renew()) continue
      return lost.abort(new FencedError('the connection', {}))
    } catch (err) {
      // Whether it is still ours, the next commit will be told.
      log.warn({ event: 'lease.not-renewed', err: toDependencyError(err) }, 'the lease could not be renewed')
    }
  }
}

/** Says why a slice was cut short; the sync goes on later. A defect of ours ends it, for it would meet us again. */
async function endEarly(
  options: SyncWorkerOptions,
  request: SyncRequested,
  lease: Lease,
  err: unknown,
  signal: AbortSignal,
): Promise<Extract<SliceOutcomeName, 'handed-back' | 'fenced' | 'interrupted' | 'defect'>> {
  const { metrics } = options
  const log = options.log.child({ ...request })
  if (signal.aborted) {
    log.info({ event: 'sync.handed-back' }, 'sync handed back, stopping')
    return 'handed-back'
  }
  if (err instanceof FencedError) {
    metrics.leaseLost()
    log.warn({ event: 'sync.fenced', err }, 'another worker has the connection')
    return 'fenced'
  }
  if (isRetryable(err)) {
    log.warn({ event: 'sync.interrupted', err }, 'sync interrupted, put back')
    return 'interrupted'
  }
  log.fatal({ event: 'sync.defect', err }, 'sync met a defect')
  await failSync(options, request, lease, err)
  return 'defect'
}

/** Gives the job back to the queue; BullMQ wants to be told so by an error. */
async function putBack(
  { clock }: SyncWorkerOptions,
  job: SyncJob,
  token: string | undefined,
  delayMs: number,
): Promise<never> {
  await job.moveToDelayed(clock.now() + delayMs, token)
  throw new DelayedError()
}

/** Puts every open sync into the queue that has no job there, now and then, and sees to whatever else waits. */
async function reconcileForever(options: SyncWorkerOptions, signal: AbortSignal): Promise<void> {
  do {
    try {
      await reconcile(options)
      await applySchedules(options, options.queue)
      await expireHolds(options)
      await reconcileRemovals(options)
      await makeReleases(options, (connectionId) => acquire(options, connectionId))
    } catch (err) {
      options.log.warn({ event: 'reconcile.failed', err: toDependencyError(err) }, 'open syncs not looked through')
    }
  } while (await sleepUnlessAborted(options.clock, options.reconcileEveryMs, signal))
}

async function reconcile({ connections, keys, syncs, queue }: SyncWorkerOptions): Promise<void> {
  for (let shard = 0; shard < keys.shards; shard++) {
    for (const { connectionId, syncId } of await syncs.readOpen(shard)) {
      const stored = await connections.read(connectionId)
      if (stored === null) continue
      const request = { tenantId: stored.connection.tenantId, connectionId, syncId }
      await queue.add(syncRequestedJob, request, { ...syncJobOptions, jobId: syncId })
      // It may wait for an hour to pass, and is to end now.
      if (stored.paused !== null) await promote(queue, syncId)
    }
  }
}

/** Puts the removals into the queue that have no job there. */
async function reconcileRemovals({ connections, keys, queue }: SyncWorkerOptions): Promise<void> {
  for (let shard = 0; shard < keys.shards; shard++) {
    for (const connectionId of await connections.readRemoving(shard)) {
      await queue.add(removeConnectionJob, { connectionId }, { ...syncJobOptions, jobId: `remove-${connectionId}` })
    }
  }
}

/** True after the time, false when aborted before. */
async function sleepUnlessAborted(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal)
    return true
  } catch {
    return false
  }
}
