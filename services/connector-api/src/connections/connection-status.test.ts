import type { Schedule } from '@clarity/shared/contract/schedule'
import { expect, test } from 'vitest'
import { type StatusFacts, statusOf } from './connection-status.ts'

const at = (time: string) => `2026-11-23T${time}:00.000Z`
const hourly: Schedule = { mode: 'interval', minutes: 60, kind: 'incremental' }
/** At 3 in the morning of Berlin, which is 2 by UTC in winter. */
const nightly: Schedule = { mode: 'cron', pattern: '0 3 * * *', timeZone: 'Europe/Berlin', kind: 'full' }

type SyncFacts = NonNullable<StatusFacts['latest']>
const completed: SyncFacts = {
  ...{ kind: 'full', state: 'completed', requestedAt: at('08:00'), startedAt: at('08:00'), finishedAt: at('09:00') },
  ...{ waitingFor: null, waitingUntil: null, error: null },
}
const requested: SyncFacts = {
  ...{ ...completed, kind: 'incremental', state: 'requested' },
  ...{ requestedAt: at('09:30'), startedAt: null, finishedAt: null },
}
const running: SyncFacts = { ...requested, state: 'running', startedAt: at('09:31') }
const waiting: SyncFacts = { ...running, waitingFor: 'request-budget', waitingUntil: at('10:20') }
const failed = (retryable: boolean): SyncFacts => {
  const error = { code: 'unavailable', title: 'no answer', retryable, remedy: 'wait' }
  return { ...completed, state: 'failed', error, finishedAt: at('09:50') }
}

const synced: StatusFacts = {
  connection: { id: 'con_1', createdAt: at('07:00') },
  ...{ paused: null, degraded: null, hold: null, schedule: hourly, latest: completed, open: [] },
  lastCompletedAt: at('09:00'),
}
const neverSynced = { ...synced, latest: null, lastCompletedAt: null, schedule: { mode: 'manual' } as const }
const hold = { openedAt: at('09:05') }
const degraded = { reason: 'bad-credentials', since: at('09:10') }

const said = (facts: Partial<StatusFacts>, now = at('10:00')) => {
  const { state, since, reason } = statusOf({ ...synced, ...facts }, Date.parse(now))
  return [state, since?.slice(11, 16) ?? null, reason]
}

test.each<[string, Partial<StatusFacts>, ReturnType<typeof said>]>([
  ['has been synced', {}, ['up-to-date', '09:00', null]],
  ['is read now', { latest: running, open: [running] }, ['on-track', '09:31', null]],
  ['is about to be read', { latest: requested, open: [requested] }, ['on-track', '09:30', null]],
  ['is read for the first time', { ...neverSynced, latest: running, open: [running] }, ['on-track', '09:31', null]],
  [
    'has one that runs and one that waits for its turn',
    { latest: requested, open: [running, requested] },
    ['on-track', '09:31', null],
  ],
  [
    'waits for room in the hour',
    { latest: requested, open: [waiting, requested] },
    ['waiting-for-budget', null, 'request-budget'],
  ],
  [
    'waits for the stream',
    { latest: running, open: [{ ...running, waitingFor: 'stream' }] },
    ['on-track', '09:31', 'stream'],
  ],
  ['is previewed alone', { open: [{ ...running, kind: 'preview' }] }, ['up-to-date', '09:00', null]],
  ['was never synced', neverSynced, ['never-synced', '07:00', null]],
  ['will be tried again', { latest: failed(true) }, ['on-track', '09:50', 'unavailable']],
  [
    'failed, and nothing tries again',
    { latest: failed(true), schedule: { mode: 'manual' } },
    ['action-required', '09:50', 'unavailable'],
  ],
  ['failed for good', { latest: failed(false) }, ['action-required', '09:50', 'unavailable']],
  ['failed in a preview', { latest: { ...failed(false), kind: 'preview' } }, ['up-to-date', '09:00', null]],
  ['lost its credential', { degraded }, ['action-required', '09:10', 'bad-credentials']],
  ['holds removals', { hold }, ['held', '09:05', 'removal-limit']],
  ['holds removals while it is read', { hold, latest: running, open: [running] }, ['held', '09:05', 'removal-limit']],
  ['lost its credential, and holds removals', { hold, degraded }, ['action-required', '09:10', 'bad-credentials']],
  ['is paused, whatever else', { paused: { since: at('09:20') }, degraded, hold }, ['paused', '09:20', null]],
])('a connection that %s', (_name, facts, expected) => {
  expect(said(facts)).toEqual(expected)
})

test('is delayed once twice the interval has passed without a sync that came to its end', () => {
  expect(said({}, at('10:59'))).toEqual(['up-to-date', '09:00', null])
  expect(said({}, at('11:00'))).toEqual(['delayed', '11:00', 'no-sync-in-time'])
  expect(said({ latest: failed(true) }, at('11:00'))).toEqual(['delayed', '11:00', 'unavailable'])
  expect(said({ latest: requested, open: [requested] }, at('11:00'))).toEqual(['delayed', '11:00', 'sync-not-begun'])
  expect(said({ latest: running, open: [running] }, at('11:00'))).toEqual(['on-track', '09:31', null])
  expect(said({ latest: null, lastCompletedAt: null }, at('09:00'))).toEqual(['delayed', '09:00', 'no-sync-in-time'])
  expect(said({ schedule: { mode: 'manual' } }, '2027-11-23T10:00:00Z')).toEqual(['up-to-date', '09:00', null])
})

test('of a clock time it is delayed once two times have passed', () => {
  const facts = { schedule: nightly }
  // The second time after the 23rd is 2:00 UTC of the 25th, and what a clock time starts may begin five minutes later.
  expect(said(facts, '2026-11-25T01:59:59Z')).toEqual(['up-to-date', '09:00', null])
  const [state, since] = said(facts, '2026-11-25T02:05:00Z')
  expect(state).toBe('delayed')
  expect(since).toMatch(/^02:0[0-4]$/)
})
