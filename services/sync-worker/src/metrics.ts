import type { RequestReport } from '@clarity/bitbucket'
import { createRequestMetrics } from '@clarity/bitbucket/metrics'
import type { EventName } from '@clarity/shared/contract/events'
import type { ScopeAgeKind } from '@clarity/shared/contract/freshness'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { type Coverage, SyncKind } from '@clarity/shared/contract/syncs'
import type { CommitReport } from '@clarity/shared/store/facts'
import { Counter, Histogram, type Registry } from 'prom-client'
import { addBudgetMetrics, type SeenBudget } from './budget-metrics.ts'
import { addQueueMetrics, type QueueFigures } from './queue-metrics.ts'
import type { SliceOver } from './slice-bounds.ts'

/** What became of one turn of a sync at a worker. */
export const sliceOutcomes = [
  'finished',
  'bounds',
  'no-room',
  'refused',
  'stream-full',
  'not-its-turn',
  'handed-back',
  'fenced',
  'interrupted',
  'defect',
] as const
export type SliceOutcomeName = (typeof sliceOutcomes)[number]

/** What a sync-worker counts of its work, for Prometheus. No call fails or waits, and no label names whose work it was. */
export interface SyncWorkerMetrics {
  sliceEnded(slice: { readonly outcome: SliceOutcomeName; readonly seconds: number }): void
  /** A sync is put aside for that long. */
  syncWaits(reason: SliceOver['reason'], seconds: number): void
  syncEnded(sync: {
    readonly kind: SyncKind
    readonly result: 'completed' | 'failed' | 'cancelled'
    readonly coverage: Coverage
  }): void
  /** A scope was read whole; `ageSeconds` is how old its facts had become by then, null for the first time. */
  scopeRead(scopeId: ScopeId, ageSeconds: number | null): void
  /** One call of the commit script was answered. */
  committed(report: CommitReport): void
  /** Events were appended otherwise than by a commit. */
  told(names: readonly EventName[]): void
  /** So many removals more wait for somebody's decision. */
  removalsHeld(count: number): void
  /** Another worker has a connection that was ours. */
  leaseLost(): void
  requestMade(request: RequestReport): void
  budgetSeen(budget: SeenBudget): void
}

export interface SyncWorkerMetricsOptions {
  readonly registry: Registry
  readonly figures: QueueFigures
  readonly nowMs: () => number
}

/** Facts are read anew after minutes, hours, or a day and more. What G25 promises is among the bounds: 35 minutes and 4.5 hours. */
const ageBuckets = [300, 900, 2_100, 3_600, 2 * 3_600, 16_200, 8 * 3_600, 24 * 3_600, 72 * 3_600, 168 * 3_600]
const sliceBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300]

/** Adds the metrics of a sync-worker to a registry; once for each registry. */
export function createSyncWorkerMetrics(options: SyncWorkerMetricsOptions): SyncWorkerMetrics {
  const { registry } = options
  addQueueMetrics(registry, options.figures)
  const { budgetSeen } = addBudgetMetrics(registry, options.nowMs)
  return {
    ...createSliceMetrics([registry]),
    ...createSyncMetrics([registry]),
    ...createCommitMetrics([registry]),
    requestMade: createRequestMetrics(registry),
    budgetSeen,
  }
}

function createSliceMetrics(registers: Registry[]): Pick<SyncWorkerMetrics, 'sliceEnded' | 'syncWaits' | 'leaseLost'> {
  const slices = new Counter({
    name: 'clarity_worker_slices_total',
    help: 'Slices of syncs by how they ended; `bounds`: time or requests were used up and the sync goes on',
    labelNames: ['outcome'],
    registers,
  })
  // From zero, so that the very first one is seen as an increase.
  for (const outcome of sliceOutcomes) slices.inc({ outcome }, 0)
  const seconds = new Histogram({
    name: 'clarity_worker_slice_seconds',
    help: 'How long slices of syncs worked',
    buckets: sliceBuckets,
    registers,
  })
  const waits = new Counter({
    name: 'clarity_worker_wait_seconds_total',
    help: 'Time for which syncs were put aside: no room in the hour, refused by Bitbucket all the same, or the stream is full',
    labelNames: ['reason'],
    registers,
  })
  for (const reason of ['no-room', 'refused', 'stream-full']) waits.inc({ reason }, 0)
  const lost = new Counter({
    name: 'clarity_worker_leases_lost_total',
    help: 'Slices that were dropped because another worker had the connection',
    registers,
  })
  return {
    sliceEnded(slice) {
      slices.inc({ outcome: slice.outcome })
      seconds.observe(slice.seconds)
    },
    syncWaits(reason, forSeconds) {
      if (forSeconds > 0) waits.inc({ reason }, forSeconds)
    },
    leaseLost: () => lost.inc(),
  }
}

function createSyncMetrics(registers: Registry[]): Pick<SyncWorkerMetrics, 'syncEnded' | 'scopeRead'> {
  const syncs = new Counter({
    name: 'clarity_worker_syncs_total',
    help: 'Syncs that have come to their end, by kind and result',
    labelNames: ['kind', 'result'],
    registers,
  })
  // From zero, so that the very first one is seen as an increase.
  for (const kind of SyncKind.options) syncs.inc({ kind, result: 'failed' }, 0)
  const scopes = new Counter({
    name: 'clarity_worker_scopes_total',
    help: 'Scopes of syncs that ended, by coverage: read whole, or kept as they were because they could not be read or are not shown',
    labelNames: ['coverage'],
    registers,
  })
  for (const coverage of ['complete', 'stale', 'unobservable']) scopes.inc({ coverage }, 0)
  const ages = new Histogram({
    name: 'clarity_worker_scope_age_seconds',
    help: 'How old the facts of a scope were when they were read anew, by kind of scope',
    labelNames: ['scope'],
    buckets: ageBuckets,
    registers,
  })
  return {
    syncEnded({ kind, result, coverage }) {
      syncs.inc({ kind, result })
      for (const [name, count] of Object.entries(coverage)) scopes.inc({ coverage: name }, count)
    },
    scopeRead(scopeId, ageSeconds) {
      if (ageSeconds !== null) ages.observe({ scope: kindOf(scopeId) }, Math.max(0, ageSeconds))
    },
  }
}

function createCommitMetrics(registers: Registry[]): Pick<SyncWorkerMetrics, 'committed' | 'told' | 'removalsHeld'> {
  const commits = new Counter({
    name: 'clarity_worker_commits_total',
    help: 'Calls of the commit script by its answer; `conflict`: planned anew, `guarded`: the removals in it are held',
    labelNames: ['result'],
    registers,
  })
  for (const result of ['committed', 'conflict', 'guarded']) commits.inc({ result }, 0)
  const events = new Counter({
    name: 'clarity_worker_events_total',
    help: 'Events that this worker has put into the outbox, by name; those of calls to the API are not among them',
    labelNames: ['event'],
    registers,
  })
  for (const event of ['connection.degraded', 'connection.recovered'] satisfies EventName[]) events.inc({ event }, 0)
  const held = new Counter({
    name: 'clarity_worker_removals_held_total',
    help: 'Removals that were held because a day may take away only so much',
    registers,
  })
  return {
    committed({ state, events: names }) {
      commits.inc({ result: state })
      for (const [event, count] of Object.entries(names)) events.inc({ event }, count)
    },
    told(names) {
      for (const event of names) events.inc({ event })
    },
    removalsHeld: (count) => held.inc(count),
  }
}

function kindOf(scopeId: ScopeId): ScopeAgeKind {
  switch (scopeId) {
    case 'workspace/members':
      return 'members'
    case 'workspace/groups':
      return 'groups'
    case 'workspace/projects':
      return 'projects'
    case 'workspace/repositories':
      return 'repositories'
    default:
      return scopeId.startsWith('project/') ? 'project' : 'repository'
  }
}
