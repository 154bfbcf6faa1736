import { eventData } from '@clarity/shared/contract/events'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { readEntries } from '@clarity/shared/testing/outbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi } from '../testing/api.ts'

const api = await createTestApi()
const { redis, keys } = api
let { app, enqueued, create } = await api.build()
let id = ''

async function build(options: Parameters<typeof api.build>[0] = {}): Promise<void> {
  await app.close()
  ;({ app, enqueued, create } = await api.build(options))
}

beforeEach(async () => {
  await redis.flushdb()
  await build()
  id = (await create()).json().connection.id
})
afterEach(() => app.close())

const call = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object, headers = {}) =>
  app.inject({
    method,
    url: `/v1/connections/${id}${path}`,
    headers: { ...bearer, ...headers },
    ...(payload && { payload }),
  })

async function told() {
  const entries = await readEntries(createOutbox(redis, keys), 0, 100)
  for (const { event } of entries) expect(eventData[event.name].parse(event.data)).toEqual(event.data)
  return entries
}

describe('a schedule', () => {
  const hourly = { mode: 'interval', minutes: 60, kind: 'incremental' }

  test('that changes is told, with the connection as it is then', async () => {
    expect((await call('PUT', '/schedule', hourly)).json()).toEqual(hourly)
    expect((await told()).at(-1)?.event).toMatchObject({
      name: 'connection.updated',
      data: { details: { id, schedule: hourly }, changed: { schedule: { from: { mode: 'manual' }, to: hourly } } },
    })
    expect((await call('GET', '')).json()).toMatchObject({ schedule: hourly })
    expect(await redis.smembers(keys.shard(0).scheduled)).toEqual([id])
  })

  test('that stays the same is not news', async () => {
    await call('PUT', '/schedule', hourly)
    const before = (await told()).length
    await call('PUT', '/schedule', hourly)
    expect(await told()).toHaveLength(before)
  })
})

describe('other credentials', () => {
  const given = { credential: { kind: 'oauth-consumer', key: 'new-key', secret: 'the-new-secret' } }
  const sealed = () => redis.hget(keys.connection(id).record, 'credential')

  test('replace all present ones, and nothing of them is told', async () => {
    const before = await sealed()
    const response = await call('PUT', '/credentials', given)
    expect([response.statusCode, response.body]).toEqual([204, ''])
    expect(await sealed()).not.toBe(before)
    expect((await call('GET', '')).json()).toMatchObject({ credential: { kind: 'oauth-consumer', key: 'new-key' } })
    expect(JSON.stringify(await redis.hgetall(keys.connection(id).record))).not.toContain('the-new-secret')
    expect(await told()).toHaveLength(2)
  })

  test.each([
    ['that Bitbucket refuses', () => Promise.reject(refused()), 'token-refused'],
    ['of another workspace', async () => ({ uuid: '{other}', slug: 'acme', name: 'Other' }), 'other-workspace'],
  ])('%s leave the present ones as they are', async (_what, checkAccess, code) => {
    const before = await sealed()
    await build({ checkAccess })
    const response = await call('PUT', '/credentials', given)
    expect(response.statusCode).toBe(422)
    expect(response.json().type).toContain(code)
    expect(await sealed()).toBe(before)
  })
})

const refused = () =>
  new UpstreamError('credential', 'token-refused', 'Bitbucket refuses the consumer', {
    remedy: 'Mend it.',
    status: 401,
  })

describe('a verification of the stream', () => {
  test('is an event with the text and the number that the answer names', async () => {
    const response = await call('POST', '/stream-verifications', { text: ' are you there ' })
    expect(response.statusCode).toBe(202)
    const last = (await told()).at(-1)
    expect(last?.event).toMatchObject({ name: 'stream.verification', data: { text: 'are you there' } })
    expect(response.json()).toMatchObject({ sequence: Number(last?.sequence), id: last?.event.syncId })
  })

  test('differs from another one with the same text', async () => {
    await call('POST', '/stream-verifications', { text: 'again' })
    await call('POST', '/stream-verifications', { text: 'again' })
    const [first, second] = (await told()).slice(-2)
    expect(first?.event.after).not.toBe(second?.event.after)
  })

  test.each([{}, { text: '' }, { text: 'x'.repeat(201) }])('with a wrong text names the field: %j', async (body) => {
    const response = await call('POST', '/stream-verifications', body)
    expect(response.statusCode).toBe(400)
    expect(response.json().errors).toMatchObject([{ field: 'text' }])
  })
})

describe('a connection that is removed', () => {
  test('has no credential from that moment on, cannot be asked anything, and is handed to the workers', async () => {
    const [syncId = ''] = enqueued
    expect((await call('DELETE', '')).statusCode).toBe(202)
    expect(await redis.hget(keys.connection(id).record, 'credential')).toBe('')
    expect(enqueued).toEqual([syncId, id])
    expect(await redis.smembers(keys.shard(0).removing)).toEqual([id])
    const openSync = await createSyncStore(redis, keys).readCursor('con_1', 'syn_2')
    expect(openSync.isCancelled).toBe(true)
    for (const response of [await call('GET', ''), await call('DELETE', ''), await call('POST', '/syncs', {})]) {
      expect(response.statusCode).toBe(404)
    }
  })

  test("is not another tenant's to remove", async () => {
    const headers = { authorization: 'Bearer key-of-tenant-globex' }
    expect((await call('DELETE', '', undefined, headers)).statusCode).toBe(404)
    expect(await redis.smembers(keys.shard(0).removing)).toEqual([])
  })
})

describe('the trace of a call', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  test('goes along with what it tells and with the sync that it asks for', async () => {
    const { sync } = (
      await call('POST', '/syncs', { kind: 'targeted', scopes: ['workspace/members'] }, { traceparent })
    ).json()
    expect((await told()).at(-1)?.event).toMatchObject({ name: 'sync.requested', traceparent })
    expect(await createSyncStore(redis, keys).readTrace('con_1', sync.id)).toBe(traceparent)
  })

  test.each([undefined, 'nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
    'is a new one for %s',
    async (given) => {
      await call('POST', '/stream-verifications', { text: 'x' }, given ? { traceparent: given } : {})
      const trace = (await told()).at(-1)?.event.traceparent
      expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      expect(trace).not.toBe(given)
    },
  )
})
