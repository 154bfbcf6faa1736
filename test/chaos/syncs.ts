import { setTimeout as delay } from 'node:timers/promises'
import type { Connector } from '@clarity/e2e/connector'
import type { SyncWindow } from '@clarity/testkit/oracles/revocations'
import { z } from 'zod'
import type { Random } from './random.ts'
import type { ChaosWorkspace } from './workspace.ts'

const pollMs = 50
const cleanAttempts = 5

const Sync = z.object({
  id: z.string(),
  state: z.string(),
  coverage: z.object({ complete: z.int(), stale: z.int(), unobservable: z.int() }).nullable(),
  error: z.object({ code: z.string() }).nullable(),
})
type Sync = z.infer<typeof Sync>

/**
 * The syncs of one connection: asked for again and again, each with the states of the truth between which it ran. The
 * states are bracketed by what was asked and answered, so that no clock is needed: a sync begins after the request for it
 * was sent, and has ended when its end is seen. Where an answer was lost, the next sync may be as old as that request.
 */
export class SyncRounds {
  readonly connectionId: string
  readonly workspace: ChaosWorkspace
  readonly #connector: Connector
  readonly #windows = new Map<string, { readonly from: number; to: number | null }>()
  /** How syncs ended -> how many. */
  readonly ends: Record<string, number> = {}
  /** Codes of the errors with which syncs failed -> how many. */
  readonly errors: Record<string, number> = {}
  #unanswered: number | null = null
  #lost: number | null = null

  constructor(connector: Connector, connectionId: string, workspace: ChaosWorkspace) {
    this.#connector = connector
    this.connectionId = connectionId
    this.workspace = workspace
  }

  /** Between which states of the truth a sync ran; one of which no answer came is bracketed as widely as it can be. */
  readonly windowOf = (syncId: string): SyncWindow | undefined => {
    const { latest } = this.workspace.history
    const known = this.#windows.get(syncId) ?? (this.#lost === null ? undefined : { from: this.#lost, to: null })
    return known && { from: known.from, to: known.to ?? latest }
  }

  /** Asks for syncs, each when the one before has ended, until `signal` aborts. */
  async run(random: Random, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const begun = await this.#request()
      if (begun !== null) await this.#untilEnd(begun.id, signal)
      await delay(random.int(0, 400), undefined, { signal }).catch(() => {})
    }
  }

  /** Waits for the connection's first sync, which began when it was saved. */
  async first(syncId: string): Promise<void> {
    this.#windows.set(syncId, { from: 0, to: null })
    await this.#untilEnd(syncId, new AbortController().signal)
  }

  /**
   * A sync that was asked for now, read everything and came to its end; answers its id.
   * @throws Error when none of some attempts was so
   */
  async clean(signal: AbortSignal): Promise<string> {
    const seen: Sync[] = []
    while (seen.length < cleanAttempts && !signal.aborted) {
      const begun = await this.#request()
      const sync = begun && (await this.#untilEnd(begun.id, signal))
      if (!begun || !sync || begun.joined) continue
      const { state, coverage } = sync
      if (state === 'completed' && coverage?.stale === 0 && coverage.unobservable === 0) return sync.id
      seen.push(sync)
    }
    throw new Error(`${this.workspace.slug}: no clean sync after everything was healed: ${JSON.stringify(seen)}`)
  }

  /** Asks for a sync; null when no answer came that tells which. */
  async #request(): Promise<{ readonly id: string; readonly joined: boolean } | null> {
    const { from } = this.workspace.now
    const answer = await this.#call(`/v1/connections/${this.connectionId}/syncs`, {})
    const { data } = z.object({ sync: Sync, joined: z.boolean() }).safeParse(answer)
    if (data === undefined) {
      this.#unanswered ??= from
      this.#lost ??= from
      return null
    }
    const { id } = data.sync
    if (!this.#windows.has(id)) this.#windows.set(id, { from: this.#unanswered ?? from, to: null })
    this.#unanswered = null
    return { id, joined: data.joined }
  }

  async #untilEnd(syncId: string, signal: AbortSignal): Promise<Sync | null> {
    while (!signal.aborted) {
      const { data: sync } = Sync.safeParse(await this.#call(`/v1/connections/${this.connectionId}/syncs/${syncId}`))
      if (sync && /^(completed|failed|cancelled)$/.test(sync.state)) {
        const window = this.#windows.get(syncId)
        if (window) window.to ??= this.workspace.now.to
        this.ends[sync.state] = (this.ends[sync.state] ?? 0) + 1
        if (sync.error) this.errors[sync.error.code] = (this.errors[sync.error.code] ?? 0) + 1
        return sync
      }
      await delay(pollMs)
    }
    return null
  }

  /** The body of a good answer; null when there was none, as is to be expected while servers are away. */
  async #call(path: string, body?: object): Promise<unknown> {
    const answer = await this.#connector.call(path, body).catch(() => null)
    return answer !== null && answer.status < 300 ? answer.body : null
  }
}
