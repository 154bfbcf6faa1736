import type { ConnectionStatus } from '@clarity/shared/contract/connections'
import type { Schedule } from '@clarity/shared/contract/schedule'
import { isFinished, type Sync } from '@clarity/shared/contract/syncs'
import { toInstant } from '@clarity/shared/runtime/clock'
import type { Degraded, Paused } from '@clarity/shared/store/connections'
import type { HoldRecord } from '@clarity/shared/store/holds'
import { jitterMs } from '@clarity/shared/store/schedules'
import { CronExpressionParser } from 'cron-parser'

type SyncFacts = Pick<
  Sync,
  'kind' | 'state' | 'requestedAt' | 'startedAt' | 'finishedAt' | 'waitingFor' | 'waitingUntil' | 'error'
>

/** All that the state of a connection follows from. */
export interface StatusFacts {
  readonly connection: { readonly id: string; readonly createdAt: string }
  readonly paused: Paused | null
  readonly degraded: Pick<Degraded, 'reason' | 'since'> | null
  readonly hold: Pick<HoldRecord, 'openedAt'> | null
  readonly schedule: Schedule
  /** The one that was asked for last, finished or not. */
  readonly latest: SyncFacts | null
  /** Those that are not finished. */
  readonly open: readonly SyncFacts[]
  readonly lastCompletedAt: string | null
}

/**
 * How it is with a connection: what keeps it from telling anything new comes first, then what somebody has to do, then what
 * happens by itself.
 */
export function statusOf(facts: StatusFacts, nowMs: number): ConnectionStatus {
  return stopped(facts) ?? working(facts, nowMs) ?? idle(facts, nowMs)
}

/** It goes on only when somebody does something. */
function stopped({ paused, degraded, hold, latest, schedule }: StatusFacts): ConnectionStatus | null {
  if (paused !== null) return { state: 'paused', since: paused.since, reason: null }
  if (degraded !== null) return { state: 'action-required', since: degraded.since, reason: degraded.reason }
  const failed = failureOf(latest)
  // Nobody but people tries again what is not on a schedule.
  if (failed !== null && (!failed.isRetryable || schedule.mode === 'manual')) {
    return { state: 'action-required', since: failed.since, reason: failed.reason }
  }
  return hold === null ? null : { state: 'held', since: hold.openedAt, reason: 'removal-limit' }
}

/** A sync is under way. A preview says nothing of what it reads, so it does not count. */
function working(facts: StatusFacts, nowMs: number): ConnectionStatus | null {
  const open = facts.open.filter(({ kind, state }) => kind !== 'preview' && !isFinished(state))
  const sync = open.find(({ state }) => state === 'running') ?? open[0]
  if (sync === undefined) return null
  const { waitingFor, startedAt, requestedAt } = sync
  if (waitingFor === 'request-budget') return { state: 'waiting-for-budget', since: null, reason: waitingFor }
  const dueAtMs = dueAt(facts)
  if (sync.state === 'requested' && dueAtMs !== null && nowMs >= dueAtMs) {
    return { state: 'delayed', since: toInstant(dueAtMs), reason: 'sync-not-begun' }
  }
  return { state: 'on-track', since: startedAt ?? requestedAt, reason: waitingFor }
}

function idle(facts: StatusFacts, nowMs: number): ConnectionStatus {
  const { lastCompletedAt, connection } = facts
  const failed = failureOf(facts.latest)
  const dueAtMs = dueAt(facts)
  if (dueAtMs !== null && nowMs >= dueAtMs) {
    return { state: 'delayed', since: toInstant(dueAtMs), reason: failed?.reason ?? 'no-sync-in-time' }
  }
  if (failed !== null) return { state: 'on-track', since: failed.since, reason: failed.reason }
  if (lastCompletedAt === null) return { state: 'never-synced', since: connection.createdAt, reason: null }
  return { state: 'up-to-date', since: lastCompletedAt, reason: null }
}

/** What ended the last sync of the whole workspace before its end. */
function failureOf(latest: SyncFacts | null) {
  if (latest === null || latest.state !== 'failed') return null
  if (latest.kind !== 'full' && latest.kind !== 'incremental') return null
  const { error, finishedAt } = latest
  return { since: finishedAt, reason: error?.code ?? null, isRetryable: error?.retryable ?? false }
}

/** When twice the interval of the schedule has passed since the last sync; null: no schedule says when one should come. */
function dueAt({ schedule, lastCompletedAt, connection }: StatusFacts): number | null {
  const fromMs = Date.parse(lastCompletedAt ?? connection.createdAt)
  switch (schedule.mode) {
    case 'manual':
      return null
    case 'interval':
      return fromMs + 2 * schedule.minutes * 60_000
    case 'cron': {
      const { pattern, timeZone: tz } = schedule
      const times = CronExpressionParser.parse(pattern, { currentDate: new Date(fromMs), tz })
      times.next()
      return times.next().toDate().getTime() + jitterMs(connection.id, schedule)
    }
  }
}
