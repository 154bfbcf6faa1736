import type { SignedEvidence } from '@clarity/shared/contract/evidence'
import { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import { verifyEvidence } from '@clarity/shared/evidence/sign'
import { toCsv } from '@clarity/shared/evidence/to-csv'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { exampleEvidence } from '@clarity/shared/testing/evidence'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bearer, createTestApi } from '../testing/api.ts'

const api = await createTestApi()
const { redis, keys, signer } = api
const syncs = createSyncStore(redis, keys)
const signed = signer.sign(exampleEvidence)
let { app, create } = await api.build()

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  ;({ app, create } = await api.build())
})
afterEach(() => app.close())

/** Connects a workspace, which begins its first sync. */
async function connect() {
  const { connection, sync } = (await create()).json()
  const [connectionId, syncId] = [ConnectionId.parse(connection.id), SyncId.parse(sync.id)]
  return { connectionId, syncId, url: `/v1/connections/${connectionId}/syncs/${syncId}/evidence` }
}

async function end({ connectionId, syncId }: Awaited<ReturnType<typeof connect>>, evidence?: SignedEvidence) {
  const move = { from: 'requested', to: 'cancelled', token: null, fields: {}, events: [] } as const
  const transition = { tenantId: 'acme', connectionId, syncId, ...move, ...(evidence && { evidence }) }
  expect(await syncs.advance(transition)).toBe(true)
}

async function connectAndEnd(): Promise<string> {
  const connected = await connect()
  await end(connected, signed)
  return connected.url
}

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers: { ...bearer, ...headers } })

test.each([{}, { accept: '*/*' }, { accept: 'application/json' }])('evidence is JSON for %o', async (headers) => {
  const response = await get(await connectAndEnd(), headers)
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', vary: 'accept' })
  const { body: publicKey, headers: ofKey } = await get('/v1/evidence/public-key')
  expect(ofKey['content-type']).toContain('application/x-pem-file')
  expect(verifyEvidence(response.json(), publicKey)).toEqual({ state: 'valid', evidence: exampleEvidence })
})

test('evidence is CSV for who asks for that', async () => {
  const response = await get(await connectAndEnd(), { accept: 'text/csv' })
  expect(response.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
  expect(response.headers['content-disposition']).toMatch(/^attachment; filename="evidence-syn_\w+\.csv"$/)
  expect(response.body).toBe(toCsv(signed))
})

test('evidence is nothing else', async () => {
  const response = await get(await connectAndEnd(), { accept: 'application/pdf' })
  expect(response.statusCode).toBe(406)
  expect(response.json()).toMatchObject({
    type: 'urn:clarity:problem:not-acceptable',
    remedy: expect.stringContaining('text/csv'),
  })
})

test('a sync that is not finished, or ended without evidence, says so', async () => {
  const connected = await connect()
  const open = await get(connected.url)
  expect(open.statusCode).toBe(404)
  expect(open.json()).toMatchObject({
    type: 'urn:clarity:problem:no-evidence',
    remedy: expect.stringContaining('ask again then'),
  })
  await end(connected)
  const ended = await get(connected.url)
  expect(ended.statusCode).toBe(404)
  expect(ended.json()).toMatchObject({
    type: 'urn:clarity:problem:no-evidence',
    remedy: expect.stringContaining('another sync'),
  })
})

test('no other tenant sees it', async () => {
  const url = await connectAndEnd()
  const response = await get(url, { authorization: 'Bearer key-of-tenant-globex' })
  expect(response.statusCode).toBe(404)
  expect(response.json().type).toBe('urn:clarity:problem:no-such-connection')
})

test('evidence is kept as long as its sync', async () => {
  const connected = await connect()
  await end(connected, signed)
  const { state, evidence } = keys.sync(connected.connectionId, connected.syncId)
  expect(await redis.ttl(evidence)).toBeGreaterThan(0)
  expect(await redis.ttl(evidence)).toBe(await redis.ttl(state))
})
