/** What of an event its place in the list follows from. */
interface Placed {
  readonly sequence: number
  readonly headers: { readonly ce_time: string; readonly ce_recordedtime?: string }
}

/** A line of the list: a new day, an event, or numbers that are missing between two events. */
export type FeedRow<Event extends Placed> =
  | { readonly type: 'day'; readonly key: string; readonly at: string }
  | { readonly type: 'event'; readonly key: string; readonly event: Event }
  | { readonly type: 'gap'; readonly key: string; readonly from: number; readonly to: number }

/**
 * The events, newest first, with a line before each day of the reader's zone; where no filter leaves any out, with a line
 * wherever the numbers skip.
 */
export function toRows<Event extends Placed>(
  events: readonly Event[],
  { isWhole, dayOf = localDay }: { readonly isWhole: boolean; readonly dayOf?: (at: string) => string },
): FeedRow<Event>[] {
  const rows: FeedRow<Event>[] = []
  let day: string | null = null
  let above: number | null = null
  for (const event of events) {
    const { sequence } = event
    if (isWhole && above !== null && above > sequence + 1) {
      const [from, to] = [sequence + 1, above - 1]
      rows.push({ type: 'gap', key: `gap-${from}`, from, to })
    }
    const at = toldAt(event)
    const own = dayOf(at)
    if (own !== day) rows.push({ type: 'day', key: `day-${own}-${sequence}`, at })
    rows.push({ type: 'event', key: `event-${sequence}`, event })
    day = own
    above = sequence
  }
  return rows
}

/** When it became known: where a removal was held, that is when it was decided. */
export function toldAt({ headers }: Pick<Placed, 'headers'>): string {
  return headers.ce_recordedtime ?? headers.ce_time
}

function localDay(at: string): string {
  return new Date(at).toDateString()
}
