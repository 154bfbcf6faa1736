import { expect, it } from 'vitest'
import { connectedSentence, costSentence } from './estimates.ts'
import { preflightExample } from './preflight-example.ts'

it('says what is connected', () => {
  expect(connectedSentence(preflightExample)).toBe(
    'Connected to Acme: 2,000 people, 41 groups, 200 projects, 5,000 repositories.',
  )
  const counts = { ...preflightExample.counts, groups: null, members: 1 }
  expect(connectedSentence({ ...preflightExample, counts })).toBe(
    'Connected to Acme: 1 person, 200 projects, 5,000 repositories.',
  )
})

it('says what a full sync takes, and with one credential more', () => {
  expect(costSentence(preflightExample)).toBe(
    'A full sync needs about 10,474 requests: 10 h 28 min with one credential, 5 h 14 min with two credentials.',
  )
  const fullSync = { requests: 800, requestsPerHour: 1_000, hours: 0.8 }
  expect(costSentence({ ...preflightExample, fullSync })).toContain('a few minutes')
  expect(costSentence({ ...preflightExample, fullSync: { ...fullSync, requests: null } })).toBeNull()
})
