// What has come since the page was opened. At the top of the list it is shown at once; who has scrolled away reads on, and
// is told how many wait. Nothing is kept without bound: beyond that the list is read anew.

interface Numbered {
  readonly sequence: number
}

export interface LiveFeed<Event extends Numbered> {
  /** In the list, newest first. */
  readonly shown: readonly Event[]
  /** Not in the list yet, newest first. */
  readonly waiting: readonly Event[]
  /** So much came that the list has to be read anew. */
  readonly isTooMuch: boolean
}

export const emptyLive: LiveFeed<never> = { shown: [], waiting: [], isTooMuch: false }

/** As many are kept beside the pages of the list. */
export const liveMax = 2_000

/** Takes in events, newest first. One that is there already, because it was asked for twice, is dropped. */
export function arrive<Event extends Numbered>(
  live: LiveFeed<Event>,
  events: readonly Event[],
  isAtTop: boolean,
): LiveFeed<Event> {
  const last = (live.waiting[0] ?? live.shown[0])?.sequence ?? 0
  const fresh = events.filter(({ sequence }) => sequence > last)
  if (fresh.length === 0 || live.isTooMuch) return live
  const waiting = [...fresh, ...live.waiting]
  if (live.shown.length + waiting.length > liveMax) return { ...live, isTooMuch: true }
  return isAtTop ? showWaiting({ ...live, waiting }) : { ...live, waiting }
}

/** Puts into the list what waits. */
export function showWaiting<Event extends Numbered>(live: LiveFeed<Event>): LiveFeed<Event> {
  return { ...live, shown: [...live.waiting, ...live.shown], waiting: [] }
}
