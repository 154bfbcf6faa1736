import type { BitbucketClient } from '@clarity/bitbucket'
import type { Connection } from '@clarity/shared/contract/connections'
import { type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
import type { Sync, SyncFailure, SyncRequested, SyncState } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { FencedError, InvariantError, KnownError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { ConnectionStore, StoredConnection } from '@clarity/shared/store/connections'
import type { FactStore } from '@clarity/shared/store/facts'
import type { Lease } from '@clarity/shared/store/lease'
import type { SyncStore } from '@clarity/shared/store/syncs'
import { type EventContext, syncCompleted, syncFailed, syncStarted } from './core/events.ts'
import { ProgressReport } from './progress.ts'
import { type SyncOutcome, SyncRun } from './run-sync.ts'
import { Statistics } from './statistics.ts'

/**
 * One job of the queue: a sync from `requested` to `completed` or `failed`, under the connection's lease.
 *
 *   requested -> running -> completed | failed
 *
 * A worker that takes up a job whose worker died finds the sync `running` and goes on after what was committed; what it
 * reads again is unchanged then and is not told twice. Each transition and its event happen once.
 */
export interface SyncJobOptions {
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly facts: FactStore
  readonly clock: Clock
  readonly log: Logger
  /** A client for the connection's credential, which counts its requests by calling `onRequest`. */
  readonly createClient: (stored: StoredConnection, onRequest: () => void) => BitbucketClient
  readonly scopeConcurrency: number
}

/** Runs the sync of one job under `lease`. Rejects with what is not the sync's own doing; then it stays open. */
export async function runSyncJob(
  options: SyncJobOptions,
  job: SyncRequested,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const { connections, syncs } = options
  const stored = await connections.read(job.connectionId)
  const sync = await syncs.read(job.connectionId, job.syncId)
  if (stored === null || sync === null) throw new InvariantError('A job names a sync that is not stored', { ...job })
  if (sync.state === 'completed' || sync.state === 'failed') return
  const transitions = new Transitions(options, stored.connection, sync, lease)
  if (sync.state === 'requested') await transitions.start()

  const statistics = new Statistics()
  const { connectionId, syncId } = job
  const requestsBefore = sync.progress.requests
  const { clock } = options
  const progress = new ProgressReport({ syncs, clock, connectionId, syncId, statistics, requestsBefore })
  const outcome = await runOnce(options, stored, job, lease, { statistics, progress }, signal)
  await progress.save()
  if (outcome.error === null) await transitions.complete(outcome, progress.requests)
  else await transitions.fail(outcome, outcome.error)
}

/** Ends a sync that met a defect of ours; the operator finds the cause in the log. */
export async function failSyncJob(
  options: SyncJobOptions,
  job: SyncRequested,
  lease: Lease,
  error: unknown,
): Promise<void> {
  const stored = await options.connections.read(job.connectionId)
  const sync = await options.syncs.read(job.connectionId, job.syncId)
  if (stored === null || sync === null) return
  const transitions = new Transitions(options, stored.connection, sync, lease)
  const known =
    error instanceof KnownError ? error : new InvariantError('The sync met an unexpected error', { syncId: job.syncId })
  await transitions.fail({ coverage: { complete: 0, stale: 0, unobservable: 0 } }, known)
}

async function runOnce(
  options: SyncJobOptions,
  stored: StoredConnection,
  { syncId }: SyncRequested,
  lease: Lease,
  { statistics, progress }: { statistics: Statistics; progress: ProgressReport },
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const { facts, clock, scopeConcurrency: concurrency } = options
  const { connection } = stored
  await using client = options.createClient(stored, () => {
    progress.requests += 1
  })
  const scopes = await facts.readScopes(connection.id)
  const run = new SyncRun(
    { connection, syncId, token: lease.token, client, facts, clock, progress, statistics, concurrency },
    scopes,
  )
  return await run.run(signal)
}

/** The state changes of one sync, each with its event and its log line. */
class Transitions {
  readonly #options: SyncJobOptions
  readonly #connection: Connection
  readonly #sync: Sync
  readonly #lease: Lease
  readonly #log: Logger
  #state: SyncState

  constructor(options: SyncJobOptions, connection: Connection, sync: Sync, lease: Lease) {
    this.#options = options
    this.#connection = connection
    this.#sync = sync
    this.#lease = lease
    this.#state = sync.state
    this.#log = options.log.child({ tenantId: connection.tenantId, connectionId: connection.id, syncId: sync.id })
  }

  async start(): Promise<void> {
    const context = this.#context()
    await this.#advance('running', { startedAt: context.observedAt }, syncStarted(context, this.#sync.id))
    this.#log.info({ event: 'sync.started' }, 'sync started')
  }

  async complete({ coverage, evidence }: SyncOutcome, requests: number): Promise<void> {
    const { id: syncId, connectionId } = this.#sync
    const context = this.#context()
    const stats = (await this.#options.syncs.read(connectionId, syncId))?.stats ?? {}
    const event = syncCompleted(context, syncId, { stats, coverage, evidence, requests })
    await this.#advance('completed', { finishedAt: context.observedAt, coverage: JSON.stringify(coverage) }, event)
    this.#log.info({ event: 'sync.completed', coverage, requests, stats }, 'sync completed')
  }

  async fail({ coverage }: Pick<SyncOutcome, 'coverage'>, err: KnownError): Promise<void> {
    const context = this.#context()
    const error: SyncFailure = { code: err.code, title: err.message, retryable: err.retryable, remedy: err.remedy }
    const fields = { finishedAt: context.observedAt, coverage: JSON.stringify(coverage), error: JSON.stringify(error) }
    await this.#advance('failed', fields, syncFailed(context, this.#sync.id, { error, coverage }))
    this.#log.error({ event: 'sync.failed', err, coverage }, 'sync failed')
  }

  async #advance(to: SyncState, fields: Record<string, string>, event: PendingEvent): Promise<void> {
    const { id: syncId, connectionId } = this.#sync
    const { tenantId } = this.#connection
    const { token } = this.#lease
    const from = this.#state
    const done = await this.#options.syncs.advance({
      tenantId,
      connectionId,
      syncId,
      token,
      from,
      to,
      fields,
      events: [event],
    })
    if (!done) throw new FencedError('the sync', { connectionId, syncId, from, to })
    this.#state = to
  }

  #context(): EventContext {
    return {
      connection: toConnectionRef(this.#connection),
      cause: 'full-sync',
      observedAt: toInstant(this.#options.clock.now()),
      previouslyObservedAt: null,
      scope: null,
      evidence: null,
      removal: 'removed',
      membersOf: () => null,
    }
  }
}
