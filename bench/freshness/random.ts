/** A repeatable source of numbers from 0 to 1 (mulberry32), and what is drawn from it. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** A few of them are drawn much more often than the rest: a tenth of them, scattered, takes about half of the draws. */
  skewed(count: number): number {
    return (Math.floor(this.next() ** 3.3 * count) * 7_919) % count
  }

  /** How long until the next event of a process that has one per `mean`, in the unit of `mean`. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }
}
