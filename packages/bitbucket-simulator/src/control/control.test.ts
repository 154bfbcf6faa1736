import { expect, test } from 'vitest'
import { acme, createBench } from '../testing/client.ts'

const size = { users: 6, groups: 2, projects: 2, repositories: 4, seed: 5 }

test('an added workspace answers to the consumer that came with it', async () => {
  await using bench = await createBench()
  const added = await bench.call('POST', '/_control/workspaces', { slug: 'umbrella', ...size })
  expect(added).toEqual({
    status: 201,
    body: {
      slug: 'umbrella',
      uuid: expect.any(String),
      consumer: { key: expect.stringMatching(/^\w{32}$/), secret: expect.stringMatching(/^\w{76}$/) },
    },
  })
  const { consumer } = [...bench.simulator.world.consumers.values()].at(-1) ?? {}
  const token = await bench.requestToken(consumer?.key ?? '', consumer?.secret ?? '')
  const answer = await bench.get('/2.0/workspaces/umbrella', String(token.body.access_token))
  expect(answer).toMatchObject({ status: 200, body: { slug: 'umbrella' } })
  expect((await bench.call('GET', '/_control/workspaces')).body.items).toEqual(['acme', 'umbrella'])
  expect((await bench.call('POST', '/_control/workspaces', { slug: 'umbrella', ...size })).status).toBe(409)
})

test('a wrong size is a 400 that lists every mistake', async () => {
  await using bench = await createBench()
  const answer = await bench.call('POST', '/_control/workspaces', { ...size, users: 0, seed: 'x' })
  expect(answer).toMatchObject({ status: 400, body: { issues: [{ path: 'users' }, { path: 'seed' }] } })
})

test('a body that is no JSON is a 400, an unknown path a 404, each with a message', async () => {
  await using bench = await createBench()
  const url = `${bench.simulator.url}/_control/workspaces`
  const broken = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })
  expect([broken.status, await broken.json()]).toEqual([400, { message: expect.any(String) }])
  const lost = await bench.call('GET', '/_control/nothing')
  expect(lost).toEqual({ status: 404, body: { message: expect.any(String) } })
  expect((await bench.call('GET', '/_control/workspaces/nowhere')).status).toBe(404)
})

test('a consumer is created when absent, keeps what is not said, and its key is unique', async () => {
  await using bench = await createBench({ workspaces: [acme, { ...size, slug: 'other' }] })
  const created = await bench.call('PUT', '/_control/workspaces/acme/consumers/second', {
    secret: 's',
    scopes: ['account'],
  })
  expect(created.body).toMatchObject({ key: 'second', secret: 's', scopes: ['account'], private: true })
  const changed = await bench.call('PUT', '/_control/workspaces/acme/consumers/second', { private: false })
  expect(changed.body).toMatchObject({ secret: 's', scopes: ['account'], private: false })
  expect((await bench.call('PUT', '/_control/workspaces/other/consumers/second', {})).status).toBe(409)
})

test('counts API calls by endpoint, status and workspace, and token calls apart', async () => {
  const other = { ...size, slug: 'other', consumer: { key: 'other-key', secret: 'other-secret' } }
  await using bench = await createBench({ workspaces: [acme, other] })
  const { uuid, repositories } = await bench.truth()
  await bench.get(`/2.0/repositories/acme/${repositories[0]?.slug}/permissions-config/users`)
  await bench.get(`/2.0/repositories/${encodeURIComponent(uuid)}/nope/permissions-config/users`)
  await bench.get('/2.0/workspaces/acme', 'unknown')
  await bench.get('/2.0/workspaces/other')
  await bench.get('/2.0/nowhere')
  await bench.requestToken('other-key', 'wrong')
  const users = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users'
  expect((await bench.call('GET', '/_control/requests?workspace=acme')).body).toEqual({
    total: 3,
    token: 1,
    byEndpoint: { [users]: 2, 'GET /2.0/workspaces/{workspace}': 1 },
    byStatus: { '200': 1, '401': 1, '404': 1 },
  })
  expect((await bench.call('GET', '/_control/requests')).body).toEqual({
    total: 5,
    token: 2,
    byEndpoint: { [users]: 2, 'GET /2.0/workspaces/{workspace}': 2, 'GET (no such endpoint)': 1 },
    byStatus: { '200': 1, '401': 1, '404': 3 },
  })
  expect((await bench.call('DELETE', '/_control/requests')).status).toBe(204)
  expect((await bench.call('GET', '/_control/requests')).body).toMatchObject({ total: 0, token: 0, byEndpoint: {} })
  expect((await bench.call('GET', '/_control/requests?workspace=nowhere')).status).toBe(404)
})
