import type { Preflight } from '@clarity/shared/contract/preflight'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { createBudgets } from '@clarity/shared/store/budget'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { createListingStore } from '@clarity/shared/store/listings'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { createVault } from '@clarity/shared/store/vault'
import { testRedis } from '@clarity/testkit/redis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from './app.ts'
import { HoldService } from './hold-service.ts'
import { ConnectionService, type ConnectionServiceOptions } from './service.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 1 })
const facts = createFactStore(redis, keys)
const vault = createVault(new Secret(Buffer.alloc(32, 1).toString('base64')))
const emails = createCandidateEmailStore(redis, keys, vault)
const clock = { now: () => Date.parse('2026-11-23T10:00:00Z'), sleep: () => Promise.resolve() }
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const bearer = { authorization: 'Bearer key-of-tenant-acme' }
const input = {
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  workspace: 'acme',
  credential: { kind: 'oauth-consumer', key: 'consumer', secret: 'consumer-secret' },
}
let app: Awaited<ReturnType<typeof createApp>>
let enqueued: string[]

async function build(options: Partial<ConnectionServiceOptions> = {}) {
  enqueued = []
  const ids = [1, 2, 3, 4, 5, 6].values()
  const syncs = createSyncStore(redis, keys)
  const service = new ConnectionService({
    connections: createConnectionStore(redis, keys, syncs),
    syncs,
    facts,
    listings: createListingStore(redis, keys),
    budgetOf: createBudgets(redis, keys, { limit: 1_000 }),
    vault,
    clock,
    log,
    newId: () => String(ids.next().value),
    runPreflight: () => Promise.reject(new Error('not asked for')),
    checkAccess: async () => ({ uuid: '{w}', slug: 'acme', name: 'Acme' }),
    applySchedule: async () => undefined,
    enqueue: async ({ syncId }) => void enqueued.push(syncId),
    ...options,
  })
  const apiKeys = [
    { tenantId: 'acme', key: new Secret('key-of-tenant-acme') },
    { tenantId: 'globex', key: new Secret('key-of-tenant-globex') },
  ]
  const holdService = new HoldService({ service, holds: createHoldStore(redis, keys), facts, clock, log })
  app = await createApp({ service, holds: holdService, emails, apiKeys, checks: [], log })
}

beforeEach(async () => {
  await redis.flushdb()
  await build()
})
afterEach(() => app.close())

const create = (payload: object = input) =>
  app.inject({ method: 'POST', url: '/v1/connections', headers: bearer, payload })

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
    const events = await createOutbox(redis, keys).read(0, 10)
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
    ['credential', 'bad-credentials', 422, 'credential.secret'],
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
    if (field) expect(fields).toContain(field)
    expect(await redis.keys('*')).toEqual([])
  })
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
    expect(await redis.keys('*')).toEqual([])
  })
})

describe('validating a connection', () => {
  const validate = (payload: object, headers: object = bearer) =>
    app.inject({ method: 'POST', url: '/v1/connections/validate', headers: { ...headers }, payload })
  const { workspace, credential } = input
  const reason = { code: 'not-permitted', message: 'no', remedy: 'mend it' }
  const endpoint = 'GET /1.0/groups/{workspace_slug}'
  const preflight: Preflight = {
    ready: false,
    problems: [{ field: null, endpoint, ...reason }],
    credential: { state: 'works' },
    scopes: { granted: ['account'], missing: [] },
    workspace: { state: 'found', uuid: '{w}', slug: 'acme', name: 'Acme' },
    administrator: null,
    endpoints: [{ endpoint, state: 'refused', ...reason }],
    counts: { members: 1, groups: null, projects: 2, repositories: 3 },
    fullSync: { requests: 15, requestsPerHour: 1_000, hours: 0.02 },
    requests: 10,
  }

  test.each([
    ['as it would be saved', input],
    ['without its name', { workspace, credential }],
    ['with a name that is wrong still', { ...input, name: '', uniqueIdentifier: 'Not one' }],
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
    expect(await redis.keys('*')).toEqual([])
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
    expect(await redis.keys('*')).toEqual([])
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

describe('asking for a sync', () => {
  const call = (connectionId: string, path: string, payload?: object) =>
    app.inject({
      method: 'POST',
      url: `/v1/connections/${connectionId}/${path}`,
      headers: bearer,
      ...(payload && { payload }),
    })
  const connect = async (): Promise<string> => (await create()).json().connection.id

  test('that would deliver something else than the open one queues it', async () => {
    const id = await connect()
    const response = await call(id, 'syncs', { kind: 'preview' })
    expect(response.json()).toMatchObject({
      joined: false,
      sync: { kind: 'preview', state: 'requested', scopes: null },
    })
    expect(enqueued).toHaveLength(2)
  })

  test('that a full one delivers joins that', async () => {
    expect((await call(await connect(), 'syncs', { kind: 'incremental' })).json()).toMatchObject({
      joined: true,
      sync: { kind: 'full' },
    })
  })

  test('of named scopes says what it will take', async () => {
    const response = await call(await connect(), 'syncs', { kind: 'targeted', scopes: ['workspace/members'] })
    expect(response.statusCode).toBe(202)
    expect(response.json().sync).toMatchObject({
      kind: 'targeted',
      scopes: ['workspace/members'],
      estimate: { requests: 3, endsAt: expect.any(String) },
    })
  })

  test('of a scope that nobody has heard of is refused, and the scope is named', async () => {
    const scopes = ['workspace/members', 'repository/unknown']
    const response = await call(await connect(), 'syncs', { kind: 'targeted', scopes })
    expect(response.statusCode).toBe(422)
    expect(response.json().errors).toMatchObject([{ field: 'scopes.1', message: 'repository/unknown is not known' }])
  })

  test.each([
    [{ kind: 'targeted' }, 'scopes'],
    [{ kind: 'full', scopes: ['workspace/members'] }, 'scopes'],
    [{ kind: 'targeted', scopes: [] }, 'scopes'],
    [{ kind: 'targeted', scopes: ['nonsense'] }, 'scopes.0'],
    [{ kind: 'thorough' }, 'kind'],
  ])('as %o is refused with the field', async (payload, field) => {
    const response = await call(await connect(), 'syncs', payload)
    expect(response.statusCode).toBe(400)
    expect(response.json().errors).toContainEqual({
      field,
      message: expect.any(String),
      remedy: expect.any(String),
    })
  })

  test('and cancelling it before it has begun ends it at once; cancelling it again changes nothing', async () => {
    const { connection, sync } = (await create()).json()
    const cancelled = await call(connection.id, `syncs/${sync.id}/cancel`)
    expect(cancelled.statusCode).toBe(202)
    expect(cancelled.json()).toMatchObject({ state: 'cancelled', finishedAt: '2026-11-23T10:00:00.000Z' })
    expect((await call(connection.id, `syncs/${sync.id}/cancel`)).json()).toEqual(cancelled.json())
    const names = (await createOutbox(redis, keys).read(0, 10)).map(({ event }) => event.name)
    expect(names).toEqual(['connection.created', 'sync.requested', 'sync.cancelled'])
    expect((await call(connection.id, 'syncs')).json()).toMatchObject({ joined: false })
  })
})

describe('removals that are held', () => {
  const call = (id: string, method: 'GET' | 'POST', path: string, payload?: object) =>
    app.inject({
      method,
      url: `/v1/connections/${id}/hold${path}`,
      headers: bearer,
      ...(payload && { payload }),
    })

  /** A connection in which two removals of one repository and one of another are held. */
  async function hold(): Promise<string> {
    const id = (await create()).json().connection.id
    const own = keys.connection(id)
    const entry = (removals: [string, string][]) =>
      JSON.stringify({
        kind: 'no-longer-listed',
        removals,
        groups: [],
        observedAt: '2026-11-23T09:00:00.000Z',
        evidence: { reads: 2, confirmedAt: '2026-11-23T09:00:01.000Z' },
      })
    const record = {
      id: 'hld_1',
      syncId: 'syn_1',
      openedAt: '2026-11-23T09:00:00.000Z',
      expiresAt: '2026-11-30T09:00:00.000Z',
      announced: 3,
    }
    await redis.set(own.hold.record, JSON.stringify(record))
    await redis.hset(own.hold.held, {
      'repository/r': entry([
        ['user:a', 'admin'],
        ['group:devs', 'read'],
      ]),
      'repository/s': entry([['user:a', 'read']]),
    })
    await redis.hset(own.totals, { grants: 20, nestings: 10 })
    return id
  }

  test('are shown with how many of how many, where from, and some by name', async () => {
    const response = await call(await hold(), 'GET', '')
    expect(response.json()).toMatchObject({
      wouldRemove: { grants: 2, nestings: 1, of: 30, share: 0.1 },
      limit: { share: 0.1, count: 20 },
      causes: [
        { kind: 'no-longer-listed', scope: 'repository/r', count: 2 },
        { kind: 'no-longer-listed', scope: 'repository/s', count: 1 },
      ],
      expiresAt: '2026-11-30T09:00:00.000Z',
    })
    expect(response.json().sample.toSorted()).toEqual([
      'group:devs#member|repository:r#read',
      'user:a|repository:r#admin',
      'user:a|repository:s#read',
    ])
  })

  test('can all be approved, which is told and left to the workers', async () => {
    const id = await hold()
    expect((await call(id, 'POST', '/approve')).json()).toEqual({ decision: 'approved', removed: 3, kept: 0 })
    expect(await redis.hlen(keys.connection(id).hold.approved)).toBe(2)
    expect(await createHoldStore(redis, keys).readReleases(0)).toEqual([id])
    expect((await call(id, 'GET', '')).statusCode).toBe(404)
    const { event } = (await createOutbox(redis, keys).read(0, 10)).at(-1) ?? {}
    expect(event).toMatchObject({ name: 'sync.released', data: { decision: 'approved', counts: { removed: 3 } } })
  })

  test('can be approved in part, by grant or by scope; the rest waits on', async () => {
    const id = await hold()
    const one = await call(id, 'POST', '/approve', { only: ['user:a|repository:r#admin'] })
    expect(one.json()).toEqual({ decision: 'partly', removed: 1, kept: 2 })
    expect((await call(id, 'GET', '')).json().sample).toHaveLength(2)
    const scope = await call(id, 'POST', '/approve', { only: ['repository/r'] })
    expect(scope.json()).toEqual({ decision: 'partly', removed: 1, kept: 1 })
    const approved = JSON.parse((await redis.hget(keys.connection(id).hold.approved, 'repository/r')) ?? '')
    expect(approved.removals).toEqual([
      ['user:a', 'admin'],
      ['group:devs', 'read'],
    ])
  })

  test('cannot be approved by an id that is not held, and then nothing is', async () => {
    const id = await hold()
    const response = await call(id, 'POST', '/approve', { only: ['repository/r', 'user:b|repository:r#admin'] })
    expect(response.statusCode).toBe(422)
    expect(response.json().errors).toMatchObject([{ field: 'only', message: 'user:b|repository:r#admin is not held' }])
    expect(await redis.hlen(keys.connection(id).hold.approved)).toBe(0)
  })

  test('can be rejected, which is remembered by what was rejected', async () => {
    const id = await hold()
    expect((await call(id, 'POST', '/reject')).json()).toEqual({ decision: 'rejected', removed: 0, kept: 3 })
    expect(await redis.hlen(keys.connection(id).hold.rejected)).toBe(2)
    expect(await redis.exists(keys.connection(id).hold.held, keys.connection(id).hold.approved)).toBe(0)
  })

  test('are nobody else’s, and where there are none it says so', async () => {
    const id = await hold()
    const headers = { authorization: 'Bearer key-of-tenant-globex' }
    expect((await app.inject({ url: `/v1/connections/${id}/hold`, headers })).statusCode).toBe(404)
    await redis.del(keys.connection(id).hold.record)
    expect((await call(id, 'POST', '/approve')).json().type).toBe('urn:clarity:problem:nothing-held')
  })
})

describe('a schedule', () => {
  const put = async (payload: object) => {
    const id = (await create()).json().connection.id
    return app.inject({ method: 'PUT', url: `/v1/connections/${id}/schedule`, headers: bearer, payload })
  }

  test('is none at first, is kept as it is given, and shown with the connection', async () => {
    const { connection } = (await create()).json()
    expect(connection.schedule).toEqual({ mode: 'manual' })
    const url = `/v1/connections/${connection.id}`
    const cron = { mode: 'cron', pattern: '30 2 * * 1-5', timeZone: 'Europe/Berlin', kind: 'full' }
    const response = await app.inject({ method: 'PUT', url: `${url}/schedule`, headers: bearer, payload: cron })
    expect(response.json()).toEqual(cron)
    expect((await app.inject({ url, headers: bearer })).json().schedule).toEqual(cron)
  })

  test('can be given when the connection is saved', async () => {
    const response = await create({ ...input, schedule: { mode: 'interval', minutes: 60 } })
    expect(response.json().connection.schedule).toEqual({ mode: 'interval', minutes: 60, kind: 'incremental' })
  })

  test.each([
    ['pattern', { mode: 'cron', pattern: 'every night' }],
    ['pattern', { mode: 'cron', pattern: '0 0 3 * * *' }],
    ['pattern', { mode: 'cron', pattern: '61 3 * * *' }],
    ['timeZone', { mode: 'cron', pattern: '0 3 * * *', timeZone: 'Mars/Base' }],
    ['minutes', { mode: 'interval', minutes: 1 }],
  ])('that cannot run is refused with the field: %s of %o', async (field, payload) => {
    const response = await put(payload)
    expect(response.statusCode).toBe(400)
    expect(response.json().errors).toMatchObject([{ field }])
  })
})

describe('candidate addresses', () => {
  const send = async (addresses: string[], headers: object = bearer) => {
    const [first] = await createSyncStore(redis, keys).readOpen(0)
    const url = `/v1/connections/${first?.connectionId ?? 'con_0'}/candidate-emails`
    return app.inject({ method: 'POST', url, headers: { ...headers }, payload: { addresses } })
  }

  test('are taken, each once, and are nowhere in the clear', async () => {
    await create()
    const response = await send(['ann@example.com', ' ANN@example.com', 'bob@example.com'])
    expect(response.statusCode).toBe(202)
    expect(response.json()).toEqual({ accepted: 2, alreadyKnown: 0, waiting: 2 })
    const kept = await Promise.all((await redis.keys('*emails*')).map((key) => redis.hgetall(key)))
    expect(JSON.stringify(kept)).not.toMatch(/example/)
  })

  test('that are none are refused by their place, and not repeated', async () => {
    await create()
    const response = await send(['ann@example.com', 'not an address'])
    expect(response.statusCode).toBe(400)
    expect(response.json().errors).toMatchObject([{ field: 'addresses.1' }])
    expect(response.body).not.toContain('not an address')
  })

  test('of another tenant’s connection find none', async () => {
    await create()
    const response = await send(['ann@example.com'], { authorization: 'Bearer key-of-tenant-globex' })
    expect(response.statusCode).toBe(404)
  })
})

test('what is to be verified is read by a sync of its own, which joins none and is joined by none', async () => {
  const { connection } = (await create()).json()
  await redis.hset(keys.connection(connection.id).resources, 'repository/r', '["repository",0,"r",0,"r",0,0,0,0,0]')
  const ids = ['user:a|repository:r#admin', 'user:a|group:devs#member', 'user:b|repository:unknown#read']
  const verify = () =>
    app.inject({
      method: 'POST',
      url: `/v1/connections/${connection.id}/verifications`,
      headers: bearer,
      payload: { ids },
    })
  const [first, second] = [(await verify()).json(), (await verify()).json()]
  expect(first).toMatchObject({
    kind: 'targeted',
    trigger: 'verification',
    scopes: ['repository/r', 'workspace/groups'],
    verified: null,
  })
  expect(second.id).not.toBe(first.id)
})

test.each([
  [[], 'ids'],
  [['nonsense'], 'ids.0'],
])('a verification of %o is refused with the field', async (ids, field) => {
  const { connection } = (await create()).json()
  const url = `/v1/connections/${connection.id}/verifications`
  const response = await app.inject({ method: 'POST', url, headers: bearer, payload: { ids } })
  expect(response.statusCode).toBe(400)
  expect(response.json().errors).toMatchObject([{ field }])
})
