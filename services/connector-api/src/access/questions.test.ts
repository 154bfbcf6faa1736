import { expect, test } from 'vitest'
import { refuseFuture } from './questions.ts'

const clock = { now: () => Date.parse('2026-11-23T10:00:00Z'), sleep: () => Promise.resolve() }

test.each(['2026-11-23T10:00:00Z', '2020-01-01T00:00:00Z', '2026-11-23T10:01:00Z', undefined])(
  'a time that has passed, or is but a minute ahead, may be asked about: %s',
  (asOf) => expect(() => refuseFuture(clock, { asOf })).not.toThrow(),
)

test('who will have which access is not known', () => {
  const ask = () => refuseFuture(clock, { from: '2026-11-01T00:00:00Z', to: '2026-11-23T10:01:01Z' })
  expect(ask).toThrow(
    expect.objectContaining({ code: 'time-not-kept', mistakes: [expect.objectContaining({ field: 'to' })] }),
  )
})
