/** How an event stands in its connection's sequence. */
export type SequenceCheck =
  | { readonly state: 'next' }
  /** Seen already: at-least-once delivery repeats events; skip it. */
  | { readonly state: 'repeat' }
  /** Events are missing between what was seen and this one: build the state anew. */
  | { readonly state: 'gap'; readonly expected: bigint; readonly found: bigint }

/** Events that are missing. */
export interface Gap {
  readonly connectionId: string
  readonly expected: bigint
  readonly found: bigint
}

interface Numbered {
  readonly connectionId: string
  readonly sequence: bigint
}

/**
 * Proves that nothing was missed: the sequence of each connection rises by one from 1, without a gap.
 *
 * With `handled` (connection -> its last sequence that was dealt with, empty at the very first start) that holds across
 * restarts. Without it nothing is known of the time before, so the first event of each connection is taken as it comes.
 */
export class SequenceTracker {
  readonly #last: Map<string, bigint>
  readonly #knowsBefore: boolean

  constructor(handled?: ReadonlyMap<string, bigint>) {
    this.#last = new Map(handled)
    this.#knowsBefore = handled !== undefined
  }

  /** Says how an event stands, and remembers nothing. */
  check({ connectionId, sequence }: Numbered): SequenceCheck {
    const last = this.#last.get(connectionId)
    if (last === undefined && !this.#knowsBefore) return { state: 'next' }
    const expected = (last ?? 0n) + 1n
    if (sequence < expected) return { state: 'repeat' }
    return sequence === expected ? { state: 'next' } : { state: 'gap', expected, found: sequence }
  }

  /** One that knows what this one knows, and tells it nothing: for a batch that may have to be given again. */
  fork(): SequenceTracker {
    const fork = new SequenceTracker(this.#knowsBefore ? new Map() : undefined)
    for (const [connectionId, sequence] of this.#last) fork.#last.set(connectionId, sequence)
    return fork
  }

  /** Remembers an event that is dealt with. One whose handler failed is not: it comes again, and is no repeat then. */
  accept({ connectionId, sequence }: Numbered): void {
    this.#last.set(connectionId, sequence)
  }
}
