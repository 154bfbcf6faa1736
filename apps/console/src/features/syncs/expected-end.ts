import type { Sync } from '../../api/queries.ts'

/**
 * When a sync will end, as it is said to the reader. The estimate moves all the time; it is said anew only when it has moved by
 * more than a tenth of what was left, and then with the reason.
 */
export interface SaidEnd {
  /** The earliest, in milliseconds; what others take of the hour meanwhile is not known. */
  readonly fromMs: number
  readonly untilMs: number
  /** Why it is another time than was said before; null: nothing was said before. */
  readonly reason: string | null
  /** By which the next estimate is judged. */
  readonly requests: number
}

type Estimated = Pick<Sync, 'state' | 'estimate' | 'waitingFor' | 'waitingUntil'>

const leastMoveMs = 10_000
const leastRangeMs = 60_000

/** @param formatClock how a time is written */
export function sayEnd(
  said: SaidEnd | null,
  sync: Estimated,
  nowMs: number,
  formatClock: (at: string) => string,
): SaidEnd | null {
  const { estimate, state } = sync
  if (estimate === null || (state !== 'running' && state !== 'requested')) return null
  const { requests } = estimate
  const fromMs = Math.max(nowMs, Date.parse(estimate.endsAt))
  if (said !== null && !hasMoved(said, fromMs, nowMs)) return said
  const untilMs = fromMs + Math.max(leastRangeMs, (fromMs - nowMs) / 10)
  return { fromMs, untilMs, reason: said && reasonOf(said, sync, requests, fromMs, formatClock), requests }
}

function hasMoved({ fromMs: saidMs, untilMs }: SaidEnd, fromMs: number, nowMs: number): boolean {
  // What has passed can no longer be awaited.
  if (nowMs > untilMs) return true
  return Math.abs(fromMs - saidMs) > Math.max(leastMoveMs, (saidMs - nowMs) / 10)
}

function reasonOf(
  said: SaidEnd,
  { waitingFor, waitingUntil }: Estimated,
  requests: number,
  fromMs: number,
  formatClock: (at: string) => string,
): string {
  if (waitingFor === 'stream') return 'what was found has to go into the stream first'
  if (waitingFor === 'request-budget' && waitingUntil !== null)
    return `waiting for budget until ${formatClock(waitingUntil)}`
  if (requests > said.requests) return 'there is more to read than was expected'
  if (requests < said.requests) return 'there is less to read than was expected'
  return fromMs > said.fromMs ? 'it goes on longer than was expected' : 'it goes faster than was expected'
}

/** Such as "between 11:20 and 11:40". */
export function formatRange({ fromMs, untilMs }: SaidEnd, formatClock: (at: string) => string): string {
  const [from, until] = [fromMs, untilMs].map((ms) => formatClock(new Date(ms).toISOString()))
  return from === until ? `at about ${from}` : `between ${from} and ${until}`
}
