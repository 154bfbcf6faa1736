import { UpstreamError } from '@clarity/shared/runtime/errors'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { readEntries } from '@clarity/shared/testing/outbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input } from '../testing/api.ts'
import { preflightAnswer } from '../testing/preflight.ts'

const api = await createTestApi()
const { redis, keys } = api
let { app, enqueued, create } = await api.build()

async function build(...options: Parameters<typeof api.build>) {
  ;({ app, enqueued, create } = await api.build(...options))
}

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  await build()
})
afterEach(() => app.close())

describe('saving a connection', () => {
  test('starts its first full sync and shows no secret', async () => {
    const response = await create()
    expect(response.statusCode).toBe(201)
    const { connection, sync } = response.json()
    expect(response.headers.location).toBe(`/v1/connections/${connection.id}`)
    expect(connection).toMatchObject({
      tenantId: 'acme',
      workspace: { slug: 'acme' },
      latestSync: { state: 'requested' },
    })
    expect(sync).toMatchObject({ kind: 'full', trigger: 'saved', state: 'requested' })
    expect(enqueued).toEqual([sync.id])
    expect(response.body).not.toContain(input.credential.secret)
    const events = await readEntries(createOutbox(redis, keys), 0, 10)
    expect(events.map(({ event, sequence }) => [event.name, sequence])).toEqual([
      ['connection.created', 1n],
      ['sync.requested', 2n],
    ])
  })

  test('is done also when the queue does not take the job: the workers find the sync', async () => {
    await app.close()
    await build({ enqueue: () => Promise.reject(new Error('queue away')) })
    expect((await create()).statusCode).toBe(201)
    expect(await createSyncStore(redis, keys).readOpen(0)).toHaveLength(1)
  })

  test('with a taken identifier is refused', async () => {
    await create()
    const response = await create()
    expect(response.statusCode).toBe(409)
    expect(response.json()).toMatchObject({ errors: [{ field: 'uniqueIdentifier' }] })
  })

  test('of a workspace that is connected already is refused, and the first connection is named', async () => {
    const { connection } = (await create()).json()
    const response = await create({ ...input, uniqueIdentifier: 'bitbucket-again' })
    expect(response.statusCode).toBe(409)
    expect(response.json()).toMatchObject({
      type: 'urn:clarity:problem:workspace-taken',
      errors: [{ field: 'workspace', message: expect.stringContaining(connection.id) }],
    })
  })

  test.each([
    ['credential', 'bad-credentials', 422, 'credential'],
    ['permission', 'workspace-not-found', 422, 'workspace'],
    ['unavailable', 'unavailable', 503, undefined],
    ['rate-limited', 'rate-limited', 503, undefined],
  ] as const)('that Bitbucket refuses (%s) saves nothing', async (kind, code, status, field) => {
    await app.close()
    await build({ checkAccess: () => Promise.reject(new UpstreamError(kind, code, 'no', { remedy: 'mend it' })) })
    const response = await create()
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ type: `urn:clarity:problem:${code}`, remedy: 'mend it' })
    const fields = (response.json().errors ?? []).map((error: { field: string }) => error.field)
    expect(fields).toEqual(field === undefined ? [] : [field])
    expect(await api.saved()).toEqual([])
  })
})

test.each([
  [660_500, '661'],
  [null, '1'],
])('a limit that ends in %s ms is told by Retry-After: %s', async (forMs, seconds) => {
  await app.close()
  const wait = forMs === null ? {} : { retryAfterMs: forMs }
  const error = new UpstreamError('rate-limited', 'hour-used-up', 'used up', { remedy: 'wait', ...wait })
  await build({ checkAccess: () => Promise.reject(error) })
  const response = await create()
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, seconds])
})

describe('more credentials', () => {
  const token = { kind: 'api-token', email: 'admin@example.com', token: 'secret-token' }
  const consumer = { kind: 'oauth-consumer', key: 'other', secret: 'other-secret' }

  test('are checked one by one, and shown without secret or address', async () => {
    const response = await create({ ...input, moreCredentials: [consumer, token] })
    expect(response.json().connection.moreCredentials).toEqual([
      { kind: 'oauth-consumer', key: 'other' },
      { kind: 'api-token', key: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ])
    const kept = await redis.hgetall(keys.connection(response.json().connection.id).record)
    for (const secret of ['other-secret', 'secret-token', 'admin@example.com']) {
      expect(response.body).not.toContain(secret)
      expect(JSON.stringify(kept)).not.toContain(secret)
    }
  })

  test.each([
    [
      'is refused',
      () => Promise.reject(new UpstreamError('credential', 'bad-credentials', 'no', { remedy: 'mend it' })),
      'no',
    ],
    [
      'sees another workspace',
      async () => ({ uuid: '{x}', slug: 'acme', name: 'Acme' }),
      'This credential sees another workspace under that name',
    ],
  ])('of which one %s save nothing, and that one is named', async (_name, answer, message) => {
    await app.close()
    const workspace = { uuid: '{w}', slug: 'acme', name: 'Acme' }
    await build({ checkAccess: async (_input, { kind }) => (kind === 'api-token' ? answer() : workspace) })
    const response = await create({ ...input, moreCredentials: [consumer, token] })
    expect(response.statusCode).toBe(422)
    expect(response.json().errors).toMatchObject([{ field: 'moreCredentials.1', message }])
    expect(await api.saved()).toEqual([])
  })
})

describe('validating a connection', () => {
  const validate = (payload: object, headers: object = bearer) =>
    app.inject({ method: 'POST', url: '/v1/connections/validate', headers: { ...headers }, payload })
  const { workspace, credential } = input
  const reason = { code: 'not-permitted', message: 'no', remedy: 'mend it' }
  const endpoint = 'GET /1.0/groups/{workspace_slug}'
  const preflight = preflightAnswer({ ready: false, problems: [{ field: null, endpoint, ...reason }] })

  test.each([
    ['as it would be saved', input],
    ['without its name', { workspace, credential }],
    ['with a name that is not there yet', { ...input, name: null, uniqueIdentifier: null }],
  ])('%s answers all that was found, ready or not, and saves nothing', async (_name, payload) => {
    await app.close()
    const asked: unknown[] = []
    await build({
      runPreflight: async (request) => {
        asked.push([request.workspace, request.credential])
        return preflight
      },
    })
    const response = await validate(payload)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual(preflight)
    expect(asked).toEqual([[workspace, credential]])
    expect(await api.saved()).toEqual([])
  })

  test.each([
    ['workspace', { workspace: 'https://bitbucket.org/acme/', credential }],
    ['credential.secret', { workspace, credential: { kind: 'oauth-consumer', key: 'k' } }],
    ['body', { ...input, surprise: true }],
  ])('whose %s cannot be right asks Bitbucket nothing', async (field, payload) => {
    const response = await validate(payload)
    expect(response.statusCode).toBe(400)
    expect(response.json().errors).toContainEqual({ field, message: expect.any(String), remedy: expect.any(String) })
  })

  test('asks for a key, as every route', async () => {
    expect((await validate(input, {})).statusCode).toBe(401)
  })

  test('that gets no answer from Bitbucket is told so', async () => {
    await app.close()
    const error = new UpstreamError('unavailable', 'no-answer', 'nothing came', { remedy: 'try again' })
    await build({ runPreflight: () => Promise.reject(error) })
    expect((await validate(input)).statusCode).toBe(503)
  })
})

describe('input that cannot be right is refused with the field and the remedy', () => {
  test.each([
    ['name', { ...input, name: ' ' }],
    ['uniqueIdentifier', { ...input, uniqueIdentifier: 'Bitbucket Acme' }],
    ['workspace', { ...input, workspace: 'https://bitbucket.org/acme/' }],
    ['credential.key', { ...input, credential: { ...input.credential, key: 'two words' } }],
    ['credential.secret', { ...input, credential: { kind: 'oauth-consumer', key: 'k' } }],
    ['body', { ...input, surprise: true }],
  ])('%s', async (field, payload) => {
    const response = await create(payload)
    expect(response.statusCode).toBe(400)
    const { errors } = response.json()
    expect(errors).toContainEqual({ field, message: expect.any(String), remedy: expect.any(String) })
    expect(response.body).not.toContain(input.credential.secret)
    expect(await api.saved()).toEqual([])
  })

  test('a body that is no JSON', async () => {
    const headers = { ...bearer, 'content-type': 'application/json' }
    const response = await app.inject({ method: 'POST', url: '/v1/connections', headers, payload: '{"name":' })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({
      type: 'urn:clarity:problem:invalid-request',
      requestId: expect.any(String),
    })
  })

  test('an id that is none', async () => {
    const response = await app.inject({ url: '/v1/connections/nonsense', headers: bearer })
    expect(response.statusCode).toBe(400)
    expect(response.json().errors[0].field).toBe('id')
  })
})

describe('a caller', () => {
  test.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic a2V5' }])(
    'without a key is refused: %o',
    async (headers) => {
      const response = await app.inject({ url: '/v1/connections/con_1', headers })
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe('Bearer')
      expect(response.json()).toMatchObject({ type: 'urn:clarity:problem:unauthenticated' })
    },
  )

  test('of another tenant finds nothing', async () => {
    const { connection, sync } = (await create()).json()
    const headers = { authorization: 'Bearer key-of-tenant-globex' }
    for (const url of [`/v1/connections/${connection.id}`, `/v1/connections/${connection.id}/syncs/${sync.id}`]) {
      const foreign = await app.inject({ url, headers })
      const missing = await app.inject({ url: url.replace(connection.id, 'con_0'), headers })
      expect([foreign.statusCode, missing.statusCode]).toEqual([404, 404])
      expect(foreign.json().type).toBe(missing.json().type)
    }
  })

  test('needs no key to ask for health', async () => {
    expect((await app.inject('/livez')).json()).toEqual({ status: 'ok' })
    expect((await app.inject('/readyz')).statusCode).toBe(200)
  })

  test('who takes a wrong way is told so', async () => {
    const response = await app.inject({ url: '/v1/nothing', headers: bearer })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ type: 'urn:clarity:problem:no-such-route' })
  })
})

test('a sync asked for while one is open joins it', async () => {
  const { connection, sync } = (await create()).json()
  const response = await app.inject({ method: 'POST', url: `/v1/connections/${connection.id}/syncs`, headers: bearer })
  expect(response.statusCode).toBe(202)
  expect(response.json()).toMatchObject({ joined: true, sync: { id: sync.id } })
  expect(response.headers.location).toBe(`/v1/connections/${connection.id}/syncs/${sync.id}`)
})
