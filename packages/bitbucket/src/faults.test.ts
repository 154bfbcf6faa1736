import { createClock, createSimulator, FaultRule } from '@clarity/bitbucket-simulator'
import { Secret } from '@clarity/shared/runtime/secret'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { createBitbucketClient } from './client.ts'
import { listGroups } from './endpoints/groups.ts'
import { listRepositories } from './endpoints/repositories.ts'
import type { Listing } from './pages.ts'
import { runPreflight } from './preflight.ts'

/**
 * Every fault that the simulator knows, and what the client makes of it. The list has three pages, and the faults
 * meet the second one: whatever happens there, no list that lacks a row is ever called complete, and nothing hangs.
 */
const seeded = {
  slug: 'acme',
  users: 4,
  groups: 3,
  projects: 2,
  repositories: 205,
  seed: 5,
  consumer: { key: 'key', secret: 'secret' },
}
const simulator = await createSimulator({
  workspaces: [seeded],
  clock: createClock('manual', 0),
  limits: { requestsPerHour: null },
  ...(process.env.BITBUCKET_OPENAPI && { openApiPath: process.env.BITBUCKET_OPENAPI }),
})
const endpoint = 'GET /2.0/repositories/{workspace}'
const groupsEndpoint = 'GET /1.0/groups/{workspace}'
const tokenEndpoint = 'POST /site/oauth2/access_token'

type Rule = z.input<typeof FaultRule>
type FaultInput = Rule['fault']

function createClient() {
  let nowMs = 0
  return createBitbucketClient({
    urls: { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` },
    credentials: [{ kind: 'oauth-consumer', id: 'key', key: 'key', secret: new Secret('secret') }],
    clock: {
      now: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms
      },
    },
    random: () => 0,
    limits: { requestTimeoutMs: 100 },
  })
}

let client: ReturnType<typeof createClient>
// A client remembers: a credential that was told to come back in an hour rests until then.
beforeEach(() => {
  client = createClient()
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  const unfired = simulator.faults.read().filter(({ satisfied }) => !satisfied)
  simulator.faults.clear()
  // A fault that never fired has proved nothing.
  expect(unfired).toEqual([])
})
afterAll(async () => {
  await simulator.close()
  expect(simulator.conformance()?.unknown ?? []).toEqual([])
})

function meet(rule: Rule): void {
  simulator.faults.add(FaultRule.parse(rule))
}

function summary<Row>(listing: Listing<Row>): string | number {
  return listing.state === 'complete' ? listing.rows.length : listing.error.code
}

const cases: readonly [string, FaultInput, string | number, number][] = [
  ['a delay beyond the time-out', { type: 'latency', ms: 60_000 }, 'no-answer', 4],
  ['a 400', { type: 'status', status: 400 }, 'refused', 1],
  ['a 401 for good', { type: 'status', status: 401 }, 'token-kind-unsupported', 2],
  ['a 402', { type: 'status', status: 402 }, 'payment-required', 1],
  ['a 403', { type: 'status', status: 403 }, 'not-permitted', 1],
  ['a 404', { type: 'status', status: 404 }, 'not-found', 1],
  ['a 410', { type: 'status', status: 410 }, 'gone', 1],
  ['a 429', { type: 'status', status: 429 }, 'rate-limited', 4],
  ['a 429 that asks for an hour', { type: 'status', status: 429, retryAfterSeconds: 3600 }, 'rate-limited', 1],
  ['a 500', { type: 'status', status: 500 }, 'unavailable', 4],
  ['a 502 in HTML', { type: 'status', status: 502 }, 'unavailable', 4],
  ['a 503 in HTML', { type: 'status', status: 503 }, 'unavailable', 4],
  ['a 555', { type: 'status', status: 555 }, 'unavailable', 4],
  ['an answer that is lost', { type: 'status', status: 502, when: 'after' }, 'unavailable', 4],
  ['a connection that is reset', { type: 'reset' }, 'no-answer', 4],
  ['a connection that is reset after the work', { type: 'reset', when: 'after' }, 'no-answer', 4],
  ['headers that never come', { type: 'stall', at: 'headers' }, 'no-answer', 4],
  ['a body that stalls', { type: 'stall', at: 'body' }, 'no-answer', 4],
  ['a body that breaks off', { type: 'break-off' }, 'no-answer', 4],
  ['JSON that is cut', { type: 'truncate' }, 'no-answer', 4],
  ['JSON without rows', { type: 'wrong-shape', as: 'rows-renamed' }, 'unexpected-shape', 1],
  ['rows without their ids', { type: 'wrong-shape', as: 'fields-renamed' }, 'unexpected-shape', 1],
  ['an array in place of a page', { type: 'wrong-shape', as: 'array' }, 'unexpected-shape', 1],
  ['null in place of a page', { type: 'wrong-shape', as: 'null' }, 'unexpected-shape', 1],
  ['a 200 without a body', { type: 'empty', what: 'body' }, 'empty-body', 1],
  // The list shrinks, which begins it anew.
  ['an empty list in the middle', { type: 'empty', what: 'list' }, 'list-changed', 2],
  ['a row that comes twice', { type: 'duplicate-row' }, 205, 1],
  ['a row that is left out and counted', { type: 'skip-row' }, 'count-mismatch', 1],
  ['a row that is left out and not counted', { type: 'skip-row', size: 'reduced' }, 'list-changed', 2],
  ['a next page on another host', { type: 'next', to: 'elsewhere' }, 'foreign-host', 1],
  ['pages in a circle', { type: 'next', to: 'itself' }, 'looping-next', 1],
]

test.each(cases)('%s on the second page', async (_name, fault, expected, firings) => {
  meet({ endpoint, page: 2, atLeast: firings, fault })
  expect(summary(await listRepositories(client, 'acme'))).toBe(expected)
  expect(simulator.faults.read()[0]?.fired).toBe(firings)
  simulator.faults.clear()
  // Nothing of it lasts, but for who was told to come back later.
  await using fresh = createClient()
  expect(summary(await listRepositories(fresh, 'acme'))).toBe(205)
})

describe('what heals in time is not noticed', () => {
  const passing: readonly FaultInput[] = [
    { type: 'status', status: 401 },
    { type: 'status', status: 429, retryAfterSeconds: 2 },
    { type: 'status', status: 500 },
    { type: 'status', status: 502, when: 'after' },
    { type: 'status', status: 503 },
    { type: 'status', status: 555 },
    { type: 'reset' },
    { type: 'stall', at: 'headers' },
    { type: 'stall', at: 'body' },
    { type: 'break-off' },
    { type: 'truncate' },
    { type: 'empty', what: 'list' },
    { type: 'skip-row', size: 'reduced' },
  ]

  test.each(passing)('%o once, on every page', async (fault) => {
    meet({ endpoint, page: 2, attempts: { from: 1, to: 1 }, fault })
    meet({ endpoint: groupsEndpoint, attempts: { from: 1, to: 1 }, atLeast: 0, fault })
    expect(summary(await listRepositories(client, 'acme'))).toBe(205)
  })
})

test('a single row that the count does not betray needs a second look, and gets it by comparing two reads', async () => {
  // Left out of the page while no page says how many there are: one read cannot know.
  meet({ endpoint, atLeast: 3, attempts: { from: 1, to: 1 }, fault: { type: 'skip-row', size: 'absent' } })
  const first = await listRepositories(client, 'acme')
  const second = await listRepositories(client, 'acme')
  expect(summary(first)).toBe(202)
  expect(summary(second)).toBe(205)
})

test.each<[FaultInput, string | number]>([
  [{ type: 'status', status: 502 }, 'unavailable'],
  [{ type: 'truncate' }, 'no-answer'],
  [{ type: 'empty', what: 'body' }, 'empty-body'],
  [{ type: 'wrong-shape', as: 'array' }, 'unexpected-shape'],
  [{ type: 'wrong-shape', as: 'fields-renamed' }, 'unexpected-shape'],
  [{ type: 'duplicate-row' }, 4],
])('%o on the groups, which come without pages', async (fault, expected) => {
  meet({ endpoint: groupsEndpoint, fault })
  expect(summary(await listGroups(client, 'acme'))).toBe(expected)
})

test.each<[FaultInput, string]>([
  [{ type: 'status', status: 500 }, 'unavailable'],
  [{ type: 'status', status: 429 }, 'rate-limited'],
  [{ type: 'status', status: 502 }, 'unavailable'],
  [{ type: 'reset' }, 'no-answer'],
  [{ type: 'stall', at: 'body' }, 'no-answer'],
  [{ type: 'truncate' }, 'no-answer'],
  [{ type: 'wrong-shape', as: 'array' }, 'unexpected-shape'],
  [{ type: 'empty', what: 'body' }, 'empty-body'],
])('%o where the token comes from', async (fault, expected) => {
  await using fresh = createClient()
  meet({ endpoint: tokenEndpoint, fault })
  expect(summary(await listRepositories(fresh, 'acme'))).toBe(expected)
})

test('a preflight tells of each fault and throws for none', async () => {
  for (const [, fault] of cases) {
    meet({ endpoint: 'GET /2.0/workspaces/{workspace}/projects', fault })
    await using fresh = createClient()
    const report = await runPreflight(fresh, 'acme', { credentialIds: ['key'], clock: simulator.clock })
    expect(report.workspace.state).toBe('found')
    const projects = report.endpoints.find((one) => one.endpoint.endsWith('/projects'))
    const harmless = ['duplicate-row', 'skip-row', 'next', 'empty'].includes(fault.type)
    if (!harmless) expect([fault, projects?.state, report.ready]).toEqual([fault, 'refused', false])
    simulator.faults.clear()
  }
})
