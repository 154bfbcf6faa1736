import type { Clock } from '../runtime/clock.ts'
import { UpstreamError } from '../runtime/errors.ts'
import type { Budget, BudgetPriority } from './budget.ts'

export interface BudgetMeterOptions {
  readonly budget: Budget
  /** Asked for each time, for it may change with what is read. */
  readonly priority: () => BudgetPriority
  readonly clock: Clock
  /** A new random part of an id. */
  readonly newId: () => string
  /** Who would have to wait longer than this is refused instead. */
  readonly waitMsMax: number
  /** Told when there is no room any more, once until there is some again. */
  readonly onWait?: (forMs: number) => void
  /** Told when a lease could not be given back: what is left of it is lost for an hour, and nothing else. */
  readonly onLost?: (error: unknown) => void
}

interface Lease {
  readonly id: string
  readonly untilMs: number
  left: number
  used: number
}

/** The code of the error that says that there is no room, by our own count. */
export const hourUsedUp = 'hour-used-up'
/** Requests that are leased together: one call of Redis for many, and little lost with a process that dies. */
const batch = 10
/** Somebody may give something back meanwhile, so nobody sleeps longer than this before asking again. */
const sleepMsMax = 30_000

/** One process's share of a credential's budget: leased in batches, used one by one, what is left given back. */
export class BudgetMeter {
  readonly #options: BudgetMeterOptions
  #lease: Lease | null = null
  #refill: Promise<number> | null = null
  #isSpent = false

  constructor(options: BudgetMeterOptions) {
    this.#options = options
  }

  /**
   * Resolves when one request may be made, which counts as made then.
   * @throws UpstreamError `rate-limited` for who does not wait that long; the signal's reason when it aborts
   */
  async take(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      const lease = this.#current()
      if (lease !== null) {
        lease.left -= 1
        lease.used += 1
        return
      }
      this.#refill ??= this.#leaseAnew().finally(() => {
        this.#refill = null
      })
      const waitMs = await this.#refill
      if (waitMs > 0) await this.#wait(waitMs, signal)
    }
  }

  /**
   * Sees to it that there is room for so many requests before the first is made; answers how long to wait when there is not.
   */
  async reserve(count: number): Promise<number> {
    if ((this.#current()?.left ?? 0) >= count) return 0
    return this.#leaseAnew(count)
  }

  /** Bitbucket has refused for want of room: what is left is given back, and nobody gets any for that long. */
  async refuse(forMs: number): Promise<void> {
    await this.#settle()
    await this.#options.budget.refuse(forMs)
  }

  /** Gives back what is left. */
  async close(): Promise<void> {
    await this.#settle().catch((error: unknown) => this.#options.onLost?.(error))
  }

  #current(): Lease | null {
    const lease = this.#lease
    return lease !== null && lease.left > 0 && this.#options.clock.now() < lease.untilMs ? lease : null
  }

  /** How long to wait before there is anything to be had; 0 when there is. */
  async #leaseAnew(least = 1): Promise<number> {
    const { budget, priority, clock, newId } = this.#options
    await this.#settle()
    // Taken before the call: the lease began no earlier.
    const askedAtMs = clock.now()
    const answer = await budget.take(newId(), Math.max(batch, least), priority(), least)
    const wasSpent = this.#isSpent
    this.#isSpent = answer.state === 'spent'
    if (answer.state === 'spent') {
      if (!wasSpent) this.#options.onWait?.(answer.forMs)
      return answer.forMs
    }
    this.#lease = { id: answer.leaseId, left: answer.count, used: 0, untilMs: askedAtMs + answer.forMs }
    return 0
  }

  async #settle(): Promise<void> {
    const lease = this.#lease
    this.#lease = null
    if (lease !== null) await this.#options.budget.settle(lease.id, lease.used)
  }

  async #wait(forMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { waitMsMax, clock } = this.#options
    if (forMs > waitMsMax) {
      throw new UpstreamError('rate-limited', hourUsedUp, 'The hour of this credential at Bitbucket is used up', {
        remedy: 'Wait: the limit is a rolling hour. A second credential adds its own.',
        retryAfterMs: forMs,
      })
    }
    await clock.sleep(Math.min(forMs, sleepMsMax), signal)
  }
}
