import type { Clock } from '@clarity/shared/runtime/clock'
import { systemClock } from '@clarity/shared/runtime/clock'
import { expect, test, vi } from 'vitest'
import { Waiters } from './waiters.ts'

/** A clock whose short sleeps are over at once, so that the database is asked without end. */
const fastClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms >= 1_000 ? ms : 0, signal) }

test('whoever waits is woken by what is applied here, and by what the database has meanwhile', async () => {
  const handled = new Map([['con_2', 4n]])
  const waiters = new Waiters({ clock: fastClock, readHandled: async () => handled })
  const here = waiters.waitFor('con_1', 7n, { timeoutMs: 10_000 })
  const elsewhere = waiters.waitFor('con_2', 5n, { timeoutMs: 10_000 })
  waiters.tell(new Map([['con_1', 6n]]))
  waiters.tell(new Map([['con_1', 9n]]))
  expect(await here).toBe(true)
  handled.set('con_2', 5n)
  expect(await elsewhere).toBe(true)
})

test('many who wait are one question, and nobody is asked when nobody waits', async () => {
  const asked: string[][] = []
  const waiters = new Waiters({
    clock: fastClock,
    readHandled: async (ids) => {
      asked.push([...ids])
      return new Map(ids.map((id) => [id, asked.length > 2 ? 10n : 0n]))
    },
  })
  const all = Array.from({ length: 50 }, (_, index) => waiters.waitFor(`con_${index % 2}`, 3n, { timeoutMs: 10_000 }))
  expect(await Promise.all(all)).toEqual(all.map(() => true))
  // The first question is asked when only one waits.
  expect(asked).toEqual([['con_0'], ['con_0', 'con_1'], ['con_0', 'con_1']])
})

test('the wait ends after its time, and with the reason of a signal', async () => {
  const waiters = new Waiters({ clock: systemClock, readHandled: async () => new Map() })
  expect(await waiters.waitFor('con_1', 1n, { timeoutMs: 1 })).toBe(false)
  const gone = new AbortController()
  const waiting = waiters.waitFor('con_1', 1n, { timeoutMs: 10_000, signal: gone.signal })
  gone.abort(new Error('the caller has gone'))
  await expect(waiting).rejects.toThrow('the caller has gone')
})

test('when the database cannot be asked, everybody who waits is told, and the next one asks again', async () => {
  const readHandled = vi.fn<(ids: readonly string[]) => Promise<Map<string, bigint>>>()
  readHandled.mockRejectedValueOnce(new Error('away')).mockResolvedValue(new Map([['con_1', 3n]]))
  const waiters = new Waiters({ clock: fastClock, readHandled })
  const both = [1n, 2n].map((sequence) => waiters.waitFor('con_1', sequence, { timeoutMs: 10_000 }))
  expect(await Promise.allSettled(both)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  expect(await waiters.waitFor('con_1', 3n, { timeoutMs: 10_000 })).toBe(true)
})
