/**
 * Keeps the `limit` items of the smallest rank of all that are offered, whatever their number, in memory for `limit` of them.
 * Of equal ranks those that came first are kept.
 */
export class Smallest<T> {
  readonly #limit: number
  /** A heap whose root is the worst that is kept. */
  readonly #heap: { rank: number; order: number; item: T }[] = []
  #offered = 0

  constructor(limit: number) {
    this.#limit = Math.max(0, Math.floor(limit))
  }

  offer(rank: number, item: T): void {
    const order = this.#offered++
    if (this.#heap.length < this.#limit) {
      this.#rise(this.#heap.push({ rank, order, item }) - 1)
      return
    }
    const worst = this.#heap[0]
    if (worst === undefined || rank >= worst.rank) return
    this.#heap[0] = { rank, order, item }
    this.#sink()
  }

  /** What is kept, smallest rank first. */
  toSorted(): { rank: number; item: T }[] {
    const sorted = this.#heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    return sorted.map(({ rank, item }) => ({ rank, item }))
  }

  #rise(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#isWorse(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let worst = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (this.#isWorse(child, worst)) worst = child
      if (worst === at) return
      this.#swap(at, worst)
      at = worst
    }
  }

  #isWorse(index: number, than: number): boolean {
    const [a, b] = [this.#heap[index], this.#heap[than]]
    return a !== undefined && b !== undefined && isBefore(b, a)
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#heap[left], this.#heap[right]]
    if (a === undefined || b === undefined) return
    this.#heap[left] = b
    this.#heap[right] = a
  }
}

function isBefore(a: { rank: number; order: number }, b: { rank: number; order: number }): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order)
}
