import fc from 'fast-check'
import pMap from 'p-map'
import { describe, expect, test } from 'vitest'
import { sendCall } from './api-call.ts'
import { type ApiCase, apiCases } from './api-cases.ts'
import { type ApiOperation, readOperations } from './api-document.ts'
import { createSurroundings, createWorld, untilKnown } from './api-world.ts'
import { bodyFields, type Mutation, mutate, secret, type Target, withField, withQuery } from './fuzz-requests.ts'
import { findFaults } from './problem-judge.ts'
import { apiKeys, operatorKey } from './scenario.ts'
import { testSystem } from './system.ts'

/** Every field of every operation that the API describes, filled with what nobody should send, on a whole system. */
const system = await testSystem()
const { bitbucket, acme, globex, feed, processes, readLogs } = system
const seeded = { users: 12, groups: 3, projects: 2, repositories: 40, seed: 41 }
const workspace = await bitbucket.addWorkspace({ ...seeded, slug: 'fuzzed' })
const world = await createWorld({ bitbucket, connector: acme }, workspace)
const surroundings = await createSurroundings(system, workspace)

/** Where Bitbucket delivers: the document leaves it out, for nobody else is to call it. */
const delivery: ApiOperation = {
  ...{
    id: 'deliver',
    method: 'POST',
    path: '/v1/webhooks/bitbucket/{id}',
    isForOperators: false,
    isPublic: true,
    body: null,
  },
  parameters: [
    { name: 'id', in: 'path', required: true, schema: {} },
    ...['x-hub-signature', 'x-event-key', 'x-request-uuid'].map((name) => {
      return { name, in: 'header' as const, required: false, schema: {} }
    }),
  ],
}
const operations = [...(await readOperations(acme.url)), delivery]
const deliveryCase: ApiCase = { status: 401, request: ({ id }) => ({ path: { id }, body: {} }) }
// In the order of the table, so that what takes something away comes after what needs it.
const targets = Object.entries({ deliver: deliveryCase, ...apiCases }).map(([id, { request }]): Target => {
  const operation = operations.find((one) => one.id === id) ?? expect.unreachable(`there is no ${id}`)
  const bearer = operation.isForOperators ? operatorKey : apiKeys.acme
  return { operation, request: request(world, surroundings), bearer }
})

const concurrency = 8
const statuses = new Map<number, number>()

/** What is wrong with the answer to it; none when nothing is. */
async function faultsOf(mutation: Mutation): Promise<string[]> {
  const answer = await sendCall(acme.url, mutation.call).catch((error: unknown) => String(error))
  if (typeof answer === 'string') return [`${mutation.name}: ${answer}`]
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
  return findFaults(answer, mutation).map((fault) => `${mutation.name}: ${fault}: ${answer.text.slice(0, 300)}`)
}

test('what is sent once by itself is answered, whatever it is', async () => {
  const fields = targets.flatMap((target) => [
    ...target.operation.parameters.flatMap(({ name, in: place }) =>
      // These two wait when they are asked to.
      place === 'query' && name !== 'wait' && name !== 'waitFor'
        ? [(value: unknown) => withQuery(target, { name }, typeof value === 'string' ? value : JSON.stringify(value))]
        : [],
    ),
    ...bodyFields(target).map((path) => (value: unknown) => withField(target, path, JSON.stringify(value))),
  ])
  expect(fields.length).toBeGreaterThan(200)
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('"', '\\', "'", '%', '_', '\0', '\ud800', '{', '}', '[', '|', '#', ':', 'a') }),
    fc.jsonValue({ maxDepth: 4 }),
    fc.double(),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(Number),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  // A failure prints the seed and the path that bring it about again.
  const property = fc.asyncProperty(fc.constantFrom(...fields), value, async (fill, filled) => {
    expect(await faultsOf(fill(filled))).toEqual([])
  })
  await fc.assert(property, { numRuns: 500 })
})

describe('whatever is sent is answered, and what is refused says what to mend:', () => {
  test.each(targets.map((target) => [target.operation.id, target] as const))('%s', async (_id, target) => {
    const faults = await pMap(mutate(target), faultsOf, { concurrency })
    expect(faults.flat().slice(0, 20)).toEqual([])
  })

  test('and some of it is taken, refused for its form, for what it names, and for what it asks', () => {
    for (const status of [200, 202, 400, 401, 404, 415, 422])
      expect(statuses.get(status), String(status)).toBeGreaterThan(10)
  })
})

describe('after all of it', () => {
  test('everything goes on, also when somebody at Bitbucket has a name that no database can hold', async () => {
    const { consumer } = await bitbucket.addWorkspace({ ...seeded, slug: 'sane' })
    const [member] = (await bitbucket.truth('sane')).members
    await bitbucket.change('sane', { type: 'rename-user', userUuid: member?.userUuid, displayName: 'a\0b\ud83d' })
    const { connectionId, sync } = await globex.connectAndSync({ workspace: 'sane', ...consumer })
    expect(sync).toMatchObject({ state: 'completed', error: null })
    await untilKnown(globex, connectionId)
    const found = await globex.call(`/v1/connections/${connectionId}/service-users?search=a%EF%BF%BDb%EF%BF%BD`)
    expect(found).toMatchObject({ status: 200, body: { items: [{}] } })
    expect(feed.problems).toEqual([])
    for (const { name, exited } of Object.values(processes ?? {})) {
      expect(await Promise.race([exited, 'runs']), name).toBe('runs')
    }
  })

  test('no log has a key, a secret or a cookie that was sent', async () => {
    const cookie = 'clarity-session=planted-cookie-of-nobody'
    const headers = { cookie, 'content-type': 'application/json' }
    const asNobody = await fetch(`${acme.url}/v1/connections`, { method: 'POST', headers, body: '{"a":' })
    expect(asNobody.status).toBe(403)
    const logs = (await readLogs()).join('\n')
    const hiddenOnes = [apiKeys.acme, operatorKey, surroundings.key, workspace.consumer.secret, secret, cookie]
    for (const hidden of hiddenOnes) {
      expect(logs.includes(hidden), hidden).toBe(false)
    }
  })
})
