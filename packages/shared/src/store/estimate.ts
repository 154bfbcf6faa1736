import type { Cadences } from '../contract/freshness.ts'
import type { Schedule } from '../contract/schedule.ts'
import type { SyncEstimate } from '../contract/syncs.ts'
import { toInstant } from '../runtime/clock.ts'
import type { Budget } from './budget.ts'

/** What is known of the room that a sync has at Bitbucket. */
export interface Room {
  /** Requests of the credentials in any rolling hour. */
  readonly perHour: number
  /** How many of them are free now. */
  readonly free: number
  /** How fast requests go while there is room, per second. */
  readonly perSecond: number
}

/** What Bitbucket answers while there is room: some 300 ms each, four at a time. */
const perSecondAtBest = 12
const hourMs = 3_600_000

/** The room of a credential as its budget counts it. */
export async function readRoom(budget: Budget): Promise<Room> {
  return { perHour: budget.limit, free: budget.limit - (await budget.used()), perSecond: perSecondAtBest }
}

/**
 * When so many requests will have been made: at full speed while there is room, and after that at the rate of the hour.
 * What others use of it meanwhile is not known, so it is the earliest.
 */
export function estimateEnd(requestsLeft: number, room: Room, nowMs: number): number {
  const atOnce = Math.min(requestsLeft, Math.max(0, room.free))
  const later = requestsLeft - atOnce
  const speedMs = (atOnce / room.perSecond) * 1_000
  return nowMs + Math.max(speedMs, 0) + (later / room.perHour) * hourMs
}

/** What an incremental sync may make: by schedule the requests of its interval, any other those of an hour. */
export function requestsOfIncremental(
  { requestsPerRun, runEverySeconds }: Pick<Cadences, 'requestsPerRun' | 'runEverySeconds'>,
  schedule: Schedule,
): number {
  const seconds = schedule.mode === 'interval' ? Math.min(3_600, schedule.minutes * 60) : 3_600
  return Math.floor((requestsPerRun * seconds) / runEverySeconds)
}

/** The whole of what a sync takes and when it ends, given how many of its requests were made. */
export function toEstimate(requests: number, made: number, room: Room, nowMs: number): SyncEstimate {
  const left = Math.max(0, requests - made)
  return { requests: Math.max(requests, made), endsAt: toInstant(Math.ceil(estimateEnd(left, room, nowMs))) }
}
