/** The rolling hour of a budget, in virtual time: when the next request may go. Times are seconds, and never go back. */
export class RollingHour {
  readonly #sent: Float64Array
  #next = 0

  constructor(requestsPerHour: number) {
    this.#sent = new Float64Array(Math.floor(requestsPerHour)).fill(Number.NEGATIVE_INFINITY)
  }

  /** Takes a request at `at`, or as soon after it as the hour has room, and says when. */
  take(at: number): number {
    const oldest = this.#sent[this.#next] ?? 0
    const when = Math.max(at, oldest + 3_600)
    this.#sent[this.#next] = when
    this.#next = (this.#next + 1) % this.#sent.length
    return when
  }
}
