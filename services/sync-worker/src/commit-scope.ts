import type { Connection } from '@clarity/shared/contract/connections'
import { type Cause, toConnectionRef } from '@clarity/shared/contract/events'
import type { GroupMembershipId, ScopeId, SyncId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InvariantError, UpstreamError } from '@clarity/shared/runtime/errors'
import type { Commit, FactStore, ScopeRecord, Step } from '@clarity/shared/store/facts'
import {
  isGreatLoss,
  lacks,
  lossUnconfirmed,
  lostAllGroups,
  lostFrom,
  readsDiffer,
  sampleOf,
  suddenlyEmpty,
} from './core/confirm.ts'
import { diffScope, mentionedEntities } from './core/diff.ts'
import { type EventContext, scopeObservable, scopeUnobservable } from './core/events.ts'
import { decodeFacts, digestOf, type Holding, noFacts, type Reading } from './core/facts.ts'
import type { Look } from './scopes/look.ts'
import type { ScopeOutcome } from './scopes/reading.ts'

/**
 * Brings one scope from a reading to a commit:
 *
 *   read -> (something is missing? read again; the two must agree that it is)
 *        -> (very much is missing? look at some of it by id) -> difference -> commit
 *
 * A read that is not complete changes no fact. If we die before the commit, nothing was told; after it, all.
 * A conflict with another scope of the same sync (both mention a new service user) plans again from fresh reads.
 */
export type ScopeResult =
  | {
      readonly state: 'complete'
      readonly reading: Reading
      /** The ids of the entities that events were told of. */
      readonly touched: ReadonlySet<string>
      readonly reported: number | null
    }
  | { readonly state: 'stale' | 'unobservable'; readonly error: UpstreamError }

export interface ScopeCommitterOptions {
  readonly facts: FactStore
  readonly clock: Clock
  readonly connection: Connection
  readonly syncId: SyncId
  readonly cause: Cause
  readonly token: string
  /** What was known of every scope at the start of the sync. */
  readonly scopes: ReadonlyMap<string, ScopeRecord>
  readonly membersOf: (group: GroupMembershipId) => number | null
}

type Evidence = NonNullable<EventContext['evidence']>

/** A loss that two lists made up agrees with nothing else: a few looks find it out. */
const looksMax = 10
/** Each try reads the stored facts anew; conflicts come only from scopes that commit at the same moment. */
const commitAttemptsMax = 20

export class ScopeCommitter {
  readonly #options: ScopeCommitterOptions

  constructor(options: ScopeCommitterOptions) {
    this.#options = options
  }

  /** Reads a scope and commits what changed; `look` is asked where very much is missing. */
  async sync(scopeId: ScopeId, read: () => Promise<ScopeOutcome>, look: Look): Promise<ScopeResult> {
    const first = await read()
    if (first.state === 'incomplete') return this.#noteUnreadable(scopeId, first.error)
    const readAt = this.#now()
    if (await this.#isUnchanged(scopeId, first.reading)) {
      await this.#commitUnchanged(scopeId, digestOf(first.reading), readAt)
      return { ...first, touched: new Set() }
    }
    const confirmed = await this.#confirm(scopeId, first.reading, read, look)
    if ('error' in confirmed) return this.#noteUnreadable(scopeId, confirmed.error)
    const { reading, evidence } = confirmed
    const touched = await this.#commitReading(scopeId, reading, { ...this.#context(scopeId, readAt), evidence })
    return { state: 'complete', reading, touched, reported: first.reported }
  }

  /** Takes all facts of a scope whose resource is gone, as the caller has confirmed. */
  async remove(scopeId: ScopeId, evidence: Evidence): Promise<void> {
    const context = this.#context(scopeId, evidence.confirmedAt)
    const reading: Reading = { facts: noFacts, users: new Map(), groups: new Map() }
    await this.#commitPlanned(scopeId, reading, { ...context, evidence, removal: 'resource-removed' }, 'remove')
  }

  /** Notes that a list, which has no facts of its own, was read. */
  async note(scopeId: ScopeId): Promise<void> {
    await this.#commitUnchanged(scopeId, '', this.#now())
  }

  async #isUnchanged(scopeId: ScopeId, reading: Reading): Promise<boolean> {
    const { facts, connection, scopes } = this.#options
    const known = scopes.get(scopeId)
    if (known === undefined || known.unobservable !== null || known.digest !== digestOf(reading)) return false
    return known.version === (await facts.readVersion(connection.id, scopeId))
  }

  async #commitUnchanged(scopeId: ScopeId, digest: string, readAt: string): Promise<void> {
    const { facts, connection } = this.#options
    const version = await facts.readVersion(connection.id, scopeId)
    await this.#commit(scopeId, { version, steps: [], record: { digest, readAt, unobservable: null } })
  }

  /** A second, independent read where the first one lacks something that was there. */
  async #confirm(
    scopeId: ScopeId,
    first: Reading,
    read: () => Promise<ScopeOutcome>,
    look: Look,
  ): Promise<{ reading: Reading; evidence: Evidence | null } | { error: UpstreamError }> {
    const { facts, connection } = this.#options
    const stored = await facts.readFacts(connection.id, scopeId)
    const before = decodeFacts(scopeId, stored.fields)
    if (lostAllGroups(before, first.facts)) return { error: suddenlyEmpty(scopeId) }
    if (!lacks(before, first.facts)) return { reading: first, evidence: null }
    const second = await read()
    if (second.state === 'incomplete') return second
    if (lacks(first.facts, second.reading.facts)) return { error: readsDiffer(scopeId) }
    const lost = lostFrom(before, second.reading.facts)
    const isGreat = isGreatLoss(before, lost.length)
    const error = isGreat ? await this.#lookByIds(scopeId, lost, look) : null
    if (error !== null) return { error }
    // It has all that the first one has, so what it lacks, both lack; and it is newer.
    return { reading: second.reading, evidence: { reads: isGreat ? 3 : 2, confirmedAt: this.#now() } }
  }

  /** Why a great loss is not believed; null when every look says that it is so. */
  async #lookByIds(scopeId: ScopeId, lost: readonly Holding[], look: Look): Promise<UpstreamError | null> {
    try {
      for (const holding of sampleOf(lost, looksMax)) if (await look(holding)) return readsDiffer(scopeId)
      return null
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      // The lists were shown a moment ago: that this is not says nothing of what the scope shows.
      return error.kind === 'permission' ? lossUnconfirmed(scopeId, error) : error
    }
  }

  async #commitReading(scopeId: ScopeId, reading: Reading, context: EventContext): Promise<Set<string>> {
    const record = { digest: digestOf(reading), readAt: context.observedAt, unobservable: null }
    return this.#commitPlanned(scopeId, reading, context, record)
  }

  /**
   * Plans and commits until nothing was in between: another scope, or a first run of the same commit whose answer was
   * lost. Answers what events told of.
   */
  async #commitPlanned(
    scopeId: ScopeId,
    reading: Reading,
    context: EventContext,
    record: Commit['record'],
  ): Promise<Set<string>> {
    const { facts, connection } = this.#options
    const touched = new Set<string>()
    for (let attempt = 1; attempt <= commitAttemptsMax; attempt++) {
      const stored = await facts.readFacts(connection.id, scopeId)
      const before = decodeFacts(scopeId, stored.fields)
      const ids = mentionedEntities(before, reading)
      const found = await facts.readEntities(connection.id, ids)
      const entities = new Map(ids.map((id, index) => [id, found[index] ?? null]))
      const steps = diffScope({ scopeId, before, after: reading, entities, context })
      const last = record === 'remove' ? [] : await this.#tellObservable(scopeId, context)
      const result = await this.#commit(scopeId, { version: stored.version, steps: [...steps, ...last], record })
      // Also of a plan that conflicted: its first calls may be done.
      for (const { events = [] } of steps) for (const { subject } of events) touched.add(subject)
      if (result.state === 'committed') return touched
    }
    throw new InvariantError('A scope could not be committed: it changed with every try', { scopeId })
  }

  async #tellObservable(scopeId: ScopeId, context: EventContext): Promise<Step[]> {
    const { facts, connection, scopes } = this.#options
    if (!scopes.get(scopeId)?.unobservable) return []
    const unobservable = (await facts.readScope(connection.id, scopeId))?.unobservable
    return unobservable ? [{ events: [scopeObservable(context, unobservable.since)] }] : []
  }

  /** The facts stay as they are; that they cannot be seen any more is told once. */
  async #noteUnreadable(scopeId: ScopeId, error: UpstreamError): Promise<ScopeResult> {
    // What time heals is stale; what Bitbucket does not show to this credential is not observable.
    if (error.kind !== 'permission') return { state: 'stale', error }
    const { facts, connection, scopes } = this.#options
    const known = scopes.get(scopeId)
    if (known?.unobservable) return { state: 'unobservable', error }
    const { version, fields } = await facts.readFacts(connection.id, scopeId)
    const now = this.#now()
    const readAt = known?.readAt ?? null
    const reason = error.status === null ? error.code : `http-${error.status}`
    const factsKept = decodeFacts(scopeId, fields).holdings.size
    const event = scopeUnobservable(this.#context(scopeId, now), reason, readAt, factsKept)
    const record = { digest: '', readAt, unobservable: { since: now, reason } }
    await this.#commit(scopeId, { version, steps: [{ events: [event] }], record })
    return { state: 'unobservable', error }
  }

  #commit(scopeId: ScopeId, change: Pick<Commit, 'version' | 'steps' | 'record'>) {
    const { facts, connection, syncId, token } = this.#options
    return facts.commit({
      connectionId: connection.id,
      tenantId: connection.tenantId,
      syncId,
      token,
      scopeId,
      ...change,
    })
  }

  #context(scopeId: ScopeId, observedAt: string): EventContext {
    const { connection, cause, scopes, membersOf } = this.#options
    return {
      connection: toConnectionRef(connection),
      cause,
      observedAt,
      previouslyObservedAt: scopes.get(scopeId)?.readAt ?? null,
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
