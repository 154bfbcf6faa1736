import { describe, expect, test } from 'vitest'
import { requiredScopes } from './scopes.ts'
import { allScopes, forbidden, preflight, uuid } from './testing/preflight.ts'
import { type Handler, json } from './testing/server.ts'

const scopes = Object.keys(requiredScopes).join(' ')
/** Each consumer has a token that is called as its key, unless its key says what it is given. */
const tokens =
  (given: Readonly<Record<string, Handler>> = {}): Handler =>
  (request, response) => {
    const [key = ''] = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
      .toString()
      .split(':')
    const answer = given[key] ?? json(200, { access_token: key, expires_in: 7200, scope: scopes })
    answer(request, response)
  }
/** What is answered to one consumer, and what to all others. */
const to =
  (key: string, answer: Handler, otherwise: Handler): Handler =>
  (request, response) =>
    (request.headers.authorization === `Bearer ${key}` ? answer : otherwise)(request, response)
const acme = json(200, { uuid, slug: 'acme', name: 'Acme' })

test('several credentials share the work, each tried in one request', async () => {
  const { report, calls } = await preflight({}, allScopes, { credentialIds: ['a', 'b', 'c', 'd'] })
  expect(report.fullSync).toEqual({ requests: 10_474, requestsPerHour: 4_000, hours: 2.62 })
  expect(report.credentials.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'a works',
    'b works',
    'c works',
    'd works',
  ])
  expect(report.requests).toBe(13)
  expect(calls).toHaveLength(13)
})

describe('one that does not do is told by its place, and adds nothing', () => {
  test.each<[string, Handler, Handler, string, string]>([
    [
      'with a wrong secret',
      tokens({ b: json(400, { error: 'unauthorized_client' }) }),
      acme,
      'refused',
      'bad-credentials',
    ],
    [
      'without its scopes',
      tokens({ b: json(200, { access_token: 'b', expires_in: 7200, scope: 'account' }) }),
      acme,
      'refused',
      'scope-missing',
    ],
    ['that does not see the workspace', tokens(), to('b', json(404, {}), acme), 'refused', 'workspace-not-found'],
    [
      'that sees another',
      tokens(),
      to('b', json(200, { uuid: '{x}', slug: 'acme', name: 'X' }), acme),
      'refused',
      'other-workspace',
    ],
    ['that is used up', tokens(), to('b', json(429, {}, { 'retry-after': '600' }), acme), 'unknown', 'rate-limited'],
  ])('%s', async (_name, tokenAnswer, workspaceAnswer, state, code) => {
    const changed = { '/2.0/workspaces/acme': workspaceAnswer }
    const { report } = await preflight(changed, tokenAnswer, { credentialIds: ['a', 'b', 'c'] })
    expect(report.ready).toBe(false)
    expect(report.problems).toMatchObject([
      { field: 'moreCredentials.0', endpoint: null, code, message: expect.any(String), remedy: expect.any(String) },
    ])
    expect(report.credentials.map((credential) => credential.state)).toEqual(['works', state, 'works'])
    expect(report.credential).toEqual({ state: 'works' })
    expect(report.fullSync.requestsPerHour).toBe(2_000)
  })
})

test('what the first is refused, another may read', async () => {
  const groups = json(200, [{ slug: 'devs', name: 'Devs', members: [] }])
  const answer = to('a', json(401, { error: { message: 'not supported for this endpoint' } }), groups)
  const { report: alone } = await preflight({ '/1.0/groups/acme': answer }, tokens(), { credentialIds: ['a'] })
  expect(alone.problems).toMatchObject([{ field: null, code: 'token-kind-unsupported' }])
  const { report } = await preflight({ '/1.0/groups/acme': answer }, tokens(), { credentialIds: ['a', 'b'] })
  expect(report).toMatchObject({ ready: true, problems: [], counts: { groups: 1 } })
})

test('one that is given twice is warned of, and its hour counts once', async () => {
  const { report } = await preflight({}, allScopes, { credentialIds: ['a', 'a'] })
  expect(report).toMatchObject({ ready: true, fullSync: { requestsPerHour: 1_000 } })
  expect(report.warnings).toMatchObject([{ field: 'moreCredentials.0', code: 'credential-repeated' }])
})

test('scopes that are not needed are a warning that names them, and what to have instead', async () => {
  const granted = 'account repository:write project:admin repository:admin team project'
  const token = tokens({ b: json(200, { access_token: 'b', expires_in: 7200, scope: granted }) })
  const { report } = await preflight({}, token, { credentialIds: ['a', 'b'] })
  expect(report).toMatchObject({ ready: true, scopes: { excess: [] } })
  expect(report.credentials[1]).toMatchObject({
    state: 'works',
    scopes: { missing: [], excess: ['repository:write', 'team'] },
  })
  expect(report.warnings).toMatchObject([
    {
      field: 'moreCredentials.0',
      code: 'scope-excess',
      message: expect.stringContaining('Repositories: Write, Workspace membership: Read'),
    },
  ])
})

test('a needless scope that brings a needed one with it is to be replaced by that', async () => {
  const scope = 'account:write project project:admin repository:admin'
  const token = json(200, { access_token: 'a', expires_in: 7200, scope })
  const { report } = await preflight({}, token)
  expect(report).toMatchObject({ ready: true, scopes: { missing: [], excess: ['account:write'] } })
  const remedy = 'Untick Account: Write at the OAuth consumer if nothing else uses it, and tick Account: Read instead.'
  expect(report.warnings).toMatchObject([{ field: 'credential', code: 'scope-excess', remedy }])
})

test('a limit is told once, with the time at which it ends at the latest', async () => {
  const limited = json(429, {}, { 'retry-after': '600' })
  const lists = { '/1.0/groups/acme': limited }
  const { report } = await preflight(lists)
  const told = report.problems.filter(({ code }) => code === 'rate-limited')
  expect(told).toMatchObject([{ field: 'credential', endpoint: null, continuesAt: '2026-11-23T10:10:00.000Z' }])
  const { report: unsaid } = await preflight({ '/1.0/groups/acme': json(429, {}) })
  expect(unsaid.problems).toMatchObject([{ code: 'rate-limited', continuesAt: '2026-11-23T11:00:00.000Z' }])
  const { report: other } = await preflight({ '/1.0/groups/acme': forbidden })
  expect(other.problems[0]).not.toHaveProperty('continuesAt')
})
