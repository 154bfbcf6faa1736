import { expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { acme, createBench } from '../testing/client.ts'

const other = { ...acme, slug: 'other', consumer: { key: 'other-key', secret: 'other-secret' } }
const unauthorized = {
  status: 401,
  body: {
    type: 'error',
    error: { message: 'Token is invalid, expired, or not supported for this endpoint.' },
  },
}

test('an unknown, a missing and a misplaced token are 401', async () => {
  await using bench = await createBench()
  const token = String((await bench.requestToken('key', 'secret')).body.access_token)
  expect(await bench.get('/2.0/workspaces/acme', 'unknown')).toEqual(unauthorized)
  expect(await bench.call('GET', '/2.0/workspaces/acme')).toEqual(unauthorized)
  expect(await bench.call('GET', `/2.0/workspaces/acme?access_token=${token}`)).toEqual(unauthorized)
})

test('a token expires by the clock handed in', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock, tokenLifeSeconds: 10 })
  clock.advance(9_999)
  expect((await bench.get('/2.0/workspaces/acme')).status).toBe(200)
  clock.advance(1)
  expect(await bench.get('/2.0/workspaces/acme')).toEqual(unauthorized)
})

test.each([
  ['/2.0/workspaces/acme/members', 'account'],
  ['/2.0/workspaces/acme/permissions', 'account'],
  ['/1.0/groups/acme', 'account'],
  ['/2.0/workspaces/acme/projects', 'project'],
  ['/2.0/workspaces/acme/projects/KEY/permissions-config/users', 'project:admin'],
  ['/2.0/workspaces/acme/projects/KEY/permissions-config/groups', 'project:admin'],
  ['/2.0/repositories/acme', 'repository'],
  ['/2.0/repositories/acme/slug/permissions-config/users', 'repository:admin'],
  ['/2.0/repositories/acme/slug/permissions-config/groups', 'repository:admin'],
])('%s needs %s, and says so in an object', async (path, scope) => {
  await using bench = await createBench()
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { scopes: ['webhook'] })
  expect(await bench.get(path)).toEqual({
    status: 403,
    body: {
      type: 'error',
      error: {
        message: 'Your credentials lack one or more required privilege scopes.',
        detail: { granted: ['webhook'], required: [scope] },
      },
    },
  })
  expect((await bench.get('/2.0/workspaces/acme')).status).toBe(200)
})

test.each([
  [['project'], 200],
  [['project:admin', 'repository:admin'], 403],
])('with %j the repositories answer %i', async (scopes, status) => {
  await using bench = await createBench()
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { scopes })
  expect((await bench.get('/2.0/repositories/acme')).status).toBe(status)
})

test.each([
  '/2.0/workspaces/other',
  '/2.0/workspaces/other/members',
  '/2.0/repositories/other',
  '/1.0/groups/other',
  '/2.0/workspaces/nowhere',
  '/2.0/workspaces/acme/projects/NOPE/permissions-config/users',
  '/2.0/repositories/acme/nope/permissions-config/groups',
  '/2.0/no/such/endpoint',
])('%s is 404 for a consumer of acme', async (path) => {
  await using bench = await createBench({ workspaces: [acme, other] })
  const { status, body } = await bench.get(path)
  expect(status).toBe(404)
  expect(body).toMatchObject({ type: 'error', error: { message: expect.any(String) } })
})

test('repositories of another workspace are not found under the own one', async () => {
  await using bench = await createBench({ workspaces: [acme, other] })
  const [repository] = bench.simulator.world.workspacesBySlug.get('other')?.repositories.keys() ?? []
  const path = `/2.0/repositories/acme/${encodeURIComponent(repository ?? '')}/permissions-config/users`
  expect((await bench.get(path)).status).toBe(404)
})
