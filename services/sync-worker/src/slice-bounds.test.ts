import { expect, test } from 'vitest'
import { SliceBounds, SliceOver } from './slice-bounds.ts'

function bounded() {
  let nowMs = 1_000_000_000
  const clock = { now: () => nowMs, sleep: async () => undefined }
  const bounds = new SliceBounds(clock, { sliceMs: 10_000, requestsMax: 100 })
  const advance = (ms: number) => {
    nowMs += ms
  }
  return { bounds, advance }
}

test('a slice is over with its time, or with its requests', () => {
  const { bounds, advance } = bounded()
  advance(9_999)
  bounds.check()
  advance(1)
  expect(() => bounds.check()).toThrow(SliceOver)
  const busy = bounded().bounds
  busy.requests = 100
  expect(busy.isOver).toBe(true)
})

test('a clock that is set back makes no slice last as long as that', () => {
  const { bounds, advance } = bounded()
  advance(9_000)
  bounds.check()
  advance(-2_500_000)
  bounds.check()
  advance(10_000)
  expect(bounds.isOver).toBe(true)
})
