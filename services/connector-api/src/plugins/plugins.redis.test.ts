import { UpstreamError } from '@clarity/shared/runtime/errors'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input, operatorBearer, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
let { app, enqueued } = await api.build()

async function build(...options: Parameters<typeof api.build>) {
  await app.close()
  ;({ app, enqueued } = await api.build(...options))
}

beforeEach(async () => {
  await api.redis.flushdb()
  await build()
})
afterEach(() => app.close())

const create = (key: string, payload: object = input, headers: Record<string, string> = bearer) =>
  app.inject({ method: 'POST', url: '/v1/connections', headers: { ...headers, 'idempotency-key': key }, payload })

describe('a write with an idempotency key', () => {
  test('that is repeated is answered as the first time, and is done once', async () => {
    const first = await create('k1')
    const second = await create('k1')
    expect([first.statusCode, second.statusCode]).toEqual([201, 201])
    expect(second.body).toBe(first.body)
    expect(second.headers.location).toBe(first.headers.location)
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([undefined, 'true'])
    expect(enqueued).toHaveLength(1)
  })

  test('and another body is refused', async () => {
    await create('k1')
    const other = await create('k1', { ...input, name: 'Other' })
    expect([other.statusCode, other.json().type]).toEqual([422, 'urn:clarity:problem:idempotency-key-reused'])
  })

  test('of another tenant is another one', async () => {
    const first = await create('k1')
    const other = await create('k1', input, otherBearer)
    expect(other.statusCode).toBe(201)
    expect(other.json().connection.id).not.toBe(first.json().connection.id)
  })

  test('that is still being worked on says so', async () => {
    const reached = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    await build({
      checkAccess: async () => {
        reached.resolve()
        await go.promise
        return { uuid: '{w}', slug: 'acme', name: 'Acme' }
      },
    })
    const first = create('k1')
    await reached.promise
    const second = await create('k1')
    expect([second.statusCode, second.json().type]).toEqual([409, 'urn:clarity:problem:request-in-progress'])
    expect(second.headers['retry-after']).toBe('1')
    go.resolve()
    expect((await first).statusCode).toBe(201)
    expect((await create('k1')).headers['idempotency-replayed']).toBe('true')
  })

  test('that was refused may be repeated', async () => {
    let isAway = true
    await build({
      checkAccess: async () => {
        if (isAway) throw new UpstreamError('unavailable', 'unavailable', 'away', { remedy: 'wait' })
        return { uuid: '{w}', slug: 'acme', name: 'Acme' }
      },
    })
    expect((await create('k1')).statusCode).toBe(503)
    isAway = false
    expect((await create('k1')).statusCode).toBe(201)
  })

  test('whose claim was made and its answer lost may be repeated at once', async () => {
    let isLost = true
    await build({
      beforeIdempotency: (store) => ({
        ...store,
        claim: async (...args) => {
          const found = await store.claim(...args)
          if (isLost) throw new Error('Connection is closed.')
          return found
        },
      }),
    })
    expect((await create('k1')).statusCode).toBe(503)
    isLost = false
    await expect.poll(async () => (await create('k1')).statusCode).toBe(201)
  })

  test('is kept for a day, and what was answered is not kept in the clear', async () => {
    const headers = { ...bearer, 'idempotency-key': 'k1' }
    const payload = { name: 'ci', scopes: ['access:read'] }
    const make = () => app.inject({ method: 'POST', url: '/v1/api-keys', headers, payload })
    const { key } = (await make()).json()
    expect((await make()).json().key).toBe(key)
    const [name = ''] = await api.redis.keys('*idempotency*')
    expect(JSON.stringify([name, await api.redis.hgetall(name)])).not.toContain(key)
    expect(await api.redis.ttl(name)).toBeGreaterThan(86_000)
  })

  test.each(['', 'has blanks', 'ü', 'x'.repeat(256)])('that is %j is refused', async (key) => {
    const response = await create(key)
    expect([response.statusCode, response.json().errors?.[0].field]).toEqual([400, 'header.idempotency-key'])
  })

  test('of an operator works alike', async () => {
    const headers = { ...operatorBearer, 'idempotency-key': 'k1' }
    const make = () =>
      app.inject({ method: 'POST', url: '/v1/tenants', headers, payload: { id: 'umbra', name: 'Umbra' } })
    expect([(await make()).statusCode, (await make()).statusCode]).toEqual([201, 201])
  })
})

describe('a caller', () => {
  const list = (headers: Record<string, string>) => app.inject({ url: '/v1/api-keys', headers })

  test('is told what is left, and is refused when nothing is; others are not', async () => {
    await build({ requestsPerMinute: 2 })
    const answers = [await list(bearer), await list(bearer), await list(bearer)]
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-remaining']])).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ])
    expect(answers[2]?.json().type).toBe('urn:clarity:problem:too-many-requests')
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await list(otherBearer)).statusCode).toBe(200)
  })
})

test('a page of an origin that is let in is told so before it sends a key, and is asked for one then', async () => {
  const origin = 'https://console.example.test'
  await build({ corsOrigins: [origin] })
  const url = '/v1/connections/con_1'
  const asks = { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'if-match' }
  const preflight = await app.inject({ method: 'OPTIONS', url, headers: asks })
  expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([204, origin])
  const { statusCode, headers } = await app.inject({ method: 'PATCH', url, headers: { origin }, payload: {} })
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([401, origin])
})

describe('every answer', () => {
  test.each([
    ['a list', { url: '/v1/api-keys', headers: bearer }],
    ['a refusal', { url: '/v1/api-keys' }],
    ['a route that is none', { url: '/nowhere' }],
    ['a probe', { url: '/livez' }],
  ])('of %s names its request, and keeps a browser from doing more with it', async (_name, request) => {
    const { headers } = await app.inject(request)
    expect(headers).toMatchObject({
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.stringContaining('max-age='),
      'referrer-policy': 'no-referrer',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('to a caller stays out of caches', async () => {
    expect((await app.inject({ url: '/v1/api-keys', headers: bearer })).headers['cache-control']).toBe('no-store')
  })

  test.each([
    ['no JSON', { payload: '{', headers: { 'content-type': 'application/json' } }, 400, 'invalid-request'],
    ['another type', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }, 415, 'unsupported-media-type'],
    [
      'too much',
      { payload: `{"name":"${'x'.repeat(70_000)}"}`, headers: { 'content-type': 'application/json' } },
      413,
      'request-too-large',
    ],
  ])('to a body that is %s is a problem document', async (_name, { payload, headers }, status, code) => {
    const url = '/v1/connections'
    const response = await app.inject({ method: 'POST', url, payload, headers: { ...bearer, ...headers } })
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({
      type: `urn:clarity:problem:${code}`,
      status,
      requestId: expect.any(String),
    })
  })
})

describe('a URL for which there can be no route', () => {
  test.each([
    ['is not encoded as it must be', '/v1/connections/%zz'],
    ['ends within an escape', '/%'],
    ['has an id longer than any', `/v1/connections/con_${'x'.repeat(1_000)}`],
  ])('because it %s is answered by a problem document', async (_name, url) => {
    const response = await app.inject({ url, headers: bearer })
    expect(response.statusCode).toBe(400)
    expect(response.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json'),
      'x-request-id': response.json().requestId,
      'x-content-type-options': 'nosniff',
    })
    expect(response.json()).toMatchObject({ type: 'urn:clarity:problem:invalid-request', errors: [{ field: 'path' }] })
  })
})

describe('a parameter of the query that the operation does not know', () => {
  test.each([
    ['beside those that it knows', '/v1/connections?limit=5&lmit=5', 'lmit'],
    ['where it knows none', '/v1/api-keys?page=2', 'page'],
  ])('is refused %s', async (_name, url, name) => {
    const response = await app.inject({ url, headers: bearer })
    expect(response.statusCode).toBe(400)
    const [error] = response.json().errors
    expect(error).toMatchObject({ field: 'query', remedy: 'Correct the query and send it again.' })
    expect(error.message).toContain(`"${name}"`)
  })
})

describe('a text that no database holds is refused with its field:', () => {
  const { credential } = input
  test.each([
    ['a NUL in a name', { ...input, name: 'a\0b' }, 'name'],
    ['half a character in a name', { ...input, name: 'a\ud83d' }, 'name'],
    ['a NUL deep within', { ...input, credential: { ...credential, secret: '\0' } }, 'credential.secret'],
    ['a NUL in a list', { ...input, appOwners: ['a', 'b\0'] }, 'appOwners.1'],
    ['a NUL in the name of a field', { ...input, credential: { ...credential, 'a\0': 1 } }, 'credential'],
    ['nothing but half a character', '"\ud83d"', 'body'],
  ])('%s', async (_name, payload, field) => {
    const headers = { ...bearer, 'content-type': 'application/json' }
    const response = await app.inject({ method: 'POST', url: '/v1/connections', headers, payload })
    expect(response.json()).toMatchObject({ status: 400, errors: [{ field }] })
    expect(await api.saved()).toEqual([])
  })

  test.each([
    ['the path', '/v1/connections/con_1%00/syncs', 'id'],
    ['the query', '/v1/connections?cursor=a%00b', 'cursor'],
  ])('a NUL in %s', async (_name, url, field) => {
    expect((await app.inject({ url, headers: bearer })).json()).toMatchObject({ status: 400, errors: [{ field }] })
  })

  test('a body that is as deep as it is long, also where the operation takes none', async () => {
    const payload = `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const headers = { ...bearer, 'content-type': 'application/json', 'idempotency-key': 'k1' }
    for (const url of ['/v1/connections', '/v1/connections/con_1/pause']) {
      const response = await app.inject({ method: 'POST', url, headers, payload })
      expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'name' }] })
    }
  })

  test('but a whole character of two halves is let in', async () => {
    expect((await create('k1', { ...input, name: 'a😀' })).statusCode).toBe(201)
  })
})

describe('the description of the API', () => {
  test('is OpenAPI 3.1, needs no key, and names the scope of every operation', async () => {
    const document = (await app.inject({ url: '/openapi.json' })).json()
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.values<Record<string, Record<string, unknown>>>(document.paths).flatMap(Object.values)
    expect(operations.length).toBeGreaterThan(20)
    for (const { operationId, security, 'x-required-scope': scope, summary } of operations) {
      expect([operationId, summary]).toEqual([expect.any(String), expect.any(String)])
      if (operationId === 'createSession') {
        expect([security, scope]).toEqual([[], undefined])
        continue
      }
      const byCookie = scope === 'operator' ? [] : [{ session: [] }]
      expect(security, String(operationId)).toEqual([{ bearer: [] }, ...byCookie])
      expect(scope, String(operationId)).toBeTypeOf('string')
    }
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has a page to read it', async () => {
    const page = await app.inject({ url: '/docs/' })
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')])
    const { 'content-security-policy': policy } = page.headers
    expect(policy).toContain("default-src 'self'")
  })
})
