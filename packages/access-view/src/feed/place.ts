import type { BatchEvent, Gap } from '@clarity/subscriber'

/** How the events of one connection stand to what is in its rows. */
export interface Placed {
  /** They follow what is there, without a gap. */
  readonly next: readonly BatchEvent[]
  /** Something is missing before the rest of them. */
  readonly gap: Gap | null
}

/** Splits events, in order of their numbers, by what is handled. Those that are handled are in neither part. */
export function placeEvents(events: readonly BatchEvent[], handled: bigint): Placed {
  const next: BatchEvent[] = []
  let expected = handled + 1n
  for (const event of events) {
    const { sequence, connectionId } = event.envelope
    if (sequence < expected) continue
    if (sequence > expected) return { next, gap: { connectionId, expected, found: sequence } }
    next.push(event)
    expected += 1n
  }
  return { next, gap: null }
}
