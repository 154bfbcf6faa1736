import { requestsOfFullSync } from '@clarity/bitbucket'
import { settingsOf } from '@clarity/shared/contract/settings'
import { isFinished, type Sync, type SyncRequested } from '@clarity/shared/contract/syncs'
import type { EvidenceSigner } from '@clarity/shared/evidence/sign'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InvariantError, KnownError, UpstreamError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Budget, BudgetPriority } from '@clarity/shared/store/budget'
import { cadencesOf } from '@clarity/shared/store/cadences'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import type { ChangeStore } from '@clarity/shared/store/changes'
import type { ConnectionStore, StoredConnection, WorkspaceSize } from '@clarity/shared/store/connections'
import { readRoomOf } from '@clarity/shared/store/credentials'
import { requestsOfIncremental, toEstimate } from '@clarity/shared/store/estimate'
import type { FactStore } from '@clarity/shared/store/facts'
import type { HoldStore } from '@clarity/shared/store/holds'
import { includesAll } from '@clarity/shared/store/inclusion'
import { nextInTurn } from '@clarity/shared/store/join'
import type { Lease } from '@clarity/shared/store/lease'
import type { ListedKind, ListingStore } from '@clarity/shared/store/listings'
import type { Outbox } from '@clarity/shared/store/outbox'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Clients } from './clients.ts'
import { gatherEvidence } from './evidence.ts'
import { announceHold } from './hold-news.ts'
import { PlannedScopes } from './incremental.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import { ProgressReport } from './progress.ts'
import { releaseApproved } from './release.ts'
import { type SliceOutcome, SliceRun } from './run-slice.ts'
import { SliceBounds, type SliceOver } from './slice-bounds.ts'
import { SyncCursor, syncBegin } from './sync-cursor.ts'
import { countIncluded, NamedScopes, type TodoSource, WholeWorkspace } from './todo.ts'
import { type GatherEvidence, Transitions } from './transitions.ts'
import { verify } from './verify.ts'

/**
 * One job of the queue: one slice of a sync, under the connection's lease.
 *
 *   requested -> running -> completed | failed | cancelled
 *       \-> cancelled: the connection was paused meanwhile
 *
 * At the end of a slice the sync goes back to the end of the queue, or waits for room in the hour; so tenants share the
 * workers, and waiting holds none. A worker that dies loses one slice: the next one goes on after what was committed, and
 * what it reads again is unchanged then and is not told twice. Each transition and its event happen once.
 */
export interface SyncSliceOptions {
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly emails: CandidateEmailStore
  readonly changes: ChangeStore
  readonly listings: ListingStore
  readonly signer: EvidenceSigner
  readonly outbox: Pick<Outbox, 'sizeFor'>
  /** Events of a shard that may wait for Kafka before the syncs of its connections pause. */
  readonly outboxEntriesMax: number
  readonly clients: Clients
  readonly budgetOf: (credential: { readonly kind: string; readonly key: string }) => Budget
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: SyncWorkerMetrics
  readonly scopeConcurrency: number
  /** How long one slice works, and how many requests it makes, before others have their turn. */
  readonly sliceMs: number
  readonly sliceRequests: number
}

export type SliceEnd =
  | { readonly state: 'finished' }
  /** Back to the end of the queue, after a wait. */
  | { readonly state: 'again'; readonly reason: SliceOver['reason']; readonly waitMs: number }
  /** Another sync of the connection goes first. */
  | { readonly state: 'not-its-turn' }

/** Slices in a row that Bitbucket refuses before the sync is given up: by then any rolling hour is over. */
const refusalsMax = 12
/** Room there should be before a sync goes on that had none; more after each slice that read nothing whole. */
const wantsAtFirst = 10
const wantsMax = 500
/** How soon a sync looks again whether Kafka has taken what waits. */
const streamFullMs = 5_000

/** Runs one slice under `lease`. Rejects with what is not the sync's own doing; then it stays open. */
export async function runSyncSlice(
  options: SyncSliceOptions,
  job: SyncRequested,
  lease: Lease,
  signal: AbortSignal,
): Promise<SliceEnd> {
  const { connections, syncs, clock, log, metrics } = options
  const stored = await connections.read(job.connectionId)
  const sync = await syncs.read(job.connectionId, job.syncId)
  // The connection was removed, or is being so: with it goes whatever was asked for.
  if (stored === null || stored.isRemoving) return { state: 'finished' }
  if (sync === null) throw new InvariantError('A job names a sync that is not stored', { ...job })
  if (isFinished(sync.state)) return { state: 'finished' }
  const transitions = new Transitions({ syncs, clock, log, metrics }, stored, sync, lease.token)
  const slice = new Slice(options, stored, sync, lease, transitions)
  // Whosever turn it is: all of them end. What was approved is made once it is resumed.
  if (stored.paused !== null) return slice.cancel()
  const turn = nextInTurn(await syncs.readOpenOf(job.connectionId))
  if (turn !== null && turn.id !== sync.id) return { state: 'not-its-turn' }
  await releaseApproved({ ...options, connection: stored.connection, token: lease.token })
  return slice.run(signal)
}

/** Ends a sync that met a defect of ours; the operator finds the cause in the log. */
export async function failSync(
  {
    connections,
    syncs,
    clock,
    log,
    metrics,
  }: Pick<SyncSliceOptions, 'connections' | 'syncs' | 'clock' | 'log' | 'metrics'>,
  job: SyncRequested,
  lease: Lease,
  error: unknown,
): Promise<void> {
  const stored = await connections.read(job.connectionId)
  const sync = await syncs.read(job.connectionId, job.syncId)
  if (stored === null || sync === null || isFinished(sync.state)) return
  const known =
    error instanceof KnownError ? error : new InvariantError('The sync met an unexpected error', { syncId: job.syncId })
  await new Transitions({ syncs, clock, log, metrics }, stored, sync, lease.token).fail(known, null)
}

/** The stream tells of no credentials: a connection that was rebuilt from it has none. */
function credentialMissing(): UpstreamError {
  return new UpstreamError('credential', 'credential-missing', 'The connection has no credential', {
    remedy:
      'Give it its credentials again: PUT /v1/connections/{id}/credentials. What was told stays valid until then.',
  })
}

class Slice {
  readonly #options: SyncSliceOptions
  readonly #stored: StoredConnection
  readonly #sync: Sync
  readonly #lease: Lease
  readonly #transitions: Transitions

  constructor(options: SyncSliceOptions, stored: StoredConnection, sync: Sync, lease: Lease, transitions: Transitions) {
    this.#options = options
    this.#stored = stored
    this.#sync = sync
    this.#lease = lease
    this.#transitions = transitions
  }

  async run(signal: AbortSignal): Promise<SliceEnd> {
    const { clock, sliceMs, sliceRequests } = this.#options
    if (this.#sync.state === 'requested') await this.#start()
    const { progress, isCancelled } = await this.#readProgress()
    if (isCancelled) return this.#end(progress, { state: 'cancelled' })
    const bounds = new SliceBounds(clock, { sliceMs, requestsMax: sliceRequests })
    const outcome = await this.#read(progress, bounds, signal)
    return this.#end(progress, outcome)
  }

  /** Ends it before anything more is read; what it has committed stays. */
  async cancel(): Promise<SliceEnd> {
    if (this.#sync.state !== 'requested') {
      const { progress } = await this.#readProgress()
      return this.#end(progress, { state: 'cancelled' })
    }
    await this.#transitions.cancel(null)
    return { state: 'finished' }
  }

  async #readProgress(): Promise<{ readonly progress: ProgressReport; readonly isCancelled: boolean }> {
    const { syncs, clock } = this.#options
    const { cursor, isCancelled } = await syncs.readCursor(this.#sync.connectionId, this.#sync.id)
    const progress = new ProgressReport({
      syncs,
      clock,
      sync: this.#sync,
      token: this.#lease.token,
      cursor: cursor === null ? syncBegin : SyncCursor.parse(cursor),
      expect: (at) => this.#requestsOf(sizeSoFar(at)),
    })
    return { progress, isCancelled }
  }

  async #start(): Promise<void> {
    const { clock } = this.#options
    const requests = this.#requestsOf(this.#stored.size)
    const plan = requests === null ? null : toEstimate(requests, 0, await this.#room(), clock.now())
    await this.#transitions.start(plan && { requests: plan.requests, expectedEnd: plan.endsAt })
  }

  async #read(progress: ProgressReport, bounds: SliceBounds, signal: AbortSignal): Promise<SliceOutcome> {
    const { clients, outbox, outboxEntriesMax, scopeConcurrency: concurrency } = this.#options
    if ((await outbox.sizeFor(this.#sync.connectionId)) > outboxEntriesMax) {
      return { state: 'over', reason: 'stream-full', waitMs: streamFullMs }
    }
    const onRequest = () => {
      progress.requests += 1
      bounds.requests += 1
    }
    const priority = () => this.#priorityOf(progress.cursor)
    if (this.#stored.sealedCredential === '') return { state: 'failed', error: credentialMissing() }
    await using slice = await clients.use(this.#stored, { priority, onRequest })
    const waitMs = await slice.reserve(progress.cursor.wants)
    if (waitMs > 0) return { state: 'over', reason: 'no-room', waitMs }
    const run = new SliceRun({
      ...this.#options,
      connection: this.#stored.connection,
      sync: this.#sync,
      token: this.#lease.token,
      client: slice.client,
      todo: await this.#todo(progress),
      progress,
      bounds,
      concurrency,
    })
    return await run.run(signal)
  }

  async #todo(progress: ProgressReport): Promise<TodoSource> {
    const { facts, listings, changes, clock } = this.#options
    const options = { connection: this.#stored.connection, sync: this.#sync, facts, listings }
    switch (this.#sync.kind) {
      case 'targeted':
        return new NamedScopes(options)
      case 'incremental': {
        const requestsMade = () => progress.requests
        const room = await this.#room()
        return new PlannedScopes({ ...options, stored: this.#stored, changes, clock, room, requestsMade })
      }
      default:
        return new WholeWorkspace(options)
    }
  }

  async #end(progress: ProgressReport, outcome: SliceOutcome): Promise<SliceEnd> {
    const { connections, listings, facts, changes } = this.#options
    const { connectionId, id: syncId } = this.#sync
    const { evidence } = progress.cursor
    if (outcome.state === 'over') return this.#goOnLater(progress, outcome)
    await progress.save()
    await this.#verify()
    if (this.#sync.kind !== 'preview') await this.#announceHold(true)
    const gather: GatherEvidence = (end) =>
      gatherEvidence({ ...this.#options, connection: this.#stored.connection, syncId, listings: evidence, end })
    if (outcome.state === 'failed') await this.#transitions.fail(outcome.error, gather)
    else if (outcome.state === 'cancelled') await this.#transitions.cancel(gather)
    else {
      const size = await this.#sizeAtEnd(progress.cursor)
      const pass = await changes.readPass(connectionId)
      const { perHour } = await this.#room()
      await connections.saveSize(connectionId, size, cadencesOf(size, perHour, pass?.rows ?? null))
      const { requests } = progress
      const isWhole = this.#sync.kind === 'full'
      const serviceUsers = isWhole ? (await facts.readTotals(connectionId)).serviceUsers : null
      await this.#transitions.complete(evidence, { requests, serviceUsers }, gather)
    }
    await listings.forgetSync(connectionId, syncId)
    return { state: 'finished' }
  }

  async #sizeAtEnd(cursor: SyncCursor): Promise<WorkspaceSize> {
    const { connection, size: before } = this.#stored
    const { members, projects, repositories } = cursor.evidence
    const size = {
      members: members?.read ?? before.members,
      projects: projects?.read ?? before.projects,
      repositories: repositories?.read ?? before.repositories,
    }
    if (includesAll(settingsOf(connection).include)) return size
    const count = (kind: ListedKind) => countIncluded({ ...this.#options, connection, sync: this.#sync }, kind, cursor)
    return { ...size, included: { projects: await count('project'), repositories: await count('repository') } }
  }

  async #verify(): Promise<void> {
    const { syncs, facts, holds } = this.#options
    const { connectionId, id: syncId } = this.#sync
    const ids = await syncs.readVerify(connectionId, syncId)
    if (ids === null) return
    await syncs.saveVerified(connectionId, syncId, await verify({ facts, holds, connectionId, syncId }, ids))
  }

  async #goOnLater(
    progress: ProgressReport,
    { reason, waitMs }: Extract<SliceOutcome, { state: 'over' }>,
  ): Promise<SliceEnd> {
    const { clock, log, metrics } = this.#options
    const { cursor } = progress
    const hasRead = progress.advanced > 0
    const refusals = reason === 'refused' ? cursor.refusals + 1 : hasRead ? 0 : cursor.refusals
    if (refusals > refusalsMax) return this.#end(progress, { state: 'failed', error: refusedTooLong(refusals) })
    const more = hasRead ? wantsAtFirst : Math.min(wantsMax, Math.max(wantsAtFirst, 2 * cursor.wants))
    progress.cursor = { ...cursor, refusals, wants: reason === 'no-room' ? more : 1 }
    const expected = this.#requestsOf(sizeSoFar(cursor)) ?? progress.requestsExpected
    if (expected !== null) {
      progress.estimate = toEstimate(expected, progress.requests, await this.#room(), clock.now() + waitMs)
    }
    await progress.save({ ms: waitMs, for: reason === 'stream-full' ? 'stream' : 'request-budget' })
    if (this.#sync.kind !== 'preview') await this.#announceHold(false)
    metrics.syncWaits(reason, waitMs / 1_000)
    const { tenantId } = this.#stored.connection
    const ids = { tenantId, connectionId: this.#sync.connectionId, syncId: this.#sync.id }
    log.info({ event: 'slice.over', ...ids, reason, waitMs, requests: progress.requests }, 'the slice is over')
    return { state: 'again', reason, waitMs }
  }

  #announceHold(isEnd: boolean): Promise<void> {
    return announceHold({ ...this.#options, connection: this.#stored.connection, kind: this.#sync.kind, isEnd })
  }

  /** What the whole sync takes, as far as it can be told from the size of the workspace. */
  #requestsOf(size: WorkspaceSize): number | null {
    const { kind, scopes } = this.#sync
    if (kind === 'targeted') return 1 + 2 * (scopes ?? []).length
    if (kind !== 'incremental') return requestsOfFullSync(size)
    const { cadences, schedule } = this.#stored
    return cadences === null ? null : requestsOfIncremental(cadences, schedule)
  }

  #room() {
    return readRoomOf(this.#stored.connection, this.#options.budgetOf)
  }

  #priorityOf({ phase }: SyncCursor): BudgetPriority {
    if (this.#sync.kind === 'targeted') return 'interactive'
    return phase === 'repository-permissions' ? 'rolling-tier' : 'cheap-tier'
  }
}

function sizeSoFar({ evidence, included }: SyncCursor): WorkspaceSize {
  const { members, projects, repositories } = evidence
  return {
    members: members?.read ?? null,
    projects: projects?.read ?? null,
    repositories: repositories?.read ?? null,
    ...(included.project !== undefined &&
      included.repository !== undefined && {
        included: { projects: included.project, repositories: included.repository },
      }),
  }
}

function refusedTooLong(refusals: number): UpstreamError {
  return new UpstreamError('rate-limited', 'rate-limited', `Bitbucket has refused ${refusals} slices in a row`, {
    remedy: 'See who else uses the credential: its hour is used up by others. A consumer of its own has its own hour.',
  })
}
