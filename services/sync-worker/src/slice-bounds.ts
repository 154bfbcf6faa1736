import type { Clock } from '@clarity/shared/runtime/clock'
import type { UpstreamError } from '@clarity/shared/runtime/errors'

/** A slice ends here and the sync goes on later: its time or its requests are used up, or there is no room in the hour. */
export class SliceOver extends Error {
  /** How long to wait before the next one. */
  readonly waitMs: number
  readonly reason: 'bounds' | 'no-room' | 'refused' | 'stream-full'

  constructor(reason: SliceOver['reason'], waitMs = 0, cause?: UpstreamError) {
    super(`the slice is over: ${reason}`, { cause })
    this.reason = reason
    this.waitMs = waitMs
  }
}

/** How long one slice may work, and how many requests it may make. What is begun is brought to its end. */
export class SliceBounds {
  requests = 0
  readonly #clock: Clock
  readonly #sliceMs: number
  readonly #requestsMax: number
  #endsAtMs: number

  constructor(clock: Clock, { sliceMs, requestsMax }: { readonly sliceMs: number; readonly requestsMax: number }) {
    this.#clock = clock
    this.#sliceMs = sliceMs
    this.#endsAtMs = clock.now() + sliceMs
    this.#requestsMax = requestsMax
  }

  get isOver(): boolean {
    const now = this.#clock.now()
    // By a clock that was set back a slice would last for as long: it lasts no longer than one from now on.
    this.#endsAtMs = Math.min(this.#endsAtMs, now + this.#sliceMs)
    return now >= this.#endsAtMs || this.requests >= this.#requestsMax
  }

  /** @throws SliceOver when nothing more is to be begun */
  check(): void {
    if (this.isOver) throw new SliceOver('bounds')
  }
}
