import { createHmac } from 'node:crypto'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
let { app, create } = await api.build()
let id: ConnectionId = 'con_0'
let secret = ''

beforeEach(async () => {
  await app.close()
  await api.redis.flushdb()
  ;({ app, create } = await api.build())
  id = (await create()).json().connection.id
  await api.redis.hset(
    api.keys.connection(id).record,
    'size',
    JSON.stringify({ members: 1, projects: 1, repositories: 250 }),
  )
  const cancel = (await app.inject({ url: `/v1/connections/${id}/syncs`, headers: bearer })).json().items[0].id
  await app.inject({ method: 'POST', url: `/v1/connections/${id}/syncs/${cancel}/cancel`, headers: bearer })
  secret = (await configure()).json().secret
})
afterEach(() => app.close())

const configure = (headers = bearer) => app.inject({ method: 'PUT', url: `/v1/connections/${id}/webhook`, headers })

const created = { repository: { uuid: '{r-new}' } }

async function deliver(payload: object, headers: Record<string, string> = {}, key = secret) {
  const body = JSON.stringify(payload)
  const signature = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
  const response = await app.inject({
    method: 'POST',
    url: `/v1/webhooks/bitbucket/${id}`,
    headers: {
      'content-type': 'application/json',
      'x-event-key': 'repo:created',
      'x-hub-signature': signature,
      'x-request-uuid': 'u1',
      ...headers,
    },
    payload: body,
  })
  return { status: response.statusCode, body: response.json() }
}

describe('a webhook', () => {
  test('says where and what an administrator enters, and its secret once', async () => {
    const { body } = { body: (await configure()).json() }
    expect(body).toMatchObject({
      url: `https://api.example.test/v1/webhooks/bitbucket/${id}`,
      events: expect.arrayContaining(['repo:created', 'project:updated']),
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const shown = await app.inject({ url: `/v1/connections/${id}/webhook`, headers: bearer })
    expect(shown.statusCode).toBe(200)
    for (const text of [shown.body, await api.everything()]) expect(text).not.toContain(body.secret)
  })

  test('with a new secret believes the old one no more', async () => {
    await configure()
    expect((await deliver(created)).status).toBe(401)
  })

  test('that is removed believes nothing, and both are recorded', async () => {
    const url = `/v1/connections/${id}/webhook`
    expect((await app.inject({ method: 'DELETE', url, headers: bearer })).statusCode).toBe(204)
    expect((await deliver(created)).status).toBe(401)
    expect((await app.inject({ url, headers: bearer })).statusCode).toBe(404)
    const actions = (await api.audits()).map(({ action }) => action)
    expect(actions.slice(-2)).toEqual(['webhook.configured', 'webhook.removed'])
  })

  test('of another tenant is not there', async () => {
    expect((await configure(otherBearer)).statusCode).toBe(404)
  })
})

describe('a delivery', () => {
  const scopesOf = async (syncId: string) =>
    (await app.inject({ url: `/v1/connections/${id}/syncs/${syncId}`, headers: bearer })).json()

  test('becomes a targeted sync of the list that has changed', async () => {
    const { status, body } = await deliver(created)
    expect([status, body.outcome]).toEqual([202, 'requested'])
    expect(await scopesOf(body.syncId)).toMatchObject({
      kind: 'targeted',
      trigger: 'webhook',
      scopes: ['workspace/repositories'],
    })
    expect((await api.audits()).at(-1)).toMatchObject({ action: 'sync.requested', actor: { kind: 'webhook', id } })
  })

  test('about a repository that is known becomes a sync of that one', async () => {
    const { lease } = api.keys.connection(id)
    await api.redis.set(lease, 't1')
    await api.learn(id, 't1', 'repository/r1', { kind: 'repository', uuid: '{r1}', slug: 'r1', name: 'r1' })
    const { body } = await deliver({ repository: { uuid: '{r1}' } }, { 'x-event-key': 'repo:updated' })
    expect((await scopesOf(body.syncId)).scopes).toEqual(['repository/r1'])
  })

  test.each([
    ['project:updated', { project: { uuid: '{p1}' } }, 'requested'],
    ['repo:updated', { repository: { uuid: '{r1}' } }, 'ignored'],
  ])('of %s about what the settings leave out asks for none of it', async (event, payload, outcome) => {
    await api.redis.set(api.keys.connection(id).lease, 't1')
    await api.learn(id, 't1', 'project/p1', { kind: 'project', uuid: '{p1}', key: 'P', name: 'P' })
    await api.learn(id, 't1', 'repository/r1', { kind: 'repository', uuid: '{r1}', slug: 'r1', name: 'r1' })
    await app.inject({
      method: 'PATCH',
      url: `/v1/connections/${id}`,
      headers: { ...bearer, 'if-match': '*' },
      payload: { include: { projects: ['OTHER'] } },
    })
    const { status, body } = await deliver(payload, { 'x-event-key': event })
    expect([status, body.outcome]).toEqual([202, outcome])
    if (body.syncId !== null) expect((await scopesOf(body.syncId)).scopes).toEqual(['workspace/projects'])
  })

  test('about a repository that nobody has heard of yet does nothing', async () => {
    const { body } = await deliver({ repository: { uuid: '{new}' } }, { 'x-event-key': 'repo:updated' })
    expect(body.outcome).toBe('ignored')
  })

  test('that comes again is taken once', async () => {
    await deliver(created)
    expect((await deliver(created)).body).toEqual({ outcome: 'repeated', syncId: null })
  })

  test('soon after another one waits for the schedule: the hour is not for lists alone', async () => {
    await deliver(created)
    expect((await deliver(created, { 'x-request-uuid': 'u2' })).body.outcome).toBe('delayed')
    // Three requests for 250 repositories, a quarter of a thousand an hour: every 44 s.
    expect(await api.redis.ttl(api.keys.webhookDelivery(id, 'workspace/repositories'))).toBe(44)
  })

  test.each([
    ['another secret', {}, 'other'],
    ['no signature', { 'x-hub-signature': '' }, undefined],
  ])('with %s is refused', async (_name, headers, key) => {
    const { status, body } = await deliver(created, headers, key)
    expect([status, body.type]).toEqual([401, 'urn:clarity:problem:bad-signature'])
  })

  test('for a connection that is not there is refused like one that is not signed', async () => {
    const [known, unknown] = [id, 'con_0'] as const
    const refused = await deliver(created, {}, 'other')
    id = unknown
    const missing = await deliver(created)
    id = known
    const { requestId: _, ...problem } = missing.body
    expect([missing.status, problem]).toEqual([401, { ...refused.body, requestId: undefined }])
  })

  test.each([
    ['an event that says nothing about access', { 'x-event-key': 'repo:push' }],
    ['no event', { 'x-event-key': '' }],
  ])('of %s is taken and does nothing', async (_name, headers) => {
    expect(await deliver(created, headers)).toEqual({ status: 202, body: { outcome: 'ignored', syncId: null } })
  })

  test('that is signed but is no JSON is taken and does nothing', async () => {
    const body = '{"repository":'
    const response = await app.inject({
      method: 'POST',
      url: `/v1/webhooks/bitbucket/${id}`,
      headers: {
        'content-type': 'application/json',
        'x-event-key': 'repo:created',
        'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      payload: body,
    })
    expect([response.statusCode, response.json().outcome]).toEqual([202, 'ignored'])
  })

  test('for a paused connection is taken and does nothing', async () => {
    await app.inject({ method: 'POST', url: `/v1/connections/${id}/pause`, headers: bearer })
    expect((await deliver(created)).body.outcome).toBe('ignored')
  })

  test('is limited by address, for anybody may knock', async () => {
    await app.close()
    ;({ app } = await api.build({ requestsPerMinute: 1 }))
    expect((await deliver(created, {}, 'other')).status).toBe(401)
    expect((await deliver(created, {}, 'other')).status).toBe(429)
  })
})
