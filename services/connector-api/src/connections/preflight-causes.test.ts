import { createClock, createSimulator, FaultRule } from '@clarity/bitbucket-simulator'
import { Preflight, type PreflightProblem, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { Budget } from '@clarity/shared/store/budget'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { BitbucketOptions } from './bitbucket.ts'
import { createPreflightCheck } from './preflight.ts'

/**
 * Whatever can stand in the way of connecting a workspace, as Bitbucket does it: each can be told from each by its code, its field and
 * its endpoint, and each has its remedy. A form needs nothing else to say it in its own words.
 */
const seeded = { slug: 'acme', users: 30, groups: 3, projects: 3, repositories: 25, seed: 7 }
const consumer = { key: 'consumer-key', secret: 'consumer-secret' }
const simulator = await createSimulator({
  workspaces: [
    { ...seeded, consumer },
    { ...seeded, slug: 'globex', seed: 8, consumer: { key: 'other', secret: 'other' } },
  ],
  clock: createClock('manual', Date.parse('2026-11-23T10:20:00Z')),
  limits: { requestsPerHour: null },
  ...(process.env.BITBUCKET_OPENAPI && { openApiPath: process.env.BITBUCKET_OPENAPI }),
})
/** Waits take no time, and the time stands still. */
const clock = { now: () => simulator.clock.now(), sleep: async () => undefined }
const urls = { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` }
const budget: Budget = {
  limit: 1_000_000,
  take: async (leaseId, count) => ({ state: 'granted', leaseId, count, forMs: 1_000 }),
  settle: async () => undefined,
  refuse: async () => undefined,
  used: async () => 0,
}
const groups = 'GET /1.0/groups/{workspace}'
const [right, wrong] = [consumer, { ...consumer, secret: 'not-the-secret' }].map((pair) => ({
  kind: 'oauth-consumer',
  ...pair,
}))
const everyScope = ['account', 'project', 'project:admin', 'repository', 'repository:admin']

async function validate(given: object = {}, options: Partial<BitbucketOptions> = {}): Promise<Preflight> {
  const request = PreflightRequest.parse({ workspace: 'acme', credential: right, ...given })
  const check = createPreflightCheck({ urls, timeoutMs: 8_000, clock, budgetOf: () => budget, ...options })
  return Preflight.parse(await check(request))
}

async function control(method: string, path: string, body?: object): Promise<void> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${simulator.url}/_control${path}`, { method, ...json })
  expect(response.ok).toBe(true)
}

const change = (settings: object) => () => control('PUT', `/workspaces/acme/consumers/${consumer.key}`, settings)
const meet = (rule: z.input<typeof FaultRule>) => async () => {
  simulator.faults.add(FaultRule.parse(rule))
}

afterEach(async () => {
  simulator.faults.clear()
  const whole = { secret: consumer.secret, scopes: everyScope, private: true, administrator: true }
  await change({ ...whole, callbackUrl: 'https://claritysecurity.com' })()
})
afterAll(async () => {
  await simulator.close()
  expect(simulator.conformance()?.unknown ?? []).toEqual([])
})

interface Cause {
  readonly cause: string
  readonly arrange: () => Promise<void>
  readonly given?: object
  readonly options?: Partial<BitbucketOptions>
  readonly expected: readonly Partial<PreflightProblem>[]
}

const listOf = (endpoint: string, code: string) => ({ field: null, endpoint, code })
const permissionLists = [
  'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/users',
  'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/groups',
  'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users',
  'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/groups',
]
const ourGroups = 'GET /1.0/groups/{workspace_slug}'
const nothing = async () => undefined
const nowhere = 'http://127.0.0.1:1'

const causes: readonly Cause[] = [
  {
    cause: 'a key and secret that Bitbucket does not know',
    arrange: nothing,
    given: { credential: wrong },
    expected: [{ field: 'credential', code: 'bad-credentials' }],
  },
  {
    cause: 'a consumer that is public',
    arrange: change({ private: false }),
    expected: [{ field: 'credential', code: 'consumer-not-private' }],
  },
  {
    cause: 'a consumer without a callback URL',
    arrange: change({ callbackUrl: null }),
    expected: [{ field: 'credential', code: 'consumer-without-callback-url' }],
  },
  {
    cause: 'scopes that are missing',
    arrange: change({ scopes: ['account', 'project', 'repository'] }),
    expected: [{ field: 'credential', code: 'scope-missing' }],
  },
  {
    cause: 'a workspace that is not visible',
    arrange: nothing,
    given: { workspace: 'globex' },
    expected: [{ field: 'workspace', code: 'workspace-not-found' }],
  },
  {
    cause: 'a 401 at one endpoint only',
    arrange: meet({ endpoint: groups, fault: { type: 'status', status: 401 } }),
    expected: [listOf(ourGroups, 'token-kind-unsupported')],
  },
  {
    cause: 'lists that only administrators may read',
    arrange: change({ administrator: false }),
    expected: [ourGroups, ...permissionLists].map((endpoint) => listOf(endpoint, 'not-permitted')),
  },
  {
    cause: 'an endpoint that is withdrawn',
    arrange: meet({ endpoint: groups, fault: { type: 'status', status: 410 } }),
    expected: [listOf(ourGroups, 'gone')],
  },
  {
    cause: 'a workspace that is closed',
    arrange: meet({ endpoint: 'GET /2.0/workspaces/{workspace}', fault: { type: 'status', status: 410 } }),
    expected: [{ field: 'workspace', code: 'gone' }],
  },
  {
    cause: 'an hour that is used up, as Bitbucket counts it and says when it ends',
    arrange: meet({ endpoint: groups, fault: { type: 'status', status: 429, retryAfterSeconds: 3_000 } }),
    expected: [{ field: 'credential', code: 'rate-limited', continuesAt: '2026-11-23T11:10:00.000Z' }],
  },
  {
    cause: 'an hour that is used up, without a word of when it ends',
    arrange: meet({ endpoint: groups, fault: { type: 'status', status: 429 } }),
    expected: [{ field: 'credential', code: 'rate-limited', continuesAt: '2026-11-23T11:20:00.000Z' }],
  },
  {
    cause: 'an hour that is used up, as we count it',
    arrange: nothing,
    options: { budgetOf: () => ({ ...budget, take: async () => ({ state: 'spent', forMs: 600_000 }) }) },
    expected: [{ field: 'credential', code: 'hour-used-up', continuesAt: '2026-11-23T10:30:00.000Z' }],
  },
  {
    cause: 'a page of HTML',
    arrange: meet({ endpoint: 'GET /2.0/workspaces/{workspace}', fault: { type: 'status', status: 503 } }),
    expected: [{ field: 'workspace', code: 'unavailable' }],
  },
  {
    cause: 'a 500 for the token',
    arrange: meet({ endpoint: 'POST /site/oauth2/access_token', fault: { type: 'status', status: 500 } }),
    expected: [{ field: 'credential', code: 'unavailable' }],
  },
  {
    cause: 'a Bitbucket that cannot be reached',
    arrange: nothing,
    options: { urls: { api: nowhere, token: `${nowhere}/token` } },
    expected: [{ field: 'credential', code: 'no-answer' }],
  },
  {
    cause: 'a network policy that refuses our address',
    arrange: meet({
      endpoint: 'GET /2.0/workspaces/{workspace}',
      fault: { type: 'status', status: 403, message: 'To access this workspace, an admin must whitelist your IP.' },
    }),
    expected: [{ field: null, endpoint: null, code: 'address-refused' }],
  },
  {
    cause: 'a second credential that is refused',
    arrange: nothing,
    given: { moreCredentials: [{ ...wrong, key: 'consumer-key' }] },
    expected: [{ field: 'moreCredentials.0', code: 'bad-credentials' }],
  },
]

describe('what stands in the way is told by its code and field, with the remedy', () => {
  test.each(causes)('$cause', async ({ arrange, given, options, expected }) => {
    await arrange()
    const { ready, problems } = await validate(given, options)
    expect(ready).toBe(false)
    expect(problems).toHaveLength(expected.length)
    expect(problems).toMatchObject(expected)
    for (const { message, remedy } of problems) {
      expect(message.length).toBeGreaterThan(10)
      expect(remedy.length).toBeGreaterThan(10)
    }
  })

  test('and no two causes are told alike, but for a limit that says when it ends and one that does not', () => {
    const told = causes.map(({ expected }) => expected.map(({ code, field, endpoint }) => [code, field, endpoint]))
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(causes.length - 1)
  })
})

test('scopes that are missing or not needed are listed, and the latter are a warning', async () => {
  await change({ scopes: ['account', 'project', 'project:admin', 'repository:write'] })()
  const lacking = await validate()
  expect(lacking.scopes).toMatchObject({ missing: ['repository:admin'], excess: ['repository:write'] })
  await change({ scopes: [...everyScope, 'repository:write'] })()
  const { ready, problems, warnings } = await validate()
  expect({ ready, problems }).toEqual({ ready: true, problems: [] })
  expect(warnings).toMatchObject([
    { field: 'credential', code: 'scope-excess', message: expect.stringContaining('Repositories: Write') },
  ])
})

describe('a workspace that can be read', () => {
  test('is told of with its size, its cost, its freshness and its first facts, in ten requests', async () => {
    await control('DELETE', '/requests')
    const preflight = await validate({ schedule: { mode: 'interval', minutes: 30 } })
    const { members, groups: all, projects, repositories } = seededCounts(preflight)
    expect(preflight).toMatchObject({
      ready: true,
      problems: [],
      warnings: [],
      workspace: { state: 'found', slug: 'acme' },
      administrator: true,
      included: null,
      // Whatever an installation allows itself, Bitbucket grants no more.
      fullSync: { requests: 2 * repositories + 2 * projects + 5, requestsPerHour: 1_000 },
      credentials: [{ kind: 'oauth-consumer', key: 'consumer-key', state: 'works' }],
      requests: 10,
    })
    const made: unknown = await (await fetch(`${simulator.url}/_control/requests`)).json()
    expect(made).toMatchObject({ total: 10, token: 1 })
    expect([members, all, projects, repositories].every((size) => size > 0)).toBe(true)
    // Runs of half an hour may make half an hour's requests.
    expect(preflight.cadences).toMatchObject({ requestsPerHour: { total: 1_000 }, stretch: 1 })
    expect(preflight.scheduledRun).toEqual({
      kind: 'incremental',
      requests: 6 * (preflight.cadences?.requestsPerRun ?? 0),
      everySeconds: 1_800,
    })
    const { preview } = preflight
    expect(preview.serviceUsers).toHaveLength(20)
    expect(preview.repositories).toHaveLength(20)
    expect(preview.groups).toHaveLength(all)
    expect(preview.projects).toHaveLength(projects)
    expect(preview.grants.length).toBeGreaterThan(0)
    expect(JSON.stringify(preview)).not.toContain('@')
    expect(JSON.stringify(preflight)).not.toContain(consumer.secret)
  })

  test('and with include is counted by what that leaves', async () => {
    const all = await validate()
    const [{ key } = { key: '' }] = all.preview.projects
    const some = await validate({
      include: { projects: [key], repositories: ['*'] },
      schedule: { mode: 'cron', pattern: '0 3 * * *', kind: 'full' },
    })
    const { included } = some
    expect(included).toMatchObject({ projects: { included: 1, of: 3 }, repositories: { of: 25 }, complete: true })
    expect((included?.requests ?? 0) + (included?.saved ?? 0)).toBe(all.fullSync.requests)
    expect(included?.saved).toBeGreaterThan(0)
    expect(some.fullSync.requests).toBe(included?.requests)
    expect(some.scheduledRun).toEqual({ kind: 'full', requests: included?.requests, everySeconds: null })
    expect(new Set(some.preview.repositories.map(({ projectKey }) => projectKey))).toEqual(new Set([key]))
    // The repositories are more than were shown, so their list is read: one page.
    expect(some.requests).toBe(11)
  })

  test('and whose second credential is another consumer has two budgets', async () => {
    await control('PUT', '/workspaces/acme/consumers/second', { secret: 'second', scopes: everyScope })
    const more = { moreCredentials: [{ kind: 'oauth-consumer', key: 'second', secret: 'second' }] }
    const preflight = await validate(more)
    expect(preflight).toMatchObject({ ready: true, fullSync: { requestsPerHour: 2_000 }, requests: 11 })
    expect(preflight.credentials.map(({ key, state }) => [key, state])).toEqual([
      ['consumer-key', 'works'],
      ['second', 'works'],
    ])
  })

  test('and of which nothing is known has neither cadences nor a run', async () => {
    const refused = await validate({ credential: wrong, schedule: { mode: 'interval', minutes: 30 } })
    expect(refused).toMatchObject({
      credentials: [{ state: 'refused', code: 'bad-credentials' }],
      fullSync: { requests: null, requestsPerHour: 0, hours: null },
      cadences: null,
      scheduledRun: null,
      requests: 0,
    })
  })
})

function seededCounts({ counts }: Preflight) {
  const { members, groups: all, projects, repositories } = counts
  return { members: members ?? 0, groups: all ?? 0, projects: projects ?? 0, repositories: repositories ?? 0 }
}
