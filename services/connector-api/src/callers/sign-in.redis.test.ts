import { createLog } from '@clarity/shared/runtime/log'
import { apiKeysMax } from '@clarity/shared/store/api-keys'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bearer, createTestApi, input, operatorBearer } from '../testing/api.ts'

const api = await createTestApi()
let { app } = await api.build()

async function build(options: Parameters<typeof api.build>[0] = {}) {
  await app.close()
  ;({ app } = await api.build(options))
}

beforeEach(async () => {
  api.setNow(null)
  await api.redis.flushdb()
  await build()
})
afterEach(() => app.close())

const own = { origin: 'https://api.example.test', host: 'api.example.test' }
const acmeKey = 'key-of-tenant-acme'

const signIn = (payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/session', payload, headers })

/** What a browser would send back. */
function cookieOf({ headers }: { readonly headers: Record<string, unknown> }): { cookie: string } {
  return { cookie: z.string().parse(headers['set-cookie']).split(';')[0] ?? '' }
}

const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers })
const makeLink = (payload: object = {}, headers: Record<string, string> = operatorBearer) =>
  app.inject({ method: 'POST', url: '/v1/tenants/acme/sign-in-links', payload, headers })
const problemOf = (response: { json(): { type: string }; readonly statusCode: number }) => [
  response.statusCode,
  response.json().type.replace('urn:clarity:problem:', ''),
]

async function newToken(wanted: object = {}): Promise<string> {
  const { url } = z.object({ url: z.string() }).parse((await makeLink(wanted)).json())
  return url.split('#token=')[1] ?? ''
}

describe('with a key', () => {
  test('a browser is let in by a cookie that no script can read, and sees who it is', async () => {
    const response = await signIn({ key: ` ${acmeKey}\n` })
    expect(response.statusCode).toBe(201)
    expect(response.headers['set-cookie']).toBe(`clarity-session=${acmeKey}; Path=/v1; HttpOnly; SameSite=Strict`)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toEqual({
      tenant: { id: 'acme', name: 'acme' },
      caller: { kind: 'api-key', id: expect.stringMatching(/^[0-9a-f]{8}$/), name: null },
      scopes: ['connections:read', 'connections:write', 'syncs:write', 'removals:approve', 'access:read', 'audit:read'],
      expiresAt: null,
    })
    expect(response.body).not.toContain(acmeKey)
    expect((await get('/v1/api-keys', cookieOf(response))).statusCode).toBe(200)
    expect((await get('/v1/session', cookieOf(response))).json()).toEqual(response.json())
  })

  test('its own end and scopes are those of the session', async () => {
    const payload = { name: 'ann', scopes: ['access:read'], expiresAt: '2026-11-23T11:00:00.000Z' }
    const made = await app.inject({ method: 'POST', url: '/v1/api-keys', headers: bearer, payload })
    const response = await signIn({ key: made.json().key })
    expect(response.json()).toMatchObject({
      caller: { id: made.json().id, name: 'ann' },
      ...{ scopes: ['access:read'], expiresAt: payload.expiresAt },
    })
    expect(problemOf(await get('/v1/api-keys', cookieOf(response)))).toEqual([403, 'insufficient-scope'])
    expect((await get('/v1/session', cookieOf(response))).statusCode).toBe(200)
    api.setNow(payload.expiresAt)
    expect(problemOf(await get('/v1/session', cookieOf(response)))).toEqual([401, 'unauthenticated'])
    expect(problemOf(await signIn({ key: made.json().key }))).toEqual([401, 'unauthenticated'])
  })

  test('that nobody has, nobody is let in', async () => {
    const response = await signIn({ key: 'clarity_unknown' })
    expect(problemOf(response)).toEqual([401, 'unauthenticated'])
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  test('of an operator nobody is let in, and is told of sign-in links', async () => {
    const response = await signIn({ key: 'key-of-the-operator' })
    expect(problemOf(response)).toEqual([403, 'no-tenant'])
    expect(response.json().remedy).toContain('sign-in-links')
    const cookie = { cookie: 'clarity-session=key-of-the-operator' }
    expect(problemOf(await get('/v1/tenants', cookie))).toEqual([403, 'insufficient-scope'])
    expect(problemOf(await get('/v1/session', operatorBearer))).toEqual([403, 'no-tenant'])
  })

  test('of a suspended tenant nobody is let in', async () => {
    const payload = { state: 'suspended' }
    await app.inject({ method: 'PATCH', url: '/v1/tenants/acme', headers: operatorBearer, payload })
    expect(problemOf(await signIn({ key: acmeKey }))).toEqual([403, 'tenant-not-active'])
    const cookie = { cookie: `clarity-session=${acmeKey}` }
    expect(problemOf(await get('/v1/session', cookie))).toEqual([403, 'tenant-not-active'])
  })

  test('the cookie goes by https alone where browsers reach us by it', async () => {
    await build({ publicUrl: own.origin })
    expect((await signIn({ key: acmeKey })).headers['set-cookie']).toMatch(/; Secure$/)
  })

  test.each([
    ['nothing', {}],
    ['both', { key: acmeKey, signInToken: 'a'.repeat(43) }],
    ['a key with blanks', { key: 'a b' }],
    ['another field', { key: acmeKey, remember: true }],
    ['a token that is none', { signInToken: 'abc' }],
  ])('a body with %s is refused by its field', async (_, payload) => {
    const response = await signIn(payload)
    expect(problemOf(response)).toEqual([400, 'invalid-request'])
    expect(response.json().errors).toHaveLength(1)
  })
})

describe('with a sign-in link', () => {
  test('somebody is let in once, by a key of their own that ends', async () => {
    const made = await makeLink(
      { name: 'For Ann', scopes: ['access:read'], sessionHours: 2 },
      { ...operatorBearer, ...own },
    )
    expect(made.json()).toEqual({
      url: expect.stringMatching(/^http:\/\/api\.example\.test\/sign-in#token=[\w-]{43}$/),
      expiresAt: '2026-11-23T10:15:00.000Z',
    })
    const signInToken = made.json().url.split('=')[1]
    const response = await signIn({ signInToken })
    expect(response.json()).toMatchObject({
      caller: { kind: 'api-key', name: 'For Ann' },
      ...{ tenant: { id: 'acme', name: 'acme' }, scopes: ['access:read'], expiresAt: '2026-11-23T12:00:00.000Z' },
    })
    expect(response.headers['set-cookie']).toMatch(
      /^clarity-session=clarity_[\w-]{43}; Path=\/v1; Max-Age=7200; HttpOnly/,
    )
    expect(problemOf(await signIn({ signInToken }))).toEqual([401, 'sign-in-link-spent'])
    const session = cookieOf(response)
    expect((await get('/v1/session', session)).json()).toEqual(response.json())
    api.setNow('2026-11-23T12:00:00.000Z')
    expect(problemOf(await get('/v1/session', session))).toEqual([401, 'unauthenticated'])
  })

  test('of many at once a single one is let in', async () => {
    const signInToken = await newToken()
    const all = await Promise.all(Array.from({ length: 20 }, () => signIn({ signInToken })))
    expect(all.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 401)])
  })

  test('that has expired nobody is let in', async () => {
    const signInToken = await newToken({ expiresInMinutes: 1 })
    const [name = ''] = await api.redis.keys('*sign-in-link*')
    expect(await api.redis.pttl(name)).toBeGreaterThan(50_000)
    expect(await api.redis.pttl(name)).toBeLessThanOrEqual(60_000)
    api.setNow('2026-11-23T10:01:00.000Z')
    expect(problemOf(await signIn({ signInToken }))).toEqual([401, 'sign-in-link-spent'])
  })

  test('of a tenant that was suspended since nobody is let in', async () => {
    const signInToken = await newToken()
    const payload = { state: 'suspended' }
    await app.inject({ method: 'PATCH', url: '/v1/tenants/acme', headers: operatorBearer, payload })
    expect(problemOf(await signIn({ signInToken }))).toEqual([403, 'tenant-not-active'])
  })

  test('nothing is kept by which anybody could be let in', async () => {
    const signInToken = await newToken()
    expect(await api.everything()).not.toContain(signInToken)
    const credential = cookieOf(await signIn({ signInToken })).cookie.split('=')[1] ?? 'none'
    expect(await api.everything()).not.toContain(credential)
  })

  test('who made it and who was let in by it is recorded', async () => {
    const { cookie } = cookieOf(await signIn({ signInToken: await newToken({ name: 'For Ann' }) }))
    await app.inject({ method: 'DELETE', url: '/v1/session', headers: { ...own, cookie } })
    const [created, keyCreated, used, revoked] = await api.audits()
    const keyId = keyCreated?.target.id
    expect(created).toMatchObject({
      ...{ action: 'sign-in-link.created', actor: { kind: 'operator' }, tenantId: 'acme', before: null },
      after: { name: 'For Ann', sessionHours: 12, expiresAt: '2026-11-23T10:15:00.000Z' },
    })
    expect(keyCreated).toMatchObject({ action: 'api-key.created', actor: created?.actor, after: { name: 'For Ann' } })
    expect(used).toMatchObject({
      ...{ action: 'sign-in-link.used', target: created?.target, after: { keyId } },
      ...{ actor: { kind: 'api-key', id: keyId, name: 'For Ann' }, requestId: keyCreated?.requestId },
    })
    expect(revoked).toMatchObject({ action: 'api-key.revoked', target: { id: keyId }, actor: used?.actor })
  })

  test('as many are let in as links are made, and keys of sessions that have ended take no room', async () => {
    for (let i = 0; i < 3; i++) expect((await signIn({ signInToken: await newToken() })).statusCode).toBe(201)
    const list = async () => (await get('/v1/api-keys', bearer)).json().items
    expect(await list()).toHaveLength(3)
    api.setNow('2026-11-24T10:00:00.000Z')
    const payload = { name: 'Sign-in link', scopes: ['access:read'] }
    await app.inject({ method: 'POST', url: '/v1/api-keys', headers: bearer, payload })
    expect(await list()).toMatchObject([{ name: 'Sign-in link', createdAt: '2026-11-24T10:00:00.000Z' }])
  })

  test('sessions and other keys leave each other room', async () => {
    for (let i = 0; i < apiKeysMax; i++) expect((await signIn({ signInToken: await newToken() })).statusCode).toBe(201)
    expect(problemOf(await signIn({ signInToken: await newToken() }))).toEqual([409, 'too-many-keys'])
    const payload = { name: 'of a program', scopes: ['access:read'] }
    const made = await app.inject({ method: 'POST', url: '/v1/api-keys', headers: bearer, payload })
    expect(made.statusCode).toBe(201)
  })

  test('is made by operators alone, for tenants that are there, with scopes of tenants', async () => {
    expect(problemOf(await makeLink({}, bearer))).toEqual([403, 'insufficient-scope'])
    const url = '/v1/tenants/nobody/sign-in-links'
    const ofNobody = await app.inject({ method: 'POST', url, headers: operatorBearer })
    expect(problemOf(ofNobody)).toEqual([404, 'no-such-tenant'])
    for (const wrong of [{ scopes: ['operator'] }, { scopes: [] }, { expiresInMinutes: 1_441 }, { sessionHours: 25 }]) {
      expect(problemOf(await makeLink(wrong))).toEqual([400, 'invalid-request'])
    }
  })

  test('names the address at which browsers reach us', async () => {
    await build({ publicUrl: own.origin })
    expect((await makeLink()).json().url).toMatch(/^https:\/\/api\.example\.test\/sign-in#token=/)
  })
})

describe('signing out', () => {
  const signOut = (headers: Record<string, string>) => app.inject({ method: 'DELETE', url: '/v1/session', headers })

  test('clears the cookie, and the key of a link lets nobody in any more', async () => {
    const session = cookieOf(await signIn({ signInToken: await newToken() }))
    const response = await signOut({ ...own, ...session })
    expect(response.statusCode).toBe(204)
    expect(response.headers['set-cookie']).toBe('clarity-session=; Path=/v1; Max-Age=0; HttpOnly; SameSite=Strict')
    expect(problemOf(await get('/v1/session', session))).toEqual([401, 'unauthenticated'])
  })

  test('leaves a key that was there before as it is', async () => {
    const session = cookieOf(await signIn({ key: acmeKey }))
    expect((await signOut({ ...own, ...session })).statusCode).toBe(204)
    expect((await get('/v1/api-keys', bearer)).statusCode).toBe(200)
  })
})

describe('a page of another origin', () => {
  const cookie = `clarity-session=${acmeKey}`
  const connect = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/v1/connections',
      payload: input,
      headers: { host: own.host, cookie, ...headers },
    })

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a neighbour', { origin: 'https://other.example.test' }],
    ['another port', { origin: 'https://api.example.test:8443' }],
    ['nowhere', { origin: 'null' }],
    ['another site, by fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour, by fetch metadata', { 'sec-fetch-site': 'same-site' }],
    ['another site, whatever fetch metadata say', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    ['a browser that does not say', {}],
  ])('changes nothing by a cookie: %s', async (_, headers) => {
    expect(problemOf(await connect(headers))).toEqual([403, 'foreign-origin'])
    expect(await api.saved()).toEqual([])
  })

  test.each([
    ['our own', { origin: 'https://api.example.test' }],
    ['our own, without TLS', { origin: 'http://api.example.test' }],
    ['our own, by fetch metadata', { 'sec-fetch-site': 'same-origin' }],
  ])('is told from a page of %s', async (_, headers) => {
    expect((await connect(headers)).statusCode).toBe(201)
  })

  test('is told by the address at which browsers reach us, where a proxy names another host', async () => {
    await build({ publicUrl: own.origin })
    expect((await connect({ host: 'connector-api:8080', origin: own.origin })).statusCode).toBe(201)
    expect(problemOf(await connect({ origin: 'http://api.example.test' }))).toEqual([403, 'foreign-origin'])
  })

  test('signs nobody in', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await signIn({ key: acmeKey }, headers)
      expect(problemOf(response)).toEqual([403, 'foreign-origin'])
      expect(response.headers['set-cookie']).toBeUndefined()
    }
    expect((await signIn({ key: acmeKey }, own)).statusCode).toBe(201)
  })

  test('may be let in to call with a key, and never by a cookie', async () => {
    const origin = 'https://partner.example'
    await build({ corsOrigins: [origin] })
    expect(problemOf(await connect({ origin }))).toEqual([403, 'foreign-origin'])
    const read = await get('/v1/session', { origin, cookie })
    expect(read.headers['access-control-allow-credentials']).toBeUndefined()
    expect((await connect({ origin, ...bearer })).statusCode).toBe(201)
  })
})

test('a header Authorization counts before a cookie, also when it is wrong', async () => {
  const cookie = `clarity-session=${acmeKey}`
  const wrong = { cookie, authorization: 'Bearer clarity_unknown' }
  expect(problemOf(await get('/v1/session', wrong))).toEqual([401, 'unauthenticated'])
  expect((await get('/v1/session', { cookie, authorization: 'Bearer key-of-tenant-globex' })).json().tenant.id).toBe(
    'globex',
  )
})

test('neither a key nor a token nor a cookie is in a log, whatever goes well or wrong', async () => {
  const lines: string[] = []
  const log = createLog(
    { service: 'connector-api', version: '1', level: 'trace' },
    { write: (line) => void lines.push(line) },
  )
  await build({ log })
  const signInToken = await newToken()
  const session = cookieOf(await signIn({ signInToken }))
  const credential = session.cookie.split('=')[1] ?? ''
  await get('/v1/session', session)
  await signIn({ signInToken })
  await signIn({ key: acmeKey, remember: true })
  await signIn({ key: 'planted-unknown-key' }, { cookie: 'clarity-session=planted-cookie' })
  await app.inject({ method: 'POST', url: '/v1/connections', headers: session, payload: input })
  await app.inject({ method: 'DELETE', url: '/v1/session', headers: { ...own, ...session } })
  const written = lines.join('\n')
  expect(written).toContain('request.answered')
  for (const hidden of [signInToken, credential, acmeKey, 'planted']) expect(written).not.toContain(hidden)
})

test('signing in is limited for each address, as nobody is known yet', async () => {
  await build({ requestsPerMinute: 2 })
  const wrong = { key: 'clarity_unknown' }
  const answers = [await signIn(wrong), await signIn(wrong), await signIn(wrong)]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429])
})
