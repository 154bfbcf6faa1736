import { expect, test } from 'vitest'
import { SequenceTracker } from './sequence.ts'

const at = (connectionId: string, sequence: bigint) => ({ connectionId, sequence })

test('a gapless sequence is next, next, next, for each connection by itself', () => {
  const tracker = new SequenceTracker()
  const states = [at('a', 1n), at('b', 1n), at('a', 2n), at('b', 2n)].map((event) => tracker.check(event).state)
  expect(states).toEqual(['next', 'next', 'next', 'next'])
})

test('a repeated event is recognised', () => {
  const tracker = new SequenceTracker()
  tracker.check(at('a', 1n))
  tracker.check(at('a', 2n))
  expect(tracker.check(at('a', 1n)).state).toBe('repeat')
  expect(tracker.check(at('a', 2n)).state).toBe('repeat')
  expect(tracker.check(at('a', 3n)).state).toBe('next')
})

test('missing events are reported, also before the first one, and reading goes on', () => {
  const tracker = new SequenceTracker()
  expect(tracker.check(at('a', 3n))).toEqual({ state: 'gap', expected: 1n, found: 3n })
  expect(tracker.check(at('a', 4n)).state).toBe('next')
  expect(tracker.check(at('a', 7n))).toEqual({ state: 'gap', expected: 5n, found: 7n })
})
