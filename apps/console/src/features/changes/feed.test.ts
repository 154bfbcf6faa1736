import { describe, expect, test } from 'vitest'
import { readChangesSearch } from './changes-search.ts'
import { arrive, emptyLive, type LiveFeed, liveMax, showWaiting } from './live-feed.ts'
import { toRows } from './rows.ts'

const event = (sequence: number, ce_time = '2026-11-23T10:00:00.000Z', ce_recordedtime?: string) => ({
  sequence,
  headers: { ce_time, ...(ce_recordedtime !== undefined && { ce_recordedtime }) },
})
const dayOf = (at: string) => at.slice(0, 10)

describe('the rows of the feed', () => {
  test('begin each day with a line', () => {
    const events = [event(4, '2026-11-24T09:00:00.000Z'), event(3, '2026-11-24T08:00:00.000Z'), event(2), event(1)]
    expect(toRows(events, { isWhole: true, dayOf }).map(({ key }) => key)).toEqual([
      ...['day-2026-11-24-4', 'event-4', 'event-3', 'day-2026-11-23-2', 'event-2', 'event-1'],
    ])
  })

  test('place what was held on the day when it was decided', () => {
    const held = event(9, '2026-11-20T09:00:00.000Z', '2026-11-23T12:00:00.000Z')
    expect(toRows([held, event(8)], { isWhole: true, dayOf }).map(({ key }) => key)).toEqual([
      ...['day-2026-11-23-9', 'event-9', 'event-8'],
    ])
  })

  test('say where numbers are missing, which a filter explains', () => {
    const events = [event(9), event(5), event(4)]
    expect(toRows(events, { isWhole: true, dayOf })).toContainEqual({ type: 'gap', key: 'gap-6', from: 6, to: 8 })
    expect(toRows(events, { isWhole: false, dayOf }).map(({ type }) => type)).not.toContain('gap')
  })
})

describe('what comes while the page is open', () => {
  test('is shown at the top at once', () => {
    const live = arrive(arrive(emptyLive, [event(2), event(1)], true), [event(3)], true)
    expect(live.shown.map(({ sequence }) => sequence)).toEqual([3, 2, 1])
    expect(live.waiting).toEqual([])
  })

  test('waits for who reads further down, and comes when it is asked for', () => {
    const live = arrive(arrive(emptyLive, [event(1)], true), [event(3), event(2)], false)
    expect(live.waiting).toHaveLength(2)
    expect(showWaiting(live).shown.map(({ sequence }) => sequence)).toEqual([3, 2, 1])
    const more = arrive(live, [event(4)], true)
    expect(more.shown.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1])
  })

  test('is there once, though it came twice', () => {
    const live = arrive(emptyLive, [event(2), event(1)], false)
    expect(arrive(live, [event(3), event(2)], false).waiting.map(({ sequence }) => sequence)).toEqual([3, 2, 1])
  })

  test('is no longer kept once it is too much', () => {
    const many = Array.from({ length: liveMax }, (_, index) => event(liveMax - index))
    const full: LiveFeed<(typeof many)[number]> = arrive(emptyLive, many, false)
    expect(full.isTooMuch).toBe(false)
    const over = arrive(full, [event(liveMax + 1)], false)
    expect([over.isTooMuch, over.waiting.length]).toEqual([true, liveMax])
  })
})

test('an address that is not understood asks for everything', () => {
  const search = { name: 'sync.', person: 7, privileged: 'yes', event: '12', first: true, x: 'y' }
  expect(readChangesSearch(search)).toEqual({ name: 'sync.', first: true })
})
