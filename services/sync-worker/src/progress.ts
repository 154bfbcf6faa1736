import type { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import type { Sync, SyncEstimate, SyncPhase, WaitingFor } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { toInstant } from '@clarity/shared/runtime/clock'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { SyncCursor } from './sync-cursor.ts'

/** How often progress is written while a slice runs. */
const saveEveryMs = 200

export interface ProgressOptions {
  readonly syncs: SyncStore
  readonly clock: Clock
  readonly sync: Sync
  /** Of the lease of the connection. */
  readonly token: string
  /** Where the slice begins. */
  readonly cursor: SyncCursor
  /** How many requests the whole sync will make, as far as can be told there; null: it cannot be told yet. */
  readonly expect: (cursor: SyncCursor) => number | null
}

/** Keeps count of how far a sync is, and writes it where the API and the next slice read it. */
export class ProgressReport {
  requests: number
  requestsExpected: number | null
  estimate: SyncEstimate | null
  cursor: SyncCursor
  /** Somebody has asked to cancel the sync; seen whenever progress is written. */
  isCancelled = false
  /** Scopes and lists that this slice has brought to their end. */
  advanced = 0
  readonly #phases: Map<SyncPhase, { done: number; total: number | null }>
  readonly #syncs: SyncStore
  readonly #ids: { readonly connectionId: ConnectionId; readonly syncId: SyncId }
  readonly #token: string
  readonly #clock: Clock
  readonly #expect: ProgressOptions['expect']
  #savedAt = 0

  constructor({ syncs, clock, sync, token, cursor, expect }: ProgressOptions) {
    this.#expect = expect
    this.#token = token
    this.#syncs = syncs
    this.#clock = clock
    this.#ids = { connectionId: sync.connectionId, syncId: sync.id }
    this.#phases = new Map(sync.progress.phases.map(({ phase, done, total }) => [phase, { done, total }]))
    this.requests = sync.progress.requests
    this.requestsExpected = sync.progress.requestsExpected
    this.estimate = sync.estimate
    this.cursor = cursor
  }

  /** Says how many scopes a phase has. */
  async begin(phase: SyncPhase, total: number): Promise<void> {
    const done = this.#phases.get(phase)?.done ?? 0
    this.#phases.set(phase, { done, total })
    await this.save()
  }

  /** Some more scopes of the phase are done with, read or not. */
  async advance(phase: SyncPhase, by = 1): Promise<void> {
    const progress = this.#phases.get(phase)
    this.advanced += by
    if (progress !== undefined) progress.done += by
    const sinceMs = this.#clock.now() - this.#savedAt
    // Before the last time: the clock was set back.
    if (sinceMs >= saveEveryMs || sinceMs < 0) await this.save()
  }

  /** All scopes of the phase are done with: also those that a slice that died had done, and had not written down. */
  finish(phase: SyncPhase): void {
    const progress = this.#phases.get(phase)
    if (progress?.total != null) progress.done = progress.total
  }

  /** Writes all of it down, where the next slice finds it, and for what that one has to wait. @throws FencedError */
  async save(wait: { readonly ms: number; readonly for: WaitingFor } | null = null): Promise<void> {
    const now = this.#clock.now()
    this.#savedAt = now
    this.requestsExpected = this.#expect(this.cursor) ?? this.requestsExpected
    const { requests, requestsExpected, estimate, cursor } = this
    const waiting = wait === null || wait.ms === 0 ? null : { until: toInstant(now + wait.ms), for: wait.for }
    const { isCancelled } = await this.#syncs.saveProgress(this.#ids.connectionId, this.#ids.syncId, this.#token, {
      requests,
      requestsExpected,
      phases: this.#phases,
      estimate,
      waiting,
      cursor,
    })
    this.isCancelled ||= isCancelled
  }
}
