import type { Connection } from '@clarity/shared/contract/connections'
import type { Resource } from '@clarity/shared/contract/entities'
import { type Cause, toConnectionRef } from '@clarity/shared/contract/events'
import { defaultRemovalLimit } from '@clarity/shared/contract/holds'
import type { GroupMembershipId, ScopeId, SyncId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InvariantError, type UpstreamError } from '@clarity/shared/runtime/errors'
import { inOrderOfBuckets } from '@clarity/shared/store/buckets'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { Commit, FactStore, Guard, HoldChange, HoldList, Step, StoredFacts } from '@clarity/shared/store/facts'
import { HeldScope, HoldRecord, type HoldStore } from '@clarity/shared/store/holds'
import { notIncluded } from '@clarity/shared/store/inclusion'
import { type NotRead, noRecord, type ScopeRecord } from '@clarity/shared/store/scope-record'
import { confirmReading, type Evidence, type ScopeSource } from './confirm-reading.ts'
import { countFacts, countScope, countSteps } from './core/counts.ts'
import { diffScope, mentionedEntities } from './core/diff.ts'
import { type EventContext, scopeObservable, scopeUnobservable } from './core/events.ts'
import { decodeFacts, digestOf, type Facts, noFacts, type Reading } from './core/facts.ts'
import { isRejected, keepLoss, type Loss, lossOf, toHeldScope } from './core/hold.ts'
import type { LeftOut } from './core/identity.ts'
import { nextNotRead } from './core/not-read.ts'
import { withdrawals } from './core/withdrawals.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import type { ListSize } from './scopes/reading.ts'

/**
 * Brings one scope from a reading to a commit:
 *
 *   read -> confirm what is missing -> (rejected before? keep it) -> difference -> guard -> commit
 *                                                                        \-> too much goes: hold it, commit the rest
 *
 * A read that is not complete changes no fact. If we die before the commit, nothing was told; after it, all.
 * A conflict with another scope of the same sync (both mention a new service user) plans again from fresh reads.
 */
export type ScopeResult =
  | { readonly state: 'complete'; readonly reading: Reading; readonly list: ListSize | null }
  | { readonly state: 'stale' | 'unobservable'; readonly error: UpstreamError }

export interface ScopeCommitterOptions {
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly clock: Clock
  readonly connection: Connection
  readonly syncId: SyncId
  readonly cause: Cause
  readonly token: string
  /** Commits nothing and counts what would change. */
  readonly isPreview: boolean
  readonly membersOf: (group: GroupMembershipId) => number | null
  /** Counts for the sync what no commit counts. */
  readonly count: (counts: Readonly<Record<string, number>>) => Promise<void>
  readonly metrics: Pick<SyncWorkerMetrics, 'scopeRead'>
}

/** Each try reads the stored facts anew; conflicts come only from scopes that commit at the same moment. */
const commitAttemptsMax = 20
const noBuckets: StoredFacts['buckets'] = new Map()
const holdLists: readonly HoldList[] = ['held', 'approved', 'rejected']
const holdMs = 7 * 24 * 60 * 60 * 1_000

/** A reading that may be believed, and all that its commit says besides. */
interface Plan {
  readonly scopeId: ScopeId
  readonly reading: Reading
  readonly context: EventContext
  readonly record: Commit['record']
  /** Removals in it, which the guard may refuse. */
  readonly removals: number
  readonly hold?: HoldChange
  /** The facts that it was made from; the first try takes them as they are, for the commit looks at their version. */
  readonly stored: StoredFacts
  readonly before: Facts
}

export class ScopeCommitter {
  readonly #options: ScopeCommitterOptions

  constructor(options: ScopeCommitterOptions) {
    this.#options = options
  }

  /** Reads a scope and commits what changed. */
  async sync(scopeId: ScopeId, source: ScopeSource): Promise<ScopeResult> {
    const first = await source.read()
    if (first.state === 'incomplete') return this.#noteUnreadable(scopeId, first.error)
    const readAt = this.#now()
    const [record] = await this.#options.facts.readRecords(this.#options.connection.id, [scopeId])
    const firstDigest = digestOf(first.reading)
    if (record !== undefined && isUnchanged(record, firstDigest)) {
      await this.#commitUnchanged(scopeId, record, first.reading, readAt)
      this.#noteRead(scopeId, record, readAt)
      return first
    }
    const stored = await this.#options.facts.readFacts(this.#options.connection.id, scopeId)
    const before = decodeFacts(scopeId, stored.fields)
    const now = () => this.#now()
    const confirmed = await confirmReading(scopeId, { before, first: first.reading, source, now })
    if ('error' in confirmed) return this.#noteUnreadable(scopeId, confirmed.error)
    const { reading, evidence } = confirmed
    const context = { ...this.#context(scopeId, readAt, stored.record.readAt), evidence }
    const digest = reading === first.reading ? firstDigest : digestOf(reading)
    const plan = { scopeId, reading, context, record: { digest, readAt, notRead: null }, stored, before }
    await this.#commitGuarded(plan, lossOf(before, reading.facts), kindOf(scopeId))
    this.#noteRead(scopeId, stored.record, readAt)
    return { state: 'complete', reading, list: first.list }
  }

  /** Takes all facts of a scope whose resource is gone, as the caller has confirmed. */
  async remove(scopeId: ScopeId, evidence: Evidence): Promise<void> {
    const stored = await this.#options.facts.readFacts(this.#options.connection.id, scopeId)
    const before = decodeFacts(scopeId, stored.fields)
    const context = this.#context(scopeId, evidence.confirmedAt, stored.record.readAt)
    const reading: Reading = { facts: noFacts, resource: null, users: new Map(), groups: new Map() }
    const plan = {
      scopeId,
      reading,
      context: { ...context, evidence, removal: 'resource-removed' as const },
      record: 'remove' as const,
      stored,
      before,
    }
    await this.#commitGuarded(plan, lossOf(before, noFacts), 'resource-gone')
  }

  /** Tells what a project or repository is now, by its list. */
  async describe(scopeId: ScopeId, resource: Resource): Promise<void> {
    const { facts, connection } = this.#options
    const stored = await facts.readFacts(connection.id, scopeId)
    const before = decodeFacts(scopeId, stored.fields)
    const reading: Reading = { facts: before, resource, users: new Map(), groups: new Map() }
    const context = this.#context(scopeId, this.#now(), null)
    await this.#commitPlan({ scopeId, reading, context, record: 'keep', removals: 0, stored, before })
  }

  /** What is known of the projects or repositories. */
  readResources(scopeIds: readonly ScopeId[]): Promise<(Resource | null)[]> {
    return this.#options.facts.readResources(this.#options.connection.id, scopeIds)
  }

  /** Notes that a list, which has no facts of its own, was read whole. */
  async note(scopeId: ScopeId): Promise<void> {
    const [record] = await this.#options.facts.readRecords(this.#options.connection.id, [scopeId])
    if (record === undefined) return
    const readAt = this.#now()
    const known = { digest: '', readAt, notRead: null }
    await this.#commit(scopeId, { stored: { record, buckets: noBuckets }, steps: [], record: known }, () =>
      countScope('complete'),
    )
    this.#noteRead(scopeId, record, readAt)
  }

  /** Notes that a scope could not be read: the facts stay as they are; that Bitbucket does not show it is told once. */
  async noteUnreadable(scopeId: ScopeId, error: UpstreamError): Promise<void> {
    await this.#noteUnreadable(scopeId, error)
  }

  /** Notes that the settings leave a scope out: the facts stay as they are, and it is told once that nobody looks. */
  async leaveOut(scopeId: ScopeId): Promise<void> {
    const counts = { ...countScope('unobservable'), ...countScope('notIncluded') }
    const [record] = await this.#options.facts.readRecords(this.#options.connection.id, [scopeId])
    if (this.#options.isPreview || record?.notRead?.reason !== notIncluded) {
      return this.#noteNotRead(scopeId, { state: 'unobservable', reason: notIncluded }, counts)
    }
    const known = { digest: '', readAt: record.readAt, notRead: record.notRead }
    await this.#commit(scopeId, { stored: { record, buckets: noBuckets }, steps: [], record: known }, () => counts)
  }

  /**
   * Takes back of everybody what is not told any more: of outsiders as well, whose scopes may not be read for long, or never
   * again. What of it is not done is done before the next reading of the members.
   */
  async withdraw(leftOut: readonly LeftOut[]): Promise<void> {
    const { facts, connection, isPreview } = this.#options
    const scopeId = 'workspace/members'
    if (isPreview || leftOut.length === 0) return
    for await (const page of facts.scanEntities(connection.id)) {
      const [record = noRecord] = await facts.readRecords(connection.id, [scopeId])
      const steps = withdrawals(page, leftOut, this.#context(scopeId, this.#now(), record.readAt))
      const change = { stored: { record, buckets: noBuckets }, steps, record: 'keep' as const }
      if (steps.length > 0) await this.#commit(scopeId, change, () => ({}))
    }
  }

  async #commitUnchanged(scopeId: ScopeId, record: ScopeRecord, reading: Reading, readAt: string): Promise<void> {
    const known = { digest: record.digest, readAt, notRead: null }
    const counts = countFacts(scopeId, reading.facts, new Set())
    await this.#commit(scopeId, { stored: { record, buckets: noBuckets }, steps: [], record: known }, () => counts)
  }

  #noteRead(scopeId: ScopeId, before: ScopeRecord, readAt: string): void {
    if (this.#options.isPreview) return
    const ageMs = before.readAt === null ? null : Date.parse(readAt) - Date.parse(before.readAt)
    this.#options.metrics.scopeRead(scopeId, ageMs === null ? null : ageMs / 1_000)
  }

  /** Commits it all, or without the removals when those are more than may go without being asked about. */
  async #commitGuarded(plan: Omit<Plan, 'removals'>, loss: Loss, kind: HeldScope['kind']): Promise<void> {
    const { holds, connection, isPreview } = this.#options
    const { scopeId, context, reading } = plan
    const { held, approved, rejected } = await holds.readScope(connection.id, scopeId)
    const isGone = plan.record === 'remove'
    const kept = keepLoss(reading, loss, resourceIdOf(scopeId))
    const without = { ...plan, reading: kept, removals: 0, ...(isGone && { record: 'keep' as const }) }
    if (isPreview) return void (await this.#commitPlan({ ...plan, removals: 0 }))
    if (loss.holdings.length === 0) {
      const lists = { held, approved, rejected }
      const clear = holdLists.filter((list) => lists[list] !== null)
      return void (await this.#commitPlan({ ...plan, removals: 0, ...(clear.length > 0 && { hold: { clear } }) }))
    }
    // What was approved is about to go, with the evidence that it was approved by.
    if (approved !== null) return this.#commitKept(without, undefined, isGone)
    if (isRejected(loss, rejected)) return this.#commitKept(without, { clear: ['held'] }, isGone)
    const pass = rejected === null ? {} : { hold: { clear: ['rejected' as const] } }
    // What is held already stays held until somebody decides, whatever the limit says by now.
    if (held === null && (await this.#commitPlan({ ...plan, ...pass, removals: loss.holdings.length }))) return
    const entry = toHeldScope(loss, { kind, observedAt: context.observedAt, evidence: evidenceOf(context) })
    await this.#commitKept(without, { clear: ['rejected'], ...this.#holdOf(entry) }, isGone)
  }

  /** A resource that is gone, and whose removal waits, has nothing to be told of but that. */
  async #commitKept(plan: Plan, hold: HoldChange | undefined, isGone: boolean): Promise<void> {
    const { facts, connection } = this.#options
    if (!isGone) return void (await this.#commitPlan({ ...plan, ...(hold && { hold }) }))
    const stored = await facts.readFacts(connection.id, plan.scopeId)
    await this.#commit(plan.scopeId, { stored, steps: [], record: 'keep', hold }, () => ({}))
  }

  #holdOf(entry: HeldScope): Omit<HoldChange, 'clear'> {
    const { clock, syncId } = this.#options
    const expiresMs = clock.now() + holdMs
    const record: HoldRecord = {
      id: `hld_${syncId.slice('syn_'.length)}`,
      syncId,
      openedAt: this.#now(),
      expiresAt: toInstant(expiresMs),
      announced: null,
    }
    return {
      set: ['held', JSON.stringify(HeldScope.parse(entry))],
      record: JSON.stringify(HoldRecord.parse(record)),
      expiresMs,
    }
  }

  /**
   * Plans and commits until nothing was in between: another scope, or a first run of the same commit whose answer was
   * lost. False when the guard refuses it; then nothing was done.
   */
  async #commitPlan(plan: Plan): Promise<boolean> {
    const { scopeId, reading, context, record, removals, hold, stored: planned, before: plannedFrom } = plan
    const { facts, connection, isPreview } = this.#options
    const touched = new Set<string>()
    for (let attempt = 1; attempt <= commitAttemptsMax; attempt++) {
      const stored = attempt === 1 ? planned : await facts.readFacts(connection.id, scopeId)
      const before = attempt === 1 ? plannedFrom : decodeFacts(scopeId, stored.fields)
      const ids = mentionedEntities(before, reading)
      const [[resource = null], found] = await Promise.all([
        facts.readResources(connection.id, [scopeId]),
        facts.readEntities(connection.id, ids),
      ])
      const entities = new Map(ids.map((id, index) => [id, found[index] ?? null]))
      const difference = diffScope({ scopeId, before, after: inOrder(scopeId, reading), resource, entities, context })
      if (isPreview) {
        await this.#options.count({ ...countFacts(scopeId, reading.facts, new Set()), ...countSteps(difference) })
        return true
      }
      // Also of a plan that conflicted: its first calls may be done.
      const steps = noting(touched, difference, tellObservable(record, stored.record, context))
      const change = { stored, steps, record, guard: this.#guardOf(removals), hold }
      const isKnown = record !== 'keep' && record !== 'remove'
      const counts = () => (isKnown ? countFacts(scopeId, reading.facts, touched) : {})
      const result = await this.#commit(scopeId, change, counts)
      if (result.state !== 'conflict') return result.state === 'committed'
    }
    throw new InvariantError('A scope could not be committed: it changed with every try', { scopeId })
  }

  #guardOf(removals: number): Guard | undefined {
    if (removals === 0) return undefined
    const { share, count: floor } = this.#options.connection.removalLimit ?? defaultRemovalLimit
    return { removals, floor, share, nowMs: this.#options.clock.now() }
  }

  async #noteUnreadable(scopeId: ScopeId, error: UpstreamError): Promise<ScopeResult> {
    // What time heals is stale; what Bitbucket does not show to this credential is not observable.
    const state = error.kind === 'permission' ? 'unobservable' : 'stale'
    const reason = state === 'unobservable' && error.status !== null ? `http-${error.status}` : error.code
    await this.#noteNotRead(scopeId, { state, reason }, countScope(state))
    return { state, error }
  }

  async #noteNotRead(
    scopeId: ScopeId,
    why: Pick<NotRead, 'state' | 'reason'>,
    counts: Readonly<Record<string, number>>,
  ): Promise<void> {
    const { facts, connection, isPreview, count } = this.#options
    if (isPreview) return count(counts)
    const stored = await facts.readFacts(connection.id, scopeId)
    const { readAt } = stored.record
    const now = this.#now()
    const { notRead, isNews } = nextNotRead(stored.record.notRead, { ...why, since: now })
    const context = this.#context(scopeId, now, readAt)
    const factsKept = decodeFacts(scopeId, stored.fields).holdings.size
    const steps = isNews ? [{ events: [scopeUnobservable(context, notRead.reason, readAt, factsKept)] }] : []
    await this.#commit(scopeId, { stored, steps, record: { digest: '', readAt, notRead } }, () => counts)
  }

  #commit(
    scopeId: ScopeId,
    change: Pick<Commit, 'stored' | 'steps' | 'record' | 'guard' | 'hold'>,
    counts: () => Readonly<Record<string, number>>,
  ) {
    const { facts, connection, syncId, token } = this.#options
    const { id: connectionId, tenantId } = connection
    return facts.commit({ connectionId, tenantId, syncId, token, scopeId, ...change, counts })
  }

  #context(scopeId: ScopeId, observedAt: string, previouslyObservedAt: string | null): EventContext {
    const { connection, cause, membersOf } = this.#options
    return {
      connection: toConnectionRef(connection),
      cause,
      observedAt,
      previouslyObservedAt,
      scope: scopeId,
      evidence: null,
      removal: scopeId === 'workspace/members' ? 'user-left' : 'removed',
      membersOf,
    }
  }

  #now(): string {
    return toInstant(this.#options.clock.now())
  }
}

function isUnchanged(record: ScopeRecord, digest: string): boolean {
  return record.notRead === null && record.digestVersion === record.version && record.digest === digest
}

/** That a scope can be seen again is told with what was read then; also that it is seen to be gone. */
function tellObservable(record: Plan['record'], { notRead }: ScopeRecord, context: EventContext): Step[] {
  if (notRead?.state !== 'unobservable' || record === 'keep') return []
  return [{ events: [scopeObservable(context, notRead.since)] }]
}

/** The steps, one by one, with what they tell of noted as they go. */
function* noting(subjects: Set<string>, ...parts: readonly Iterable<Step>[]): Generator<Step, void> {
  for (const steps of parts) {
    for (const step of steps) {
      for (const { subject } of step.events ?? []) subjects.add(subject)
      yield step
    }
  }
}

function inOrder(scopeId: ScopeId, reading: Reading): Reading {
  return { ...reading, facts: { ...reading.facts, holdings: inOrderOfBuckets(scopeId, reading.facts.holdings) } }
}

function kindOf(scopeId: ScopeId): HeldScope['kind'] {
  return scopeId === 'workspace/members' ? 'left-the-workspace' : 'no-longer-listed'
}

function evidenceOf({ evidence, scope }: EventContext): Evidence {
  if (evidence === null) throw new InvariantError('A removal was planned without evidence', { scope })
  return evidence
}
