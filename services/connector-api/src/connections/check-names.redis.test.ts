import { createConnectionStore } from '@clarity/shared/store/connections'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input, otherBearer } from '../testing/api.ts'
import { preflightAnswer } from '../testing/preflight.ts'

const api = await createTestApi()
const { redis, keys } = api
const endpoint = 'GET /1.0/groups/{workspace_slug}'
const refused = { field: null, endpoint, code: 'not-permitted', message: 'no', remedy: 'mend it' }
const free = { workspace: 'free', credential: input.credential }
/** Of each workspace as many as there are letters in its name. */
const build = () =>
  api.build({
    checkAccess: async ({ workspace }) => ({ uuid: `{${workspace}}`, slug: workspace, name: workspace }),
    runPreflight: async ({ workspace, credential }) =>
      preflightAnswer({
        workspace: { state: 'found', uuid: `{${workspace}}`, slug: workspace, name: workspace },
        ...(credential.key === 'lacking' && { ready: false, problems: [refused] }),
      }),
  })
let { app, create } = await build()

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  ;({ app, create } = await build())
})
afterEach(() => app.close())

async function validate(payload: object, headers: object = bearer) {
  const url = '/v1/connections/validate'
  const response = await app.inject({ method: 'POST', url, headers: { ...headers }, payload })
  expect(response.statusCode).toBe(200)
  return response.json()
}

describe('a name or identifier of the wrong form', () => {
  test.each([
    ['name', ' ', 'invalid-name'],
    ['name', 'x'.repeat(81), 'invalid-name'],
    ['name', 7, 'invalid-name'],
    ['name', { toString: 'x' }, 'invalid-name'],
    ['uniqueIdentifier', 'Not one', 'invalid-identifier'],
    ['uniqueIdentifier', 'ab', 'invalid-identifier'],
    ['uniqueIdentifier', ['bitbucket-acme'], 'invalid-identifier'],
  ])('%s %o is a problem', async (field, value, code) => {
    const body = await validate({ ...free, [field]: value })
    expect(body).toMatchObject({ ready: false, workspace: { state: 'found' } })
    expect(body.problems).toEqual([
      { field, endpoint: null, code, message: expect.any(String), remedy: expect.any(String) },
    ])
    // Saving names the same field.
    const saved = await create({ ...input, workspace: 'free', [field]: value })
    expect([saved.statusCode, saved.json().errors[0].field.split('.')[0]]).toEqual([400, field])
  })
})

describe('what another connection of the tenant has', () => {
  const both = { name: 'ACME', uniqueIdentifier: 'bitbucket-acme' }

  test('is a problem of each field, and saving names the same', async () => {
    const { connection } = (await create()).json()
    const body = await validate({ ...input, ...both })
    const { id: connectionId } = connection
    expect(body.ready).toBe(false)
    expect(body.problems).toMatchObject([
      { field: 'name', code: 'name-taken', message: expect.stringContaining(connectionId), connectionId },
      { field: 'uniqueIdentifier', code: 'identifier-taken', connectionId },
      { field: 'workspace', code: 'workspace-taken', connectionId },
    ])
    expect(body.problems[1]).not.toHaveProperty('removedAt')
    for (const [change, field, code] of [
      [{ uniqueIdentifier: 'bitbucket-new', workspace: 'free' }, 'name', 'name-taken'],
      [{ name: 'New', workspace: 'free' }, 'uniqueIdentifier', 'identifier-taken'],
      [{ name: 'New', uniqueIdentifier: 'bitbucket-new' }, 'workspace', 'workspace-taken'],
    ] as const) {
      const saved = await create({ ...input, ...change })
      expect(saved.statusCode).toBe(409)
      expect(saved.json()).toMatchObject({ type: `urn:clarity:problem:${code}`, errors: [{ field }] })
    }
  })

  test('stands before what Bitbucket refuses', async () => {
    await create()
    const lacking = { kind: 'oauth-consumer', key: 'lacking', secret: 's' }
    const { problems } = await validate({ ...free, credential: lacking, name: 'Acme' })
    expect(problems.map(({ code }: { code: string }) => code)).toEqual(['name-taken', 'not-permitted'])
  })

  test('is not looked at where neither name nor identifier is given', async () => {
    await create()
    expect(await validate({ workspace: 'acme', credential: input.credential })).toMatchObject({ ready: true })
  })

  test('is nobody else’s business', async () => {
    await create()
    expect(await validate({ ...input, ...both }, otherBearer)).toMatchObject({ ready: true, problems: [] })
  })

  test('and had before it was removed: the identifier stays taken, and when is told', async () => {
    const { connection } = (await create()).json()
    const store = createConnectionStore(redis, keys, createSyncStore(redis, keys))
    await store.forget(connection.id)
    const { problems, ready } = await validate({ ...input, ...both })
    expect(ready).toBe(false)
    expect(problems).toMatchObject([
      { field: 'uniqueIdentifier', code: 'identifier-taken', message: expect.stringContaining('was removed at 20') },
    ])
    expect(problems[0].message).toContain(problems[0].removedAt)
    expect(problems[0]).not.toHaveProperty('connectionId')
  })

  test('nor has one that was never saved, and nothing is reserved by looking', async () => {
    await redis.hset(keys.tenantIdentifiers('acme'), 'bitbucket-acme', 'con_0')
    await redis.hset(keys.tenantNames('acme'), 'acme', 'con_0')
    await redis.hset(keys.tenantWorkspaces('acme'), '{acme}', 'con_0')
    const before = await api.everything()
    expect(await validate(input)).toMatchObject({ ready: true, problems: [] })
    expect(await api.saved()).toHaveLength(3)
    expect(before).toContain('con_0')
  })
})
