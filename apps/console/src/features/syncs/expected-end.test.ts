import { expect, test } from 'vitest'
import { formatRange, sayEnd } from './expected-end.ts'

const start = Date.parse('2026-11-23T10:00:00Z')
const minutes = (count: number) => start + count * 60_000
const clock = (at: string) => at.slice(11, 16)

function running(endMinute: number, requests = 1_000, waitingUntil: string | null = null) {
  const endsAt = new Date(minutes(endMinute)).toISOString()
  const waitingFor = waitingUntil === null ? null : ('request-budget' as const)
  return { state: 'running' as const, estimate: { requests, endsAt }, waitingFor, waitingUntil }
}

test('says a range, and keeps to it while the estimate moves little', () => {
  const said = sayEnd(null, running(100), start, clock)
  expect(said).toMatchObject({ fromMs: minutes(100), untilMs: minutes(110), reason: null })
  expect(said && formatRange(said, clock)).toBe('between 11:40 and 11:50')
  expect(sayEnd(said, running(109), start, clock)).toBe(said)
})

test('says it anew, with the reason, when it has moved by more than a tenth', () => {
  const said = sayEnd(null, running(100), start, clock)
  const reasonOf = (sync: ReturnType<typeof running>) => sayEnd(said, sync, start, clock)?.reason
  expect(reasonOf(running(140, 1_000, '2026-11-23T11:20:00Z'))).toBe('waiting for budget until 11:20')
  expect(reasonOf(running(140, 1_400))).toBe('there is more to read than was expected')
  expect(reasonOf(running(140))).toBe('it goes on longer than was expected')
  expect(reasonOf(running(60))).toBe('it goes faster than was expected')
})

test('says it anew when the time that was said is over', () => {
  const said = sayEnd(null, running(1), start, clock)
  const again = sayEnd(said, running(1), minutes(3), clock)
  expect(again).toMatchObject({ fromMs: minutes(3), reason: 'it goes on longer than was expected' })
})

test('says nothing where nothing is known, or nothing is awaited any more', () => {
  expect(sayEnd(null, { ...running(1), estimate: null }, start, clock)).toBeNull()
  expect(sayEnd(null, { ...running(1), state: 'completed' }, start, clock)).toBeNull()
})
