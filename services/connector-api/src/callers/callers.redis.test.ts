import { afterEach, beforeEach, expect, test } from 'vitest'
import { bearer, createTestApi, operatorBearer, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
let { app } = await api.build()

beforeEach(async () => {
  await app.close()
  await api.redis.flushdb()
  ;({ app } = await api.build())
})
afterEach(() => app.close())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

async function call(method: Method, url: string, headers: Record<string, string>, payload?: object) {
  const response = await app.inject({ method, url, headers, ...(payload && { payload }) })
  return { status: response.statusCode, body: response.body === '' ? null : response.json(), text: response.body }
}

const withKey = (key: string) => ({ authorization: `Bearer ${key}` })

async function makeKey(wanted: object = {}, headers: Record<string, string> = bearer) {
  const { status, body } = await call('POST', '/v1/api-keys', headers, {
    name: 'ci',
    scopes: ['connections:read'],
    ...wanted,
  })
  expect(status).toBe(201)
  return body as { id: string; key: string }
}

test('a key is shown once, lets its holder in, and is kept nowhere', async () => {
  const { id, key } = await makeKey()
  expect(key).toMatch(/^clarity_[\w-]{43}$/)
  expect((await call('GET', '/v1/connections/con_1', withKey(key))).status).toBe(404)
  const listed = await call('GET', '/v1/api-keys', bearer)
  expect(listed.body.items).toEqual([
    expect.objectContaining({ id, name: 'ci', scopes: ['connections:read'], lastUsedAt: '2026-11-23T10:00:00.000Z' }),
  ])
  for (const text of [listed.text, await api.everything()]) expect(text).not.toContain(key.slice(8))
})

test('a key that is revoked lets nobody in any more', async () => {
  const { id, key } = await makeKey()
  expect((await call('DELETE', `/v1/api-keys/${id}`, bearer)).status).toBe(204)
  expect((await call('GET', '/v1/api-keys', withKey(key))).status).toBe(401)
  expect((await call('DELETE', `/v1/api-keys/${id}`, bearer)).status).toBe(404)
  expect((await call('GET', '/v1/api-keys', bearer)).body.items).toEqual([])
})

test('a key that has expired lets nobody in any more', async () => {
  const { key } = await makeKey({ expiresAt: '2026-11-23T10:00:01.000Z' })
  expect((await call('GET', '/v1/api-keys', withKey(key))).status).toBe(200)
  api.setNow('2026-11-23T10:00:01.000Z')
  expect((await call('GET', '/v1/api-keys', withKey(key))).status).toBe(401)
  api.setNow(null)
})

test('a key that would have expired before it is made is refused', async () => {
  const { status, body } = await call('POST', '/v1/api-keys', bearer, {
    name: 'late',
    scopes: ['access:read'],
    expiresAt: '2026-11-23T10:00:00.000Z',
  })
  expect([status, body.type, body.errors[0].field]).toEqual([422, 'urn:clarity:problem:expires-in-past', 'expiresAt'])
})

test('who made and who revoked a key is recorded, and so is who made and suspended a tenant', async () => {
  const { id } = await makeKey()
  await call('DELETE', `/v1/api-keys/${id}`, bearer)
  await call('POST', '/v1/tenants', operatorBearer, { id: 'umbra', name: 'Umbra' })
  await call('PATCH', '/v1/tenants/umbra', operatorBearer, { state: 'suspended' })
  const records = await api.audits()
  expect(records.map(({ action, target, actor }) => [action, target.id, actor.kind])).toEqual([
    ['api-key.created', id, 'api-key'],
    ['api-key.revoked', id, 'api-key'],
    ['tenant.created', 'umbra', 'operator'],
    ['tenant.changed', 'umbra', 'operator'],
  ])
  expect(records[3]).toMatchObject({ before: { state: 'active' }, after: { state: 'suspended' }, tenantId: 'umbra' })
  expect(records[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/)
})

test('two keys of a name may live at a time, so that one takes the place of the other', async () => {
  const first = await makeKey()
  await makeKey()
  const third = { name: 'ci', scopes: ['connections:read'] }
  expect((await call('POST', '/v1/api-keys', bearer, third)).body.type).toBe('urn:clarity:problem:key-name-taken')
  await call('DELETE', `/v1/api-keys/${first.id}`, bearer)
  expect((await call('POST', '/v1/api-keys', bearer, third)).status).toBe(201)
})

test('nobody gives more than they have', async () => {
  const { key } = await makeKey({ scopes: ['connections:write', 'access:read'] })
  const wanted = { name: 'more', scopes: ['access:read', 'removals:approve'] }
  const { status, body } = await call('POST', '/v1/api-keys', withKey(key), wanted)
  expect([status, body.type]).toEqual([403, 'urn:clarity:problem:scopes-beyond-own'])
  expect(body.errors[0].message).toContain('removals:approve')
  expect((await call('POST', '/v1/api-keys', withKey(key), { ...wanted, scopes: ['access:read'] })).status).toBe(201)
})

test('nobody makes an operator of themselves', async () => {
  const { status } = await call('POST', '/v1/api-keys', bearer, { name: 'x', scopes: ['operator'] })
  expect(status).toBe(400)
})

test('a caller without the scope is told which one it lacks', async () => {
  const { key } = await makeKey({ scopes: ['access:read'] })
  const { status, body } = await call('POST', '/v1/connections/con_1/syncs', withKey(key))
  expect([status, body.type]).toEqual([403, 'urn:clarity:problem:insufficient-scope'])
  expect(body.detail).toContain('syncs:write')
})

test('the keys of another tenant are not there', async () => {
  const { id } = await makeKey()
  expect((await call('GET', '/v1/api-keys', otherBearer)).body.items).toEqual([])
  expect((await call('DELETE', `/v1/api-keys/${id}`, otherBearer)).status).toBe(404)
  expect((await call('GET', '/v1/api-keys', bearer)).body.items).toHaveLength(1)
})

test('an operator makes a tenant and its first key, and sees nothing of what the tenant has', async () => {
  expect((await call('POST', '/v1/tenants', operatorBearer, { id: 'umbra', name: 'Umbra' })).status).toBe(201)
  const again = await call('POST', '/v1/tenants', operatorBearer, { id: 'umbra', name: 'Other' })
  expect([again.status, again.body.errors[0].field]).toEqual([409, 'id'])
  const made = await call('POST', '/v1/tenants/umbra/api-keys', operatorBearer, {
    name: 'first',
    scopes: ['connections:read', 'connections:write'],
  })
  expect(made.status).toBe(201)
  expect((await call('GET', '/v1/api-keys', withKey(made.body.key))).status).toBe(200)
  expect((await call('GET', '/v1/api-keys', operatorBearer)).status).toBe(403)
  expect((await call('GET', '/v1/tenants', withKey(made.body.key))).status).toBe(403)
})

test('none of the callers of a suspended tenant is let in, until it is let in again', async () => {
  const { key } = await makeKey()
  const change = (state: string) => call('PATCH', '/v1/tenants/acme', operatorBearer, { state })
  expect((await change('suspended')).body.state).toBe('suspended')
  for (const headers of [bearer, withKey(key)]) {
    expect((await call('GET', '/v1/api-keys', headers)).body.type).toBe('urn:clarity:problem:tenant-not-active')
  }
  await change('active')
  expect((await call('GET', '/v1/api-keys', bearer)).status).toBe(200)
})

test.each([
  ['nothing', {}],
  ['an unknown key', withKey('clarity_unknown')],
  ['another scheme', { authorization: 'Basic a2V5Og==' }],
  ['an empty key', { authorization: 'Bearer ' }],
])('with %s nobody is let in', async (_name, headers) => {
  const { status, body } = await call('GET', '/v1/api-keys', headers)
  expect([status, body.type]).toEqual([401, 'urn:clarity:problem:unauthenticated'])
})
