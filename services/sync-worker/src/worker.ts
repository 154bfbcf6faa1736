import type { ConnectionId } from '@clarity/shared/contract/ids'
import { ConnectionRemoved, SyncRequested, type SyncScheduled } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { FencedError, isRetryable } from '@clarity/shared/runtime/errors'
import { traceOf, withTrace } from '@clarity/shared/runtime/trace'
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
import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { expireHolds, makeReleases } from './hold-upkeep.ts'
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
  readonly redis: Redis
  readonly keys: Keys
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
  const connection = { connection: redis, prefix: keys.queuePrefix }
  const queue: SyncQueue = new Queue(syncQueueName, connection)
  const run = (job: SyncJob, token: string | undefined) => runJob(options, queue, job, token, signal)
  const worker = new Worker<SyncRequested | SyncScheduled | ConnectionRemoved>(syncQueueName, run, {
    ...connection,
    concurrency: syncConcurrency,
    lockDuration: leaseMs,
    stalledInterval: leaseMs / 2,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  const onError = queueErrorLog(log)
  worker.on('error', onError)
  queue.on('error', onError)
  // The job goes, the sync stays open: it is put in again before long.
  worker.on('failed', (job, err) =>
    log.error({ event: 'job.failed', err: toDependencyError(err), ...job?.data }, 'job failed'),
  )
  try {
    await reconcileForever(options, queue, signal)
  } finally {
    await worker.close()
    await queue.close()
  }
}

type SyncJob = Job<SyncRequested | SyncScheduled | ConnectionRemoved>

function runJob(
  options: SyncWorkerOptions,
  queue: SyncQueue,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  switch (job.name) {
    case syncScheduledJob:
      return withTrace(traceOf(undefined), () => startScheduled(options, queue, job))
    case removeConnectionJob:
      return processRemoval(options, queue, job, token, signal)
    default:
      return processJob(options, queue, job, token, signal)
  }
}

/** Removes a connection, a slice at a time; the queue must not ask for its syncs any more. */
async function processRemoval(
  options: SyncWorkerOptions,
  queue: SyncQueue,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { connectionId, traceparent } = ConnectionRemoved.parse(job.data)
  await queue.removeJobScheduler(connectionId)
  const lease = await acquire(options, connectionId)
  if (lease === null) return putBack(options, job, token, putBackMs)
  const done = new AbortController()
  const lost = new AbortController()
  const keeping = keepLease(options, lease, lost, AbortSignal.any([signal, done.signal]))
  try {
    const waitMs = await withTrace(traceOf(traceparent), () => removeConnection(options, connectionId, lease))
    if (waitMs === null) return
    await release(options, lease)
    await putBack(options, job, token, waitMs)
  } finally {
    done.abort()
    await keeping
    await release(options, lease)
  }
}

async function processJob(
  options: SyncWorkerOptions,
  queue: SyncQueue,
  job: SyncJob,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const request = SyncRequested.parse(job.data)
  const lease = await acquire(options, request.connectionId)
  if (lease === null) return putBack(options, job, token, putBackMs)
  const done = new AbortController()
  const lost = new AbortController()
  const keeping = keepLease(options, lease, lost, AbortSignal.any([signal, done.signal]))
  try {
    const waitMs = await runSlice(options, request, lease, lost, signal)
    await release(options, lease)
    if (waitMs === null) await wakeNext(options, queue, request.connectionId)
    else await putBack(options, job, token, waitMs)
  } finally {
    done.abort()
    await keeping
    await release(options, lease)
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
  try {
    const trace = traceOf((await options.syncs.readTrace(request.connectionId, request.syncId)) ?? undefined)
    const either = AbortSignal.any([signal, lost.signal])
    const end = await withTrace(trace, () => runSyncSlice(options, request, lease, either))
    if (end.state === 'finished') return null
    return end.state === 'again' ? end.waitMs : options.notItsTurnMs
  } catch (error) {
    const stays = await staysOpen(options, request, lease, toDependencyError(lost.signal.reason ?? error), signal)
    if (!stays) return null
    return signal.aborted ? 0 : putBackMs
  }
}

/** The next sync of the connection need not wait until it asks again. */
async function wakeNext(
  { syncs, log }: SyncWorkerOptions,
  queue: SyncQueue,
  connectionId: ConnectionId,
): Promise<void> {
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

async function release({ log }: SyncWorkerOptions, lease: Lease): Promise<void> {
  await lease
    .release()
    .catch((err: unknown) => log.warn({ event: 'lease.not-released', err }, 'the lease will run out'))
}

/** Renews the lease until `signal` aborts; aborts `lost` when it is no longer ours. */
async function keepLease(
  { clock, leaseMs, log }: SyncWorkerOptions,
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
      log.warn({ event: 'lease.not-renewed', err }, 'the lease could not be renewed')
    }
  }
}

/** Whether a sync that was cut short goes on later. A defect of ours ends it, for it would meet us again. */
async function staysOpen(
  options: SyncWorkerOptions,
  request: SyncRequested,
  lease: Lease,
  err: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const log = options.log.child({ ...request })
  if (signal.aborted) log.info({ event: 'sync.handed-back' }, 'sync handed back, stopping')
  else if (err instanceof FencedError) log.warn({ event: 'sync.fenced', err }, 'another worker has the connection')
  else if (isRetryable(err)) log.warn({ event: 'sync.interrupted', err }, 'sync interrupted, put back')
  else {
    log.fatal({ event: 'sync.defect', err }, 'sync met a defect')
    await failSync(options, request, lease, err)
    return false
  }
  return true
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
async function reconcileForever(options: SyncWorkerOptions, queue: SyncQueue, signal: AbortSignal): Promise<void> {
  do {
    try {
      await reconcile(options, queue)
      await applySchedules(options, queue)
      await expireHolds(options)
      await reconcileRemovals(options, queue)
      await makeReleases(options, (connectionId) => acquire(options, connectionId))
    } catch (err) {
      options.log.warn({ event: 'reconcile.failed', err: toDependencyError(err) }, 'open syncs not looked through')
    }
  } while (await sleepUnlessAborted(options.clock, options.reconcileEveryMs, signal))
}

async function reconcile({ connections, keys, syncs }: SyncWorkerOptions, queue: SyncQueue): Promise<void> {
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
async function reconcileRemovals({ connections, keys }: SyncWorkerOptions, queue: SyncQueue): Promise<void> {
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
