import { createConnectionStore } from '@clarity/shared/store/connections'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bearer, createTestApi, input, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
const { redis, keys } = api
const syncs = createSyncStore(redis, keys)
const connections = createConnectionStore(redis, keys, syncs)
let { app, create } = await api.build()

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  // Each connection is another workspace.
  ;({ app, create } = await api.build({
    checkAccess: async ({ workspace }) => ({ uuid: `{${workspace}}`, slug: workspace, name: workspace }),
  }))
})
afterEach(() => app.close())

const view = async (id: string) => (await app.inject({ url: `/v1/connections/${id}`, headers: bearer })).json()
const connect = async (workspace = 'acme', rest: object = {}) =>
  (await create({ ...input, name: workspace, uniqueIdentifier: `bitbucket-${workspace}`, workspace, ...rest })).json()

/** Ends the only sync of a connection, which nobody works on. */
async function end(sync: { id: `syn_${string}`; connectionId: `con_${string}` }, completedAt: string) {
  const done = await syncs.advance({
    ...{ tenantId: 'acme', connectionId: sync.connectionId, syncId: sync.id, token: null },
    ...{ from: 'requested', to: 'completed', fields: { finishedAt: completedAt }, events: [], completedAt },
  })
  expect(done).toBe(true)
}

test('a connection says how it is, and when all of it was last synced', async () => {
  const { connection, sync } = await connect()
  expect(await view(connection.id)).toMatchObject({
    status: { state: 'on-track', since: sync.requestedAt, reason: null },
    lastCompletedAt: null,
  })
  await end(sync, '2026-11-23T10:30:00.000Z')
  const synced = { status: { state: 'up-to-date' }, lastCompletedAt: '2026-11-23T10:30:00.000Z' }
  expect(await view(connection.id)).toMatchObject(synced)
  // What is asked for and does not come to its end changes nothing of when it was.
  const url = `/v1/connections/${connection.id}/syncs`
  const asked = (await app.inject({ method: 'POST', url, headers: bearer })).json()
  await app.inject({ method: 'POST', url: `${url}/${asked.sync.id}/cancel`, headers: bearer })
  expect(await view(connection.id)).toMatchObject({ ...synced, latestSync: { id: asked.sync.id, state: 'cancelled' } })
})

test('also of one whose last sync came to its end before that was noted', async () => {
  const { connection, sync } = await connect()
  await end(sync, '2026-11-23T10:30:00.000Z')
  await redis.hdel(keys.connection(connection.id).record, 'completedAt')
  expect(await view(connection.id)).toMatchObject({ lastCompletedAt: '2026-11-23T10:30:00.000Z' })
})

test('the list says it of each, in pages without gaps', async () => {
  const names = ['a1', 'b2', 'c3', 'd4', 'e5']
  for (const name of names) await connect(name)
  const second = (await connections.list('acme', { after: 'bitbucket-a1', limit: 1 })).connections[0]
  await redis.hset(keys.connection(second?.connection.id ?? '').record, 'removing', '1')
  const seen: string[] = []
  for (let url = '/v1/connections?limit=2'; url !== ''; ) {
    const { items, next } = (await app.inject({ url, headers: bearer })).json()
    for (const { name, status } of items) seen.push(`${name} ${status.state}`)
    expect(items).toHaveLength(2)
    url = next === null ? '' : `/v1/connections?limit=2&cursor=${next}`
  }
  expect(seen).toEqual(['a1', 'c3', 'd4', 'e5'].map((name) => `${name} on-track`))
})

test('the budget of each credential is told, and how many connections of the tenant share it', async () => {
  const token = { kind: 'api-token', email: 'admin@example.com', token: 'secret-token' }
  const { connection } = await connect('acme', { moreCredentials: [token] })
  await connect('other')
  await connect('third', { credential: { kind: 'oauth-consumer', key: 'another', secret: 'secret' } })
  // The same consumer in another tenant is nobody's business here.
  await app.inject({ method: 'POST', url: '/v1/connections', headers: otherBearer, payload: input })
  const before = (await redis.keys('*')).toSorted()
  const url = `/v1/connections/${connection.id}/budget`
  const { at, credentials } = (await app.inject({ url, headers: bearer })).json()
  expect(Date.parse(at)).toBeGreaterThan(0)
  const untouched = { limit: 1_000, used: 0, leased: 0, keptBack: 50, free: 1_000, freeForSyncs: 950, nextFreeAt: null }
  expect(credentials).toMatchObject([
    { kind: 'oauth-consumer', key: 'consumer', ...untouched, restingUntil: null, otherConnections: 1 },
    { kind: 'api-token', key: connection.moreCredentials[0].key, ...untouched, otherConnections: 0 },
  ])
  expect(credentials[0].forecast).toHaveLength(4)
  expect((await redis.keys('*')).toSorted()).toEqual(before)
  expect((await app.inject({ url, headers: otherBearer })).statusCode).toBe(404)
})
