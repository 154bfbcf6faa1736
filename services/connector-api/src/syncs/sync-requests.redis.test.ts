import { createHoldStore } from '@clarity/shared/store/holds'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { readEntries } from '@clarity/shared/testing/outbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input } from '../testing/api.ts'

const api = await createTestApi()
const { redis, keys } = api
let { app, enqueued, create } = await api.build()

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  ;({ app, enqueued, create } = await api.build())
})
afterEach(() => app.close())

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

  test('says how many have their turn before it', async () => {
    const { connection, sync } = (await create()).json()
    expect(sync.ahead).toBe(0)
    const preview = (await call(connection.id, 'syncs', { kind: 'preview' })).json().sync
    expect(preview.ahead).toBe(1)
    await call(connection.id, 'syncs', { kind: 'targeted', scopes: ['workspace/members'] })
    const ofAll = (await app.inject({ url: `/v1/connections/${connection.id}/syncs`, headers: bearer })).json().items
    expect(ofAll.map(({ kind, ahead }: { kind: string; ahead: number }) => [kind, ahead])).toEqual([
      ['targeted', 0],
      ['preview', 2],
      ['full', 1],
    ])
    const cancelled = (await call(connection.id, `syncs/${preview.id}/cancel`)).json()
    expect(cancelled).toMatchObject({ state: 'cancelled', ahead: null })
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
    const names = (await readEntries(createOutbox(redis, keys), 0, 10)).map(({ event }) => event.name)
    expect(names).toEqual(['connection.created', 'sync.requested', 'sync.cancelled'])
    expect((await call(connection.id, 'syncs')).json()).toMatchObject({ joined: false })
  })
})

describe('removals that are held', () => {
  const reason = 'The team was dissolved'
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
    expect((await call(id, 'POST', '/approve', { reason })).json()).toEqual({
      decision: 'approved',
      removed: 3,
      kept: 0,
    })
    expect(await redis.hlen(keys.connection(id).hold.approved)).toBe(2)
    expect(await createHoldStore(redis, keys).readReleases(0)).toEqual([id])
    expect((await call(id, 'GET', '')).statusCode).toBe(404)
    const { event } = (await readEntries(createOutbox(redis, keys), 0, 10)).at(-1) ?? {}
    expect(event).toMatchObject({ name: 'sync.released', data: { decision: 'approved', counts: { removed: 3 } } })
  })

  test('can be approved in part, by grant or by scope; the rest waits on', async () => {
    const id = await hold()
    const one = await call(id, 'POST', '/approve', { reason, only: ['user:a|repository:r#admin'] })
    expect(one.json()).toEqual({ decision: 'partly', removed: 1, kept: 2 })
    expect((await call(id, 'GET', '')).json().sample).toHaveLength(2)
    const scope = await call(id, 'POST', '/approve', { reason, only: ['repository/r'] })
    expect(scope.json()).toEqual({ decision: 'partly', removed: 1, kept: 1 })
    const approved = JSON.parse((await redis.hget(keys.connection(id).hold.approved, 'repository/r')) ?? '')
    expect(approved.removals).toEqual([
      ['user:a', 'admin'],
      ['group:devs', 'read'],
    ])
  })

  test('cannot be approved by an id that is not held, and then nothing is', async () => {
    const id = await hold()
    const response = await call(id, 'POST', '/approve', { reason, only: ['repository/r', 'user:b|repository:r#admin'] })
    expect(response.statusCode).toBe(422)
    expect(response.json().errors).toMatchObject([{ field: 'only', message: 'user:b|repository:r#admin is not held' }])
    expect(await redis.hlen(keys.connection(id).hold.approved)).toBe(0)
  })

  test('can be rejected, which is remembered by what was rejected', async () => {
    const id = await hold()
    expect((await call(id, 'POST', '/reject', { reason })).json()).toEqual({
      decision: 'rejected',
      removed: 0,
      kept: 3,
    })
    expect(await redis.hlen(keys.connection(id).hold.rejected)).toBe(2)
    expect(await redis.exists(keys.connection(id).hold.held, keys.connection(id).hold.approved)).toBe(0)
  })

  test.each(['/approve', '/reject'])('are not decided by %s without a reason', async (path) => {
    const response = await call(await hold(), 'POST', path, {})
    expect([response.statusCode, response.json().errors[0].field]).toEqual([400, 'reason'])
  })

  test('are decided by somebody, for a reason that is recorded', async () => {
    await call(await hold(), 'POST', '/approve', { reason })
    expect((await api.audits()).at(-1)).toMatchObject({
      action: 'removals.approved',
      actor: { kind: 'api-key' },
      target: { kind: 'sync', id: 'syn_1' },
      after: { decision: 'approved', counts: { removed: 3, kept: 0 } },
      reason,
    })
  })

  test('are nobody else’s, and where there are none it says so', async () => {
    const id = await hold()
    const headers = { authorization: 'Bearer key-of-tenant-globex' }
    expect((await app.inject({ url: `/v1/connections/${id}/hold`, headers })).statusCode).toBe(404)
    await redis.del(keys.connection(id).hold.record)
    expect((await call(id, 'POST', '/approve', { reason })).json().type).toBe('urn:clarity:problem:nothing-held')
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
    return app.inject({ method: 'PUT', url, headers: { ...headers }, payload: { addresses } })
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
      url: `/v1/connections/${connection.id}/verify`,
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
  const url = `/v1/connections/${connection.id}/verify`
  const response = await app.inject({ method: 'POST', url, headers: bearer, payload: { ids } })
  expect(response.statusCode).toBe(400)
  expect(response.json().errors).toMatchObject([{ field }])
})

test('what could not be read is listed with why and since when', async () => {
  const { connection } = (await create()).json()
  const { scopes } = keys.connection(connection.id)
  const since = '2026-11-23T09:00:00.000Z'
  await redis.hset(scopes, {
    'repository/r': `1 ${JSON.stringify(['', '1', '2026-11-22T09:00:00.000Z', 'syn_1', ['unobservable', since, 'http-403']])}`,
    'repository/s': `1 ${JSON.stringify(['d', '1', since, 'syn_1', null])}`,
  })
  const response = await app.inject({ url: `/v1/connections/${connection.id}/not-read`, headers: bearer })
  expect(response.json()).toEqual({
    scopes: [
      {
        scope: 'repository/r',
        state: 'unobservable',
        reason: 'http-403',
        since,
        lastReadAt: '2026-11-22T09:00:00.000Z',
      },
    ],
    more: 0,
  })
})
