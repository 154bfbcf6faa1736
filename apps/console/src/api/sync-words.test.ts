import { expect, test } from 'vitest'
import { changesOf, coverageOf, resultOf, sayChanges, secondsOf } from './sync-words.ts'

const coverage = (stale: number, unobservable: number, notIncluded?: number) => ({
  ...{ complete: 10, stale, unobservable },
  ...(notIncluded !== undefined && { notIncluded }),
})

test('a sync that ended is complete, or partial where something could not be read', () => {
  const ended = { state: 'completed' as const, waitingFor: null }
  expect(resultOf({ ...ended, coverage: coverage(0, 0) })).toBe('complete')
  expect(resultOf({ ...ended, coverage: coverage(1, 0) })).toBe('partial')
  // What the settings leave out was not to be read.
  expect(resultOf({ ...ended, coverage: coverage(0, 4, 4) })).toBe('complete')
  expect(coverageOf({ coverage: coverage(1, 6, 4) })).toEqual({ read: 10, of: 13 })
})

test('one that is not over says what it waits for', () => {
  const running = { state: 'running' as const, coverage: null }
  expect(resultOf({ ...running, waitingFor: null })).toBe('running')
  expect(resultOf({ ...running, waitingFor: 'request-budget' })).toBe('waiting-for-budget')
  expect(resultOf({ ...running, waitingFor: 'stream' })).toBe('waiting-for-stream')
  expect(resultOf({ state: 'requested', waitingFor: null, coverage: null })).toBe('queued')
})

test('changes of all kinds are summed up, and said without those of which there are none', () => {
  const stats = {
    grants: { scanned: 9, unchanged: 6, added: 2, changed: 1, removed: 0 },
    nestings: { scanned: 4, unchanged: 1, added: 3, changed: 0, removed: 0 },
  }
  expect(changesOf({ stats })).toEqual({ added: 5, changed: 1, removed: 0 })
  expect(sayChanges(changesOf({ stats }))).toBe('5 added, 1 changed')
  expect(sayChanges({ added: 0, changed: 0, removed: 0 })).toBe('none')
})

test('the duration goes on until the end', () => {
  const startedAt = '2026-11-23T10:00:00Z'
  const now = Date.parse('2026-11-23T10:00:30Z')
  expect(secondsOf({ startedAt: null, finishedAt: null }, now)).toBeNull()
  expect(secondsOf({ startedAt, finishedAt: null }, now)).toBe(30)
  expect(secondsOf({ startedAt, finishedAt: '2026-11-23T10:00:12Z' }, now)).toBe(12)
})
