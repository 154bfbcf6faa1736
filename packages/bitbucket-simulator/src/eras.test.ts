import { expect, test } from 'vitest'
import { acme, createBench } from './testing/client.ts'

const removed = [
  '/2.0/workspaces',
  '/2.0/repositories',
  '/2.0/user/permissions/workspaces',
  '/2.0/user/permissions/repositories',
]

test.each(removed)('%s is gone in 2026, and says by which change', async (path) => {
  await using bench = await createBench()
  const { status, body } = await bench.get(path)
  expect(status).toBe(410)
  expect(body).toMatchObject({
    type: 'error',
    error: { message: expect.stringContaining('CHANGE-2770'), data: { announcement_url: expect.any(String) } },
  })
})

test.each(removed)('%s is a list in old times, for a consumer as for a person', async (path) => {
  await using bench = await createBench({ era: 'legacy' })
  expect(await bench.get(path)).toMatchObject({ status: 200, body: { values: expect.any(Array) } })
  const { members } = await bench.truth()
  const { body } = await bench.call('POST', '/_control/workspaces/acme/api-tokens', { userUuid: members[0]?.userUuid })
  const asPerson = await bench.fetch(path, `Basic ${btoa(`${body.email}:${body.token}`)}`)
  expect([asPerson.status, JSON.stringify(await asPerson.json())]).toEqual([200, expect.stringContaining('"type"')])
})

test.each([
  ['2026', 'team', 'app_user'],
  ['legacy', 'team', 'team'],
  ['legacy', 'personal', 'user'],
] as const)('in %s the consumer of a %s workspace is a %s', async (era, kind, type) => {
  await using bench = await createBench({ era, workspaces: [{ ...acme, settings: { kind } }] })
  expect((await bench.get('/2.0/user')).body).toMatchObject({ type, uuid: expect.stringMatching(/^\{/) })
})

test('a token of old times lives two hours and names its scopes twice', async () => {
  await using bench = await createBench({ era: 'legacy' })
  const { body } = await bench.requestToken('key', 'secret')
  expect(body).toMatchObject({ expires_in: 7200, scopes: body.scope, refresh_token: expect.any(String) })
  await using today = await createBench()
  const { body: token } = await today.requestToken('key', 'secret')
  expect(token).toMatchObject({ expires_in: 3600, scope: expect.any(String) })
  expect(token).not.toHaveProperty('scopes')
})

test('uuids stand wherever slugs do in old times', async () => {
  await using bench = await createBench({ era: 'legacy' })
  const { uuid, projects } = await bench.truth()
  const workspace = encodeURIComponent(uuid)
  const project = encodeURIComponent(projects[0]?.uuid ?? '')
  for (const path of [
    `/1.0/groups/${workspace}`,
    `/1.0/groups/${workspace}/administrators/members`,
    `/2.0/workspaces/${workspace}/projects/${project}/permissions-config/groups`,
  ]) {
    expect([path, (await bench.get(path)).status]).toEqual([path, 200])
  }
})

test('the undocumented lists of groups and of their members are pages, in old times only', async () => {
  await using bench = await createBench({ era: 'legacy' })
  const { groups } = await bench.truth()
  const rows = await bench.list('/internal/workspaces/acme/groups?pagelen=2')
  expect(rows.map(({ slug }) => slug)).toEqual(groups.map(({ slug }) => slug))
  const [group] = groups
  const members = await bench.list(`/internal/workspaces/acme/groups/${group?.slug}/members?pagelen=1`)
  expect(members.map(({ uuid }) => uuid)).toEqual(group?.memberUuids)
  await using today = await createBench()
  expect((await today.get('/internal/workspaces/acme/groups')).status).toBe(404)
})

test('below /api the same answers, and next stays below it', async () => {
  await using bench = await createBench({ era: 'legacy' })
  const { body } = await bench.get('/api/2.0/repositories/acme?pagelen=1')
  expect(body.next).toBe(`${bench.simulator.url}/api/2.0/repositories/acme?pagelen=1&page=2`)
  expect(JSON.stringify(body.values)).toContain(`${bench.simulator.url}/api/2.0/repositories/acme/`)
  expect((await bench.get(body.next ?? '')).status).toBe(200)
  expect((await bench.get('/api/1.0/groups/acme')).status).toBe(200)
})

test('every answer of old times is JSON', async () => {
  await using bench = await createBench({ era: 'legacy', limits: { requestsPerHour: 4, form: 'text' } })
  for (const path of [
    '/2.0/user',
    '/2.0/nothing',
    '/2.0/workspaces/nowhere',
    '/1.0/groups',
    '/2.0/user',
    '/2.0/user',
  ]) {
    const response = await bench.fetch(path)
    expect([path, response.headers.get('content-type')]).toEqual([path, 'application/json; charset=utf-8'])
    await response.json()
  }
})
