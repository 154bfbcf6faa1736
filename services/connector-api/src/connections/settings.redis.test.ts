import type { ConnectionId } from '@clarity/shared/contract/ids'
import { createOutbox } from '@clarity/shared/store/outbox'
import { readEntries } from '@clarity/shared/testing/outbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input } from '../testing/api.ts'

const api = await createTestApi()
let { app, create } = await api.build()
let id: ConnectionId = 'con_0'

beforeEach(async () => {
  await app.close()
  await api.redis.flushdb()
  ;({ app, create } = await api.build())
  id = (await create()).json().connection.id
})
afterEach(() => app.close())

const read = () => app.inject({ url: `/v1/connections/${id}/settings`, headers: bearer })

async function change(payload: object, ifMatch?: string) {
  const etag = ifMatch ?? String((await read()).headers.etag)
  const headers = { ...bearer, ...(etag !== '' && { 'if-match': etag }) }
  const response = await app.inject({ method: 'PATCH', url: `/v1/connections/${id}`, headers, payload })
  return { status: response.statusCode, body: response.json(), etag: response.headers.etag }
}

const eventNames = async () =>
  (await readEntries(createOutbox(api.redis, api.keys), 0, 100)).map(({ event }) => event.name)

describe('the settings of a connection', () => {
  test('are those of the wizard, with what is fixed and why', async () => {
    const settings = (await read()).json()
    expect(settings).toMatchObject({
      connectApp: { name: 'Acme', uniqueIdentifier: { value: 'bitbucket-acme', fixed: true } },
      appSettings: {
        schedule: { mode: 'manual' },
        trustPermission: { value: 'read-only', fixed: true, reason: expect.stringContaining('Atlassian') },
        include: { projects: null, repositories: null },
        removalLimit: { share: 0.1, count: 20 },
        publishLevels: 'in-use',
      },
      userSettings: { provisioning: { createUser: { value: false, fixed: true } }, confirmEmails: true },
    })
    expect(settings.userSettings.attributes).toContainEqual({ name: 'email', published: true, personal: true })
    expect(JSON.stringify(settings)).not.toContain(input.credential.secret)
  })

  test('are changed by who has seen them, told, and recorded', async () => {
    const { status, body, etag } = await change({
      name: 'Renamed',
      appOwners: ['idn_1', 'idn_1'],
      include: { projects: ['pay'], repositories: ['!*-archive'] },
      schedule: { mode: 'interval', minutes: 60 },
    })
    expect(status).toBe(200)
    expect(body.settings.appSettings).toMatchObject({
      appOwners: ['idn_1'],
      include: { projects: ['PAY'], repositories: ['!*-archive'] },
      schedule: { mode: 'interval', minutes: 60, kind: 'incremental' },
    })
    expect((await read()).headers.etag).toBe(etag)
    const [{ event } = { event: null }] = (await readEntries(createOutbox(api.redis, api.keys), 0, 100)).slice(-1)
    expect(event).toMatchObject({
      name: 'connection.updated',
      data: { changed: { name: { from: 'Acme', to: 'Renamed' } }, details: { name: 'Renamed' } },
    })
    expect((await api.audits()).at(-1)).toMatchObject({
      action: 'connection.updated',
      before: { name: 'Acme' },
      after: { name: 'Renamed' },
    })
  })

  test('that somebody has changed meanwhile are not overwritten', async () => {
    const etag = String((await read()).headers.etag)
    await change({ publishLevels: 'all' }, etag)
    const { status, body } = await change({ publishLevels: 'in-use' }, etag)
    expect([status, body.type]).toEqual([412, 'urn:clarity:problem:settings-changed'])
    expect((await read()).json().appSettings.publishLevels).toBe('all')
  })

  test('are changed by nobody who has not read them', async () => {
    const { status, body } = await change({ publishLevels: 'all' }, '')
    expect([status, body.errors[0].field]).toEqual([428, 'header.if-match'])
  })

  test('may be changed whatever they are, by whoever says so', async () => {
    expect((await change({ publishLevels: 'all' }, '*')).status).toBe(200)
  })

  test('that are the same already tell nothing', async () => {
    const before = await eventNames()
    expect((await change({ name: 'Acme' })).body.effects).toEqual([])
    expect(await eventNames()).toEqual(before)
  })

  test('have a name that no other connection has', async () => {
    await app.close()
    ;({ app, create } = await api.build({
      checkAccess: async () => ({ uuid: '{x}', slug: 'other', name: 'Other' }),
      newId: () => 'other',
    }))
    await create({ ...input, uniqueIdentifier: 'bitbucket-other', name: 'Other' })
    const { status, body } = await change({ name: 'OTHER' })
    expect([status, body.errors[0].field]).toEqual([409, 'name'])
  })

  test.each([
    [{ uniqueIdentifier: 'other' }, 'body'],
    [{ appOwners: ['a@b.example'] }, 'appOwners.0'],
    [{ include: { projects: [] } }, 'include.projects'],
    [{ removalLimit: { share: 2, count: 1 } }, 'removalLimit.share'],
    [{ attributes: ['shoeSize'] }, 'attributes.0'],
    [{ schedule: { mode: 'cron', pattern: 'never' } }, 'schedule.pattern'],
  ])('as %j are refused with the field', async (payload, field) => {
    const { status, body } = await change(payload)
    expect(status).toBe(400)
    expect(body.errors[0].field).toBe(field)
  })
})

describe('a change of the settings says what it does to what is published', () => {
  const preview = async (payload: object) =>
    (
      await app.inject({ method: 'POST', url: `/v1/connections/${id}/settings/preview`, headers: bearer, payload })
    ).json().effects

  beforeEach(async () => {
    const own = api.keys.connection(id)
    await api.redis.set(own.lease, 't1')
    const parent = { kind: 'project', uuid: '{p}', key: 'PAY' } as const
    await api.learn(id, 't1', 'project/p', { kind: 'project', uuid: '{p}', key: 'PAY', name: 'Pay' })
    await api.learn(id, 't1', 'repository/r', { kind: 'repository', uuid: '{r}', slug: 'pay-api', name: 'Api', parent })
    await api.learn(id, 't1', 'repository/s', { kind: 'repository', uuid: '{s}', slug: 'ops', name: 'Ops' })
    await api.redis.hset(own.totals, { serviceUsers: 7, entitlements: 5, grants: 300, nestings: 100 })
  })

  test('before it is made, and then nothing is changed', async () => {
    const before = await eventNames()
    const effects = await preview({ include: { projects: ['PAY'] } })
    expect(effects).toEqual([
      {
        setting: 'include',
        effect: expect.stringContaining('never as revoked'),
        figures: { leftOut: 1, takenIn: 0, requests: -2 },
      },
    ])
    expect(await eventNames()).toEqual(before)
  })

  test.each([
    [{ publishLevels: 'all' }, 'publishLevels', { levels: 10, entitlementsNow: 5 }],
    [{ removalLimit: { share: 0.5, count: 20 } }, 'removalLimit', { of: 400, unasked: 200 }],
    [{ attributes: ['email'] }, 'attributes', { serviceUsers: 7 }],
    [{ confirmEmails: false }, 'confirmEmails', {}],
    [{ appOwners: ['idn_1'] }, 'appOwners', { owners: 1 }],
    [{ schedule: { mode: 'interval', minutes: 30 } }, 'schedule', {}],
    [{ name: 'Other' }, 'name', {}],
  ])('%j', async (payload, setting, figures) => {
    expect(await preview(payload)).toEqual([{ setting, effect: expect.any(String), figures }])
    expect((await change(payload)).body.effects).toEqual([{ setting, effect: expect.any(String), figures }])
    expect(await preview(payload)).toEqual([])
  })
})

describe('a paused connection', () => {
  const post = (path: string) => app.inject({ method: 'POST', url: `/v1/connections/${id}/${path}`, headers: bearer })

  test('reads nothing until it is resumed; once is as good as twice', async () => {
    expect((await post('pause')).json().pausedSince).toBe('2026-11-23T10:00:00.000Z')
    await post('pause')
    const refused = await post('syncs')
    expect([refused.statusCode, refused.json().type]).toEqual([409, 'urn:clarity:problem:connection-paused'])
    expect((await post('resume')).json().pausedSince).toBeNull()
    await post('resume')
    expect((await eventNames()).slice(2)).toEqual(['connection.paused', 'connection.resumed'])
    const actions = (await api.audits()).map(({ action }) => action)
    expect(actions).toEqual(['connection.created', 'connection.paused', 'connection.resumed'])
    expect((await post('syncs')).statusCode).toBe(202)
  })
})

describe('the list of connections', () => {
  test('has those of the tenant, page by page', async () => {
    await app.close()
    ;({ app, create } = await api.build({
      checkAccess: async () => ({ uuid: '{x}', slug: 'other', name: 'Other' }),
      newId: () => 'other',
    }))
    await create({ ...input, uniqueIdentifier: 'bitbucket-other', name: 'Other' })
    const list = async (query: string, headers: Record<string, string> = bearer) =>
      (await app.inject({ url: `/v1/connections?${query}`, headers })).json()
    const first = await list('limit=1')
    const second = await list(`limit=1&cursor=${first.next}`)
    expect([first, second].map(({ items }) => items.map(({ name }: { name: string }) => name))).toEqual([
      ['Acme'],
      ['Other'],
    ])
    expect(second.next).toBeNull()
    expect((await list('limit=10', { authorization: 'Bearer key-of-tenant-globex' })).items).toEqual([])
    expect((await list('cursor=nonsense')).type).toBe('urn:clarity:problem:invalid-cursor')
    expect((await list('limit=201')).errors).toMatchObject([{ field: 'limit' }])
  })
})
