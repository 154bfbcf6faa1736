import { describe, expect, test } from 'vitest'
import { runPreflight } from './preflight.ts'
import { requiredScopes } from './scopes.ts'
import { allScopes, clock, empty, forbidden, preflight, role, token, user, uuid, ws } from './testing/preflight.ts'
import { type Handler, json, startTestServer, text } from './testing/server.ts'

test('a workspace that can be read whole is ready, with what a full sync will cost', async () => {
  const { report, calls } = await preflight()
  expect(report).toMatchObject({
    ready: true,
    problems: [],
    credential: { state: 'works' },
    warnings: [],
    credentials: [{ id: 'the-key', state: 'works' }],
    scopes: { granted: Object.keys(requiredScopes), missing: [], excess: [] },
    workspace: { state: 'found', uuid, slug: 'acme', name: 'Acme' },
    administrator: true,
    counts: { members: 2_000, groups: 1, projects: 200, repositories: 5_000 },
    fullSync: { requests: 10_474, requestsPerHour: 1_000, hours: 10.48 },
    requests: 10,
  })
  expect(report.endpoints).toHaveLength(8)
  expect(report.endpoints.every(({ state }) => state === 'readable')).toBe(true)
  expect(calls).toHaveLength(10)
  // Of what is listed in pages, as many rows are asked for as are shown.
  const listed = calls.filter((call) => /permissions|projects|repositories/.test(call) && !call.startsWith(role))
  expect(listed.every((call) => call.includes('pagelen=20&'))).toBe(true)
})

describe('the credential', () => {
  test('that is refused ends it there, with the remedy', async () => {
    const { report, calls } = await preflight({}, json(400, { error: 'unauthorized_client' }))
    expect(report).toMatchObject({
      ready: false,
      credential: { state: 'refused', code: 'bad-credentials', remedy: expect.any(String) },
      problems: [{ field: 'credential', endpoint: null, code: 'bad-credentials' }],
      workspace: { state: 'not-probed' },
      administrator: null,
      fullSync: { requests: null, hours: null },
      requests: 0,
    })
    expect(report.endpoints.map(({ state }) => state)).toEqual(Array(8).fill('not-probed'))
    expect(calls).toEqual([])
  })

  test('that Bitbucket is too busy to judge is neither good nor bad', async () => {
    const { report } = await preflight({}, text(503, 'later'))
    expect(report).toMatchObject({
      ready: false,
      credential: { state: 'unknown' },
      problems: [{ field: 'credential' }],
    })
  })

  test('that lacks permissions is told which, once', async () => {
    const lacking = { message: 'lack one or more required privilege scopes', detail: { required: ['project:admin'] } }
    const { report } = await preflight(
      { [`${ws}/projects/ONE/permissions-config/users`]: json(403, { error: lacking }) },
      token('account', 'project', 'repository:admin'),
    )
    expect(report).toMatchObject({
      ready: false,
      scopes: { missing: ['project:admin'] },
      problems: [{ field: 'credential', code: 'scope-missing', remedy: expect.stringContaining('Projects: Admin') }],
    })
    expect(report.problems).toHaveLength(1)
    expect(report.endpoints).toContainEqual(
      expect.objectContaining({
        endpoint: 'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/users',
        state: 'refused',
        code: 'scope-missing',
      }),
    )
  })
})

test('a workspace that is not visible is told as such, and nothing below it is asked for', async () => {
  const { report, calls } = await preflight({ '/2.0/workspaces/acme': json(404, {}) })
  expect(report).toMatchObject({
    ready: false,
    credential: { state: 'works' },
    workspace: { state: 'refused', code: 'workspace-not-found' },
    problems: [{ field: 'workspace', code: 'workspace-not-found', remedy: expect.any(String) }],
  })
  expect(calls).toHaveLength(1)
})

describe('an endpoint', () => {
  test.each([
    ['refuses', forbidden, 'not-permitted'],
    ['is withdrawn', json(410, {}), 'gone'],
    ['answers nothing', text(200, ''), 'empty-body'],
    ['answers another shape', json(200, { values: [] }), 'unexpected-shape'],
  ])('that %s is a problem with its remedy, and the others are tried still', async (_name, answer, code) => {
    const { report } = await preflight({ '/1.0/groups/acme': answer })
    const endpoint = 'GET /1.0/groups/{workspace_slug}'
    expect(report.problems).toMatchObject([{ field: null, endpoint, code, remedy: expect.any(String) }])
    expect(report.counts).toMatchObject({ groups: null, members: 2_000 })
    expect(report.endpoints.filter(({ state }) => state === 'readable')).toHaveLength(7)
    expect(report.fullSync.requests).toBe(10_474)
  })

  test('below a project is not tried where there is none, and that is no problem', async () => {
    const { report, calls } = await preflight({ [`${ws}/projects`]: empty })
    expect(report).toMatchObject({ ready: true, counts: { projects: 0 }, requests: 8 })
    const [users] = report.endpoints.filter(({ state }) => state === 'not-probed')
    expect(users).toMatchObject({ reason: 'There is no project' })
    expect(calls).toHaveLength(8)
  })

  test('below the repositories is not tried where their list is refused', async () => {
    const { report } = await preflight({ [`/2.0/repositories/${encodeURIComponent(uuid)}`]: forbidden })
    expect(report).toMatchObject({
      ready: false,
      problems: [{ endpoint: 'GET /2.0/repositories/{workspace}' }],
      fullSync: { requests: null, hours: null },
    })
    expect(report.endpoints.filter(({ state }) => state === 'not-probed')).toHaveLength(2)
  })

  test('that counts nothing leaves the cost unknown', async () => {
    const uncounted = json(200, { values: [user], next: 'https://api.test/next' })
    const { report } = await preflight({ [`${ws}/permissions`]: uncounted })
    expect(report).toMatchObject({ ready: true, counts: { members: null }, fullSync: { requests: null } })
  })
})

describe('whether the credential administers the workspace is told', () => {
  test.each<[string, Readonly<Record<string, Handler>>, boolean | null]>([
    ['by its role', { [role]: json(200, { permission: 'member' }) }, false],
    ['by what it is given, where no role is told', { [role]: forbidden }, true],
    ['by what it is refused', { [role]: forbidden, '/1.0/groups/acme': forbidden }, false],
    ['not, where neither tells', { [role]: forbidden, '/1.0/groups/acme': json(410, {}) }, null],
  ])('%s', async (_name, changed, expected) => {
    expect((await preflight(changed)).report.administrator).toBe(expected)
  })

  test('but is no problem where all is readable', async () => {
    const { report } = await preflight({ [role]: json(403, {}) })
    expect(report.ready).toBe(true)
  })
})

test('an abort is the caller’s own', async () => {
  const controller = new AbortController()
  await using server = await startTestServer(() => controller.abort(new Error('stopping')), allScopes)
  const run = runPreflight(server.client, 'acme', { credentialIds: ['the-key'], clock }, controller.signal)
  await expect(run).rejects.toThrow('stopping')
})
