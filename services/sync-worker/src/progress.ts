import type { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import type { SyncPhase } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Statistics } from './statistics.ts'

/** How often progress is written while a sync runs. */
const saveEveryMs = 200

/** Keeps count of how far a sync is, and writes it where the API reads it, not more often than is of use. */
export class ProgressReport {
  /** Of the whole sync: one that is taken up again goes on counting where the worker before it last said. */
  requests: number
  requestsExpected: number | null = null
  readonly #phases = new Map<SyncPhase, { done: number; total: number | null }>()
  readonly #save: (report: ProgressReport) => Promise<void>
  readonly #clock: Clock
  #savedAt = 0

  constructor(options: {
    syncs: SyncStore
    clock: Clock
    connectionId: ConnectionId
    syncId: SyncId
    statistics: Statistics
    requestsBefore: number
  }) {
    const { syncs, connectionId, syncId, statistics } = options
    this.requests = options.requestsBefore
    this.#clock = options.clock
    this.#save = (report) =>
      syncs.saveProgress(connectionId, syncId, {
        requests: report.requests,
        requestsExpected: report.requestsExpected,
        phases: report.#phases,
        scanned: statistics.scanned,
        unchanged: statistics.unchanged,
      })
  }

  /** Says how many scopes a phase has. */
  async begin(phase: SyncPhase, total: number): Promise<void> {
    this.#phases.set(phase, { done: 0, total })
    await this.save()
  }

  /** One more scope of the phase is done with, read or not. */
  async advance(phase: SyncPhase): Promise<void> {
    const progress = this.#phases.get(phase)
    if (progress !== undefined) progress.done += 1
    if (this.#clock.now() - this.#savedAt >= saveEveryMs) await this.save()
  }

  async save(): Promise<void> {
    this.#savedAt = this.#clock.now()
    await this.#save(this)
  }
}
