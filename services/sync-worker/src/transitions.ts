import type { Connection } from '@clarity/shared/contract/connections'
import { type Cause, type EventData, type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
import type { SignedEvidence, SyncEvidence } from '@clarity/shared/contract/evidence'
import type { Coverage, Sync, SyncCounts, SyncFailure, SyncKind, SyncState } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { FencedError, type KnownError, UpstreamError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Degraded, StoredConnection } from '@clarity/shared/store/connections'
import { countField, type SyncStore, type Transition } from '@clarity/shared/store/syncs'
import {
  connectionDegraded,
  connectionRecovered,
  type EventContext,
  syncCancelled,
  syncCompleted,
  syncFailed,
  syncStarted,
} from './core/events.ts'
import type { SyncWorkerMetrics } from './metrics.ts'

export const causes: Readonly<Record<SyncKind, Cause>> = {
  full: 'full-sync',
  preview: 'full-sync',
  incremental: 'incremental-sync',
  targeted: 'targeted-sync',
}

/** The context of an event that is not about one scope. */
export function contextOf(connection: Connection, cause: Cause, clock: Clock): EventContext {
  return {
    connection: toConnectionRef(connection),
    cause,
    observedAt: toInstant(clock.now()),
    previouslyObservedAt: null,
    scope: null,
    evidence: null,
    removal: 'removed',
    membersOf: () => null,
  }
}

/** Says, signed, what a sync that ends so has read and told. */
export type GatherEvidence = (end: Pick<SyncEvidence['sync'], 'state' | 'finishedAt'>) => Promise<SignedEvidence>

export interface TransitionOptions {
  readonly syncs: SyncStore
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<SyncWorkerMetrics, 'syncEnded' | 'told'>
}

/** The state changes of one sync, each with its events and its log line. A preview tells the stream nothing. */
export class Transitions {
  readonly #options: TransitionOptions
  readonly #stored: StoredConnection
  readonly #sync: Sync
  readonly #token: string
  readonly #log: Logger
  #state: SyncState

  constructor(options: TransitionOptions, stored: StoredConnection, sync: Sync, token: string) {
    const { id: connectionId, tenantId } = stored.connection
    this.#options = options
    this.#stored = stored
    this.#sync = sync
    this.#token = token
    this.#state = sync.state
    this.#log = options.log.child({ tenantId, connectionId, syncId: sync.id })
  }

  async start(plan: EventData<'sync.started'>['plan']): Promise<void> {
    const context = this.#context()
    const fields = { startedAt: context.observedAt, ...(plan && { estimate: toEstimateField(plan) }) }
    await this.#advance('running', fields, [syncStarted(context, this.#sync, plan)])
    this.#log.info({ event: 'sync.started', kind: this.#sync.kind, plan }, 'sync started')
  }

  /**
   * What was wrong with the connection is over, for a sync has come to its end. Many scopes mention the same service user,
   * so no scope counts them: `serviceUsers` is how many there are now, where the sync has read everything.
   */
  async complete(
    evidence: EventData<'sync.completed'>['evidence'],
    { requests, serviceUsers }: { readonly requests: number; readonly serviceUsers: number | null },
    gather: GatherEvidence,
  ): Promise<void> {
    const context = this.#context()
    const { stats: counted, coverage } = await this.#result()
    const users = serviceUsers === null ? null : countUsers(counted.serviceUsers, serviceUsers)
    const stats = users === null ? counted : { ...counted, serviceUsers: users }
    const { degraded } = this.#stored
    const events = [
      ...(degraded === null ? [] : [connectionRecovered(context, degraded)]),
      syncCompleted(context, this.#sync, { stats, coverage, evidence, requests }),
    ]
    const fields = {
      finishedAt: context.observedAt,
      estimate: 'null',
      waitingUntil: '',
      ...(users && {
        [countField.scanned('serviceUsers')]: String(users.scanned),
        [countField.unchanged('serviceUsers')]: String(users.unchanged),
      }),
    }
    const signed = await gather({ state: 'completed', finishedAt: context.observedAt })
    const health = degraded === null ? {} : { degraded: null }
    const isOfAll = this.#sync.kind === 'full' || this.#sync.kind === 'incremental'
    const completed = isOfAll ? { completedAt: context.observedAt } : {}
    await this.#advance('completed', fields, events, { evidence: signed, ...health, ...completed })
    this.#count('completed', coverage)
    this.#log.info({ event: 'sync.completed', coverage, requests, stats }, 'sync completed')
  }

  /** Without `gather`, the sync leaves no evidence: what went wrong might be in the gathering. */
  async fail(err: KnownError, gather: GatherEvidence | null): Promise<void> {
    const context = this.#context()
    const { coverage } = await this.#result()
    const error: SyncFailure = { code: err.code, title: err.message, retryable: err.retryable, remedy: err.remedy }
    const degraded = this.#stored.degraded === null ? degradationOf(err, context.observedAt) : null
    const events = [
      ...(degraded === null ? [] : [connectionDegraded(context, degraded)]),
      syncFailed(context, this.#sync, { error, coverage }),
    ]
    const fields = {
      finishedAt: context.observedAt,
      error: JSON.stringify(error),
      estimate: 'null',
      waitingUntil: '',
    }
    const signed = await gather?.({ state: 'failed', finishedAt: context.observedAt })
    await this.#advance('failed', fields, events, {
      ...(signed && { evidence: signed }),
      ...(degraded && { degraded }),
    })
    this.#count('failed', coverage)
    // What heals with time needs nobody.
    this.#log[err.retryable ? 'warn' : 'error']({ event: 'sync.failed', err, coverage }, 'sync failed')
  }

  /** Without `gather`, it leaves no evidence: it was never begun. */
  async cancel(gather: GatherEvidence | null): Promise<void> {
    const context = this.#context()
    const { coverage } = await this.#result()
    const fields = { finishedAt: context.observedAt, estimate: 'null', waitingUntil: '' }
    const signed = await gather?.({ state: 'cancelled', finishedAt: context.observedAt })
    const events = [syncCancelled(context, this.#sync, coverage)]
    await this.#advance('cancelled', fields, events, signed && { evidence: signed })
    this.#count('cancelled', coverage)
    this.#log.info({ event: 'sync.cancelled', coverage }, 'sync cancelled')
  }

  #count(result: 'completed' | 'failed' | 'cancelled', coverage: Coverage): void {
    this.#options.metrics.syncEnded({ kind: this.#sync.kind, result, coverage })
  }

  async #result() {
    const { id, connectionId } = this.#sync
    const sync = await this.#options.syncs.read(connectionId, id)
    return { stats: sync?.stats ?? {}, coverage: sync?.coverage ?? { complete: 0, stale: 0, unobservable: 0 } }
  }

  async #advance(
    to: SyncState,
    fields: Record<string, string>,
    events: readonly PendingEvent[],
    rest: Pick<Transition, 'degraded' | 'evidence' | 'completedAt'> = {},
  ): Promise<void> {
    const { id: syncId, connectionId, kind } = this.#sync
    const from = this.#state
    const told = kind === 'preview' ? events.filter(({ name }) => name.startsWith('connection.')) : events
    const done = await this.#options.syncs.advance({
      tenantId: this.#stored.connection.tenantId,
      connectionId,
      syncId,
      token: this.#token,
      from,
      to,
      fields,
      events: told,
      ...rest,
    })
    if (!done) throw new FencedError('the sync', { connectionId, syncId, from, to })
    this.#state = to
    this.#options.metrics.told(told.map(({ name }) => name))
  }

  #context(): EventContext {
    return contextOf(this.#stored.connection, causes[this.#sync.kind], this.#options.clock)
  }
}

function countUsers(counted: SyncCounts | undefined, scanned: number): SyncCounts {
  const { changed, added, removed } = counted ?? { changed: 0, added: 0, removed: 0 }
  return { scanned, unchanged: Math.max(0, scanned - added - changed), changed, added, removed }
}

/** A credential that is refused, or that no longer sees the workspace, tells nothing until somebody mends it. */
function degradationOf(err: KnownError, since: string): Degraded | null {
  if (!(err instanceof UpstreamError) || (err.kind !== 'credential' && err.kind !== 'permission')) return null
  return { reason: err.code, since, remedy: err.remedy }
}

function toEstimateField({ requests, expectedEnd }: { requests: number; expectedEnd: string }): string {
  return JSON.stringify({ requests, endsAt: expectedEnd })
}
