/**
 * How many requests of one credential may be under way: learned, because Bitbucket does not tell. Each success adds the
 * limit's own inverse to it, which is one more for each round of requests; a refusal halves it, but only once for all
 * requests that were let in before (additive increase, multiplicative decrease). A success counts only if the limit was
 * reached meanwhile: else few calls would raise it to what nobody has tried. Who finds no room waits in line.
 */
export interface InFlightOptions {
  readonly initial: number
  readonly max: number
}

/** The right to one request; to be given back exactly once. */
export interface Permit {
  release(outcome: 'success' | 'refused' | 'other'): void
}

const least = 1

export class InFlight {
  readonly #max: number
  #limit: number
  #running = 0
  /** Counts the decreases: a permit from before the latest one says nothing new. */
  #decreases = 0
  #admissions = 0
  /** The latest admission that took the last room. */
  #filledBy = 0
  readonly #line: ((permit: Permit) => void)[] = []

  constructor({ initial, max }: InFlightOptions) {
    this.#limit = initial
    this.#max = max
  }

  /** How many may be under way at the same time, for now; at least one. */
  get limit(): number {
    return Math.floor(this.#limit)
  }

  get running(): number {
    return this.#running
  }

  /** How many more would be let in at once; less than nothing by those who wait. */
  get room(): number {
    return this.limit - this.#running - this.#line.length
  }

  /** Waits for room, first come first served. @throws the signal's reason when it aborts; the place is then given up. */
  acquire(signal?: AbortSignal): Promise<Permit> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (this.room > 0) return Promise.resolve(this.#admit())
    return new Promise((resolve, reject) => {
      const enter = (permit: Permit) => {
        signal?.removeEventListener('abort', leave)
        resolve(permit)
      }
      const leave = () => {
        this.#line.splice(this.#line.indexOf(enter), 1)
        reject(signal?.reason)
      }
      this.#line.push(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #admit(): Permit {
    this.#running += 1
    this.#admissions += 1
    if (this.#running >= this.limit) this.#filledBy = this.#admissions
    const admission = this.#admissions
    const decreases = this.#decreases
    let released = false
    return {
      release: (outcome) => {
        if (released) return
        released = true
        this.#running -= 1
        if (outcome === 'success' && admission <= this.#filledBy) this.#increase()
        if (outcome === 'refused' && decreases === this.#decreases) this.#decrease()
        this.#letIn()
      },
    }
  }

  #increase(): void {
    this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit)
  }

  #decrease(): void {
    this.#limit = Math.max(least, this.#limit / 2)
    this.#decreases += 1
  }

  #letIn(): void {
    while (this.#line.length > 0 && this.#running < this.limit) this.#line.shift()?.(this.#admit())
  }
}
