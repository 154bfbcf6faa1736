import { expect, test } from 'vitest'
import type { Connection } from './queries.ts'
import { explainReason } from './reasons.ts'
import { whyOf } from './status-words.ts'

type State = Connection['status']['state']

const why = (state: State, reason: string | null = null, remedy?: string) =>
  whyOf({
    status: { state, since: null, reason },
    health: remedy === undefined ? { state: 'ok' } : { state: 'degraded', remedy },
  })

test('a state is explained by its reason, and the remedy is that of the API where it gives one', () => {
  expect(why('action-required', 'token-refused').means).toContain('revoked or has expired')
  expect(why('action-required', 'token-refused', 'Do this.').remedy).toBe('Do this.')
  expect(why('delayed', 'sync-not-begun').means).toBe('A sync was due and has not begun.')
  expect(why('on-track', 'unavailable').means).toContain('tried again by schedule')
})

test('a reason that is not known stands for itself', () => {
  expect(explainReason('moon-in-the-way').means).toContain('moon-in-the-way')
})
