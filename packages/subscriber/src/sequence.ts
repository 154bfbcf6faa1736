/** How an event stands in its connection's sequence. */
export type SequenceCheck =
  | { readonly state: 'next' }
  /** Seen already: at-least-once delivery repeats events; skip it. */
  | { readonly state: 'repeat' }
  /** Events are missing between what was seen and this one: build the state anew. */
  | { readonly state: 'gap'; readonly expected: bigint; readonly found: bigint }

/** Proves that nothing was missed: the sequence of each connection rises by one from 1, without a gap. */
export class SequenceTracker {
  readonly #last = new Map<string, bigint>()

  check({ connectionId, sequence }: { readonly connectionId: string; readonly sequence: bigint }): SequenceCheck {
    const expected = (this.#last.get(connectionId) ?? 0n) + 1n
    if (sequence < expected) return { state: 'repeat' }
    this.#last.set(connectionId, sequence)
    return sequence === expected ? { state: 'next' } : { state: 'gap', expected, found: sequence }
  }
}
