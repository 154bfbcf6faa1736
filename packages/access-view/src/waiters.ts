import type { Clock } from '@clarity/shared/runtime/clock'

export interface WaitersOptions {
  readonly clock: Clock
  /** Of some connections: the last event that is included. One question, however many wait. */
  readonly readHandled: (connectionIds: readonly string[]) => Promise<ReadonlyMap<string, bigint>>
}

interface Waiting {
  readonly connectionId: string
  readonly sequence: bigint
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** How often the database is asked while somebody waits: what another process applies is not told to this one. */
const askMs = 100

/**
 * Callers who wait until an event is included. What this process applies wakes them at once; what another one applies at the same
 * database is found by one question for all of them, asked only while somebody waits: nothing to be kept connected, nothing to miss.
 */
export class Waiters {
  readonly #options: WaitersOptions
  readonly #waiting = new Set<Waiting>()
  #isAsking = false

  constructor(options: WaitersOptions) {
    this.#options = options
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** Whether the event is included, at the latest after `timeoutMs`. @throws the signal's reason when it aborts before */
  async waitFor(
    connectionId: string,
    sequence: bigint,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    const done = Promise.withResolvers<boolean>()
    const waiting: Waiting = { connectionId, sequence, resolve: () => done.resolve(true), reject: done.reject }
    const over = new AbortController()
    const until = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
    this.#waiting.add(waiting)
    this.#options.clock.sleep(timeoutMs, until).then(() => done.resolve(false), done.reject)
    this.#ask()
    try {
      return await done.promise
    } finally {
      this.#waiting.delete(waiting)
      over.abort()
    }
  }

  /** Wakes who waits for what is included now. */
  tell(handled: ReadonlyMap<string, bigint>): void {
    for (const waiting of this.#waiting) {
      if ((handled.get(waiting.connectionId) ?? -1n) < waiting.sequence) continue
      this.#waiting.delete(waiting)
      waiting.resolve()
    }
  }

  /** Asks the database again and again, as long as somebody waits. */
  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#askWhileWaitedFor()
      .catch((error: unknown) => {
        for (const { reject } of this.#waiting) reject(error)
      })
      .finally(() => {
        this.#isAsking = false
      })
  }

  async #askWhileWaitedFor(): Promise<void> {
    const { clock, readHandled } = this.#options
    while (this.#waiting.size > 0) {
      this.tell(await readHandled([...new Set([...this.#waiting].map(({ connectionId }) => connectionId))]))
      if (this.#waiting.size > 0) await clock.sleep(askMs)
    }
  }
}
