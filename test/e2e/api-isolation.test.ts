import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ApiAnswer, sendCall } from './api-call.ts'
import { type ApiRequest, apiCases, type World } from './api-cases.ts'
import { type ApiOperation, fieldNames, readOperations, toCall } from './api-document.ts'
import { absentWorld, createSurroundings, createWorld, untilKnown } from './api-world.ts'
import { isFinished } from './connector.ts'
import { essenceOf, findMarks, marksOf } from './isolation-judge.ts'
import { apiKeys, operatorKey } from './scenario.ts'
import { testSystem } from './system.ts'

/** Every operation that the API describes, asked by one tenant for what is another one's. */
const system = await testSystem()
const { bitbucket, acme, globex } = system
const addWorkspace = async (slug: string, seed: number) => ({
  ...(await bitbucket.addWorkspace({ slug, users: 40, groups: 6, projects: 4, repositories: 60, seed })),
})
const [ofAcme, ofGlobex] = [await addWorkspace('acme-works', 31), await addWorkspace('globex-works', 32)]
const [own, foreign] = await Promise.all([
  createWorld({ bitbucket, connector: globex }, ofGlobex),
  createWorld({ bitbucket, connector: acme }, ofAcme),
])
const surroundings = await createSurroundings(system, ofAcme)
const marks = marksOf(
  await bitbucket.truth('acme-works'),
  await bitbucket.truth('globex-works'),
  Object.values(foreign),
)
const operations = await readOperations(acme.url)
// In the order of the table, so that what takes something away comes after what needs it.
const ordered = operations.toSorted((one, other) => placeOf(one) - placeOf(other))
const ofTenants = ordered.filter(({ isForOperators, isPublic }) => !isForOperators && !isPublic)
const ofOperators = ordered.filter(({ isForOperators }) => isForOperators)
const ofAnybody = ordered.filter(({ isPublic }) => isPublic)

function placeOf({ id }: ApiOperation): number {
  return Object.keys(apiCases).indexOf(id)
}

const requestOf = ({ id }: ApiOperation, world: World): ApiRequest =>
  apiCases[id]?.request(world, surroundings) ?? expect.unreachable(`no case for ${id}`)
const ask = (operation: ApiOperation, request: ApiRequest, bearer: string) =>
  sendCall(acme.url, toCall(operation, request, bearer))
const byId = (list: readonly ApiOperation[]) => list.map((operation) => [operation.id, operation] as const)

/** Fields that name something of a tenant's, and the part of a world that is given for each. */
const idFields: Readonly<Record<string, keyof World>> = {
  ...{ id: 'id', syncId: 'syncId', keyId: 'keyId', actorId: 'actorId', serviceUserId: 'serviceUserId' },
  ...{ entitlementId: 'entitlementId', resource: 'resource', project: 'project', container: 'container' },
  ...{ scope: 'scope', scopes: 'scope', ids: 'grantId', only: 'heldId' },
}
/** All others: what is asked for, how, and what is to be made; a cursor has a test of its own. */
const otherFields = new Set([
  ...['limit', 'cursor', 'search', 'kind', 'status', 'membership', 'privileged', 'matched', 'notSeenSince', 'asOf'],
  ...['atSequence', 'waitFor', 'format', 'level', 'private', 'resourceKind', 'ended', 'otherPath', 'atLeast', 'via'],
  ...['pathsMin', 'sort', 'name', 'before', 'after', 'wait', 'from', 'to', 'action', 'if-match', 'last-event-id'],
  ...['Idempotency-Key', 'uniqueIdentifier', 'workspace', 'credential', 'moreCredentials', 'key', 'secret', 'email'],
  ...['token', 'appOwners', 'include', 'projects', 'repositories', 'publishLevels', 'removalLimit', 'share', 'count'],
  ...['confirmEmails', 'attributes', 'schedule', 'mode', 'minutes', 'pattern', 'timeZone', 'text', 'reason'],
  ...['addresses', 'expiresAt', 'tenantId', 'state', 'cause', 'signInToken', 'expiresInMinutes', 'sessionHours'],
])
/** Where these are what is to be made, or what the caller may do: no ids. */
const exceptions = new Set([
  ...['createTenant id', 'createApiKey scopes', 'createTenantApiKey scopes', 'createSignInLink scopes'],
])

/** By which parts of a world an operation names something. */
function namedBy(operation: ApiOperation): (keyof World)[] {
  const other = absentWorld()
  const before = JSON.stringify(requestOf(operation, own))
  const parts = Object.keys(own).filter((part): part is keyof World => part in own)
  return parts.filter((part) => JSON.stringify(requestOf(operation, { ...own, [part]: other[part] })) !== before)
}

describe('the table of cases', () => {
  test('has a case for every operation, and none for another', () => {
    expect(Object.keys(apiCases).toSorted()).toEqual(operations.map(({ id }) => id).toSorted())
    expect(ofTenants.length).toBeGreaterThan(40)
    expect(ofOperators.length).toBeGreaterThan(5)
  })

  test('knows of every field whether it names something of a tenant, and names it', () => {
    const unknown = operations.flatMap((operation) =>
      fieldNames(operation)
        .filter((name) => !(name in idFields) && !otherFields.has(name))
        .map((name) => `${operation.id} ${name}`),
    )
    expect(unknown).toEqual([])
    const notGiven = ofTenants.flatMap((operation) => {
      const given = new Set(namedBy(operation))
      return fieldNames(operation).flatMap((name) => {
        const part = idFields[name]
        const isGiven = part === undefined || given.has(part) || exceptions.has(`${operation.id} ${name}`)
        return isGiven ? [] : [`${operation.id} ${name}`]
      })
    })
    expect(notGiven).toEqual([])
  })
})

/** A page of a list, narrowed by nothing but what it asks for. */
function pageOf(operation: ApiOperation, world: World, page: Readonly<Record<string, string>>): ApiRequest {
  const { path = {}, query = {} } = requestOf(operation, world)
  const isRequired = (name: string) => operation.parameters.some((one) => one.name === name && one.required)
  return { path, query: { ...Object.fromEntries(Object.entries(query).filter(([name]) => isRequired(name))), ...page } }
}

describe('what a tenant is told of its own has nothing of another one', () => {
  test.each(byId(ofTenants.filter(({ method }) => method === 'GET')))('%s', async (id, operation) => {
    const request = requestOf(operation, own)
    const answer = await ask(operation, request, apiKeys.globex)
    expect(answer.status, answer.text).toBe(apiCases[id]?.status)
    expect(findMarks(answer, marks, JSON.stringify(request))).toEqual([])
    if (operation.parameters.every(({ name }) => name !== 'limit')) return
    const page = await ask(operation, pageOf(operation, own, { limit: '200' }), apiKeys.globex)
    expect(findMarks(page, marks, JSON.stringify(request))).toEqual([])
  })
})

/** The answer; of a sync that it has begun, how that is at its end: how far it was by then is a matter of time. */
async function settled(answer: ApiAnswer): Promise<ApiAnswer> {
  const begun = z.object({ id: z.string(), connectionId: z.string(), state: z.string() })
  const body = z.union([begun, z.object({ sync: begun }).transform(({ sync }) => sync)]).safeParse(parse(answer.text))
  if (!body.success || !body.data.id.startsWith('syn_')) return answer
  return { ...answer, text: JSON.stringify(await globex.until(own.id, body.data.id, isFinished)) }
}

function parse(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : null
}

describe('a tenant that names what is another one’s is answered as if it did not exist', () => {
  test.each(byId(ofTenants.filter((operation) => namedBy(operation).length > 0)))('%s', async (_id, operation) => {
    const absent = absentWorld()
    const named = namedBy(operation)
    // One id of the other tenant at a time, beside ids of the own; and all of them.
    for (const parts of [...named.map((part) => [part]), named]) {
      const mixed = (from: World): World => ({ ...own, ...Object.fromEntries(parts.map((part) => [part, from[part]])) })
      const [request, missing] = [requestOf(operation, mixed(foreign)), requestOf(operation, mixed(absent))]
      const answer = await settled(await ask(operation, request, apiKeys.globex))
      const reference = await settled(await ask(operation, missing, apiKeys.globex))
      const isInPath = JSON.stringify(request.path) !== JSON.stringify(requestOf(operation, own).path)
      if (isInPath) expect(answer.status, parts.join()).toBe(404)
      expect(findMarks(answer, marks, JSON.stringify(request)), parts.join()).toEqual([])
      const ids = (world: World) => parts.map((part) => world[part])
      expect(essenceOf(answer, ids(foreign)), parts.join()).toBe(essenceOf(reference, ids(absent)))
    }
  })

  test('also when it names it by a cursor', async () => {
    const lists = ofTenants.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'))
    expect(lists.length).toBeGreaterThan(10)
    let cursors = 0
    for (const operation of lists) {
      const first = await ask(operation, pageOf(operation, foreign, { limit: '1' }), apiKeys.acme)
      const { next } = z.object({ next: z.string().nullable() }).parse(JSON.parse(first.text))
      if (next === null) continue
      cursors++
      const request = pageOf(operation, own, { limit: '200', cursor: next })
      const answer = await ask(operation, request, apiKeys.globex)
      expect(findMarks(answer, marks, JSON.stringify(request)), operation.id).toEqual([])
      expect(answer.status, `${operation.id} ${answer.text}`).toBeLessThan(500)
    }
    expect(cursors).toBeGreaterThan(8)
  })
})

describe('the operator', () => {
  test.each(byId(ofOperators))('alone may %s', async (_id, operation) => {
    const request = requestOf(operation, foreign)
    for (const key of [apiKeys.acme, apiKeys.globex]) expect((await ask(operation, request, key)).status).toBe(403)
  })

  test.each(byId(ofTenants))('may not %s', async (_id, operation) => {
    const answer = await ask(operation, requestOf(operation, foreign), operatorKey)
    expect(answer.status).toBe(403)
    expect(findMarks(answer, marks, JSON.stringify(requestOf(operation, foreign)))).toEqual([])
  })
})

describe('whoever signs in', () => {
  test.each(byId(ofAnybody))(
    'by %s is let in to the tenant of their key, whoever else’s they send along',
    async (id, operation) => {
      const answer = await ask(operation, requestOf(operation, foreign), apiKeys.acme)
      expect(answer.status, answer.text).toBe(apiCases[id]?.status)
      expect(JSON.parse(answer.text)).toMatchObject({ tenant: { id: surroundings.operated.tenantId } })
      expect(findMarks(answer, marks, '')).toEqual([])
    },
  )

  test('with a browser sees what is theirs, and nothing of another tenant', async () => {
    const headers = ['content-type', 'application/json']
    const body = JSON.stringify({ key: apiKeys.globex })
    const { headers: signedIn } = await sendCall(acme.url, { method: 'POST', target: '/v1/session', headers, body })
    const [cookie = ''] = String(signedIn['set-cookie']).split(';')
    const see = (path: string) => sendCall(acme.url, { method: 'GET', target: path, headers: ['cookie', cookie] })
    expect((await see(`/v1/connections/${own.id}`)).status).toBe(200)
    expect((await see(`/v1/connections/${foreign.id}`)).status).toBe(404)
    expect((await see('/v1/tenants')).status).toBe(403)
  })
})

test('names, unique identifiers and workspaces of one tenant are free for another', async () => {
  const { body } = await acme.call(`/v1/connections/${foreign.id}`)
  const { name, uniqueIdentifier } = z.object({ name: z.string(), uniqueIdentifier: z.string() }).parse(body)
  const { key, secret } = ofAcme.consumer
  const credential = { kind: 'oauth-consumer', key, secret }
  const wanted = { name, uniqueIdentifier, workspace: ofAcme.slug, credential }
  const seen = await globex.call('/v1/connections/validate', wanted)
  expect(seen).toMatchObject({ status: 200, body: { ready: true, problems: [] } })
  expect(JSON.stringify(seen.body)).not.toContain(foreign.id)
  const taken = ['name', 'uniqueIdentifier', 'workspace'].map((field) => ({ field, connectionId: foreign.id }))
  expect(await acme.call('/v1/connections/validate', wanted)).toMatchObject({ body: { ready: false, problems: taken } })
  expect(await globex.call('/v1/connections', wanted)).toMatchObject({ status: 201 })
})

/** All that shows whether somebody has changed something of the tenant. */
async function stateOf({ id }: World): Promise<unknown[]> {
  const paths = ['', '/settings', '/webhook', '/hold', '/syncs', '/audit']
  const shown = await Promise.all(paths.map((path) => acme.call(`/v1/connections/${id}${path}`)))
  return [...shown, await acme.call('/v1/api-keys')]
}
const before = await stateOf(foreign)

describe('the tenant whose it all is', () => {
  test('finds it as it was, whatever others and the operator have tried', async () => {
    await untilKnown(globex, own.id)
    expect(await stateOf(foreign)).toEqual(before)
  })

  test.each(byId(ofTenants))('is answered by %s', async (id, operation) => {
    const answer = await ask(operation, requestOf(operation, foreign), apiKeys.acme)
    expect(answer.status, answer.text).toBe(apiCases[id]?.status)
  })

  test.each(byId(ofOperators))('and so is the operator by %s', async (id, operation) => {
    const answer = await ask(operation, requestOf(operation, foreign), operatorKey)
    expect(answer.status, answer.text).toBe(apiCases[id]?.status)
  })
})
