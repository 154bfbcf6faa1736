import { expect, test } from 'vitest'
import { createClock } from './clock.ts'

test('a manual clock stands still until it is moved, and then ends the waits that are over', async () => {
  const clock = createClock('manual', 1_000)
  const ended: string[] = []
  const short = clock.sleep(10).then(() => ended.push('short'))
  const long = clock.sleep(20).then(() => ended.push('long'))
  clock.advance(9)
  await Promise.resolve()
  expect([clock.now(), ended]).toEqual([1_009, []])
  clock.advance(1)
  await short
  expect(ended).toEqual(['short'])
  clock.advance(3_600_000)
  await long
  expect(ended).toEqual(['short', 'long'])
})

test('a wait ends when its signal aborts', async () => {
  const gone = new AbortController()
  const wait = createClock('manual', 0).sleep(1_000, gone.signal)
  gone.abort()
  await wait
})

test('the system clock can be moved forward, and ends waits at once', async () => {
  const clock = createClock('system')
  const before = clock.now()
  const wait = clock.sleep(3_600_000)
  clock.advance(3_600_000)
  await wait
  expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000)
})
