import { expect, test } from 'vitest'
import { SequenceTracker } from './sequence.ts'

const at = (connectionId: string, sequence: bigint) => ({ connectionId, sequence })

function taker(handled?: ReadonlyMap<string, bigint>) {
  const tracker = new SequenceTracker(handled)
  return (connectionId: string, sequence: bigint) => {
    const check = tracker.check(at(connectionId, sequence))
    if (check.state !== 'repeat') tracker.accept(at(connectionId, sequence))
    return check
  }
}

test('a gapless sequence is next, next, next, for each connection by itself', () => {
  const take = taker()
  const states = [take('a', 1n), take('b', 1n), take('a', 2n), take('b', 2n)].map(({ state }) => state)
  expect(states).toEqual(['next', 'next', 'next', 'next'])
})

test('a repeated event is recognised', () => {
  const take = taker()
  take('a', 1n)
  take('a', 2n)
  expect([take('a', 1n), take('a', 2n), take('a', 3n)].map(({ state }) => state)).toEqual(['repeat', 'repeat', 'next'])
})

test('missing events are reported, also before the first one, and reading goes on', () => {
  const take = taker(new Map())
  expect(take('a', 3n)).toEqual({ state: 'gap', expected: 1n, found: 3n })
  expect(take('a', 4n).state).toBe('next')
  expect(take('a', 7n)).toEqual({ state: 'gap', expected: 5n, found: 7n })
})

test('an event whose handler failed is not a repeat when it comes again', () => {
  const tracker = new SequenceTracker()
  expect(tracker.check(at('a', 1n)).state).toBe('next')
  expect(tracker.check(at('a', 1n)).state).toBe('next')
})

test('who goes on after a restart without knowing what was handled is told of no gap that is none', () => {
  const take = taker()
  expect([take('a', 500n), take('a', 501n)].map(({ state }) => state)).toEqual(['next', 'next'])
  expect(take('a', 503n)).toEqual({ state: 'gap', expected: 502n, found: 503n })
})

test('who knows what was handled finds repeats and gaps across a restart', () => {
  const take = taker(
    new Map([
      ['a', 500n],
      ['b', 7n],
    ]),
  )
  expect(take('a', 500n).state).toBe('repeat')
  expect(take('a', 501n).state).toBe('next')
  expect(take('b', 9n)).toEqual({ state: 'gap', expected: 8n, found: 9n })
})
