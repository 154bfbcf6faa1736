import { type BitbucketClient, createBitbucketClient } from '@clarity/bitbucket'
import { createSimulator, FaultRule, type Simulator } from '@clarity/bitbucket-simulator'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import { Secret } from '@clarity/shared/runtime/secret'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createKeys } from '@clarity/shared/store/keys'
import { createVault } from '@clarity/shared/store/vault'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { askCandidates } from './candidate-emails.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const vault = createVault(new Secret(Buffer.alloc(32, 1).toString('base64')))
const store = createCandidateEmailStore(redis, keys, vault)
const endpoint = 'GET /2.0/workspaces/{workspace}/members'
const consumer = { key: 'key', secret: 'secret' }
const seeded = { slug: 'acme', users: 60, groups: 1, projects: 1, repositories: 1, seed: 7, consumer }

let simulator: Simulator
let client: BitbucketClient
const connectionId: ConnectionId = 'con_1'

beforeAll(async () => {
  simulator = await createSimulator({ workspaces: [seeded] })
  client = createBitbucketClient({
    urls: { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` },
    credentials: [{ kind: 'oauth-consumer', id: consumer.key, key: consumer.key, secret: new Secret(consumer.secret) }],
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    random: () => 0,
  })
})
beforeEach(async () => {
  simulator.faults.clear()
  await redis.flushdb()
})
afterAll(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})

/** The addresses of the workspace's members, by service user id: the truth. */
function membersByEmail(): Map<string, string> {
  const workspace = simulator.world.workspacesBySlug.get('acme')
  const members = [...(workspace?.members.keys() ?? [])].flatMap((uuid) => workspace?.users.get(uuid) ?? [])
  return new Map(members.map(({ uuid, email }) => [`user:${uuid.slice(1, -1)}`, email]))
}

/** People of whom the workspace knows nothing. */
const strangers = (count: number) => Array.from({ length: count }, (_, n) => `stranger${n}@example.com`)

const ask = (requestsMax = 100, signal = new AbortController().signal) =>
  askCandidates({ client, workspaceSlug: 'acme', store, connectionId, signal, requestsMax })

/** How many requests Bitbucket answers meanwhile. */
async function countRequests<T>(work: () => Promise<T>): Promise<{ result: T; counted: number }> {
  const read = async () => {
    const counts: { total: number } = JSON.parse(await (await fetch(`${simulator.url}/_control/requests`)).text())
    return counts.total
  }
  const before = await read()
  const result = await work()
  return { result, counted: (await read()) - before }
}

/** A person whom the workspace has never seen joins it; the answer is her address. */
async function addMember(displayName: string): Promise<string> {
  const before = new Set(membersByEmail().values())
  const response = await fetch(`${simulator.url}/_control/workspaces/acme/changes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'add-user', displayName, permission: 'member' }),
  })
  expect(response.status).toBe(200)
  const [address = ''] = [...membersByEmail().values()].filter((email) => !before.has(email))
  return address
}

test('200 addresses take 3 requests, those of members are confirmed, and sent again they take none', async () => {
  const members = membersByEmail()
  const addresses = [...members.values(), ...strangers(200 - members.size)]
  expect(members.size).toBeGreaterThan(30)
  await store.add(connectionId, addresses)
  const { result, counted } = await countRequests(ask)
  expect({ ...result, counted }).toEqual({
    state: 'complete',
    asked: 200,
    confirmed: members,
    requests: 3,
    counted: 3,
  })
  expect(await store.readHits(connectionId)).toEqual(members)

  expect(await store.add(connectionId, addresses)).toEqual({ accepted: 0, alreadyKnown: 200, waiting: 0 })
  const again = await countRequests(ask)
  expect(again).toMatchObject({ counted: 0, result: { state: 'complete', asked: 0, requests: 0 } })
})

test('after a new member came, what is sent again and was nobody’s is asked about, and nothing else', async () => {
  const members = membersByEmail()
  await store.add(connectionId, [...members.values(), ...strangers(100)])
  await ask()
  const address = await addMember('Nadia New')
  await store.raiseMembershipEpoch(connectionId)
  expect((await countRequests(ask)).counted).toBe(0)

  const sent = [...members.values(), ...strangers(10), address]
  expect(await store.add(connectionId, sent)).toMatchObject({ accepted: 11, alreadyKnown: members.size })
  const { result, counted } = await countRequests(ask)
  const found = membersByEmail()
  expect({ asked: result.asked, counted, confirmed: [...result.confirmed.values()] }).toEqual({
    asked: 11,
    counted: 1,
    confirmed: [address],
  })
  expect(await store.readHits(connectionId)).toEqual(found)
})

test('no more requests are made than are allowed, and the rest goes on waiting', async () => {
  await store.add(connectionId, strangers(200))
  const { result, counted } = await countRequests(() => ask(2))
  expect({ ...result, counted }).toMatchObject({ state: 'bounded', asked: 180, requests: 2, counted: 2 })
  expect(await ask()).toMatchObject({ state: 'complete', asked: 20, requests: 1 })
})

test.each([
  ['is refused', { type: 'status', status: 403 }, 'permission'],
  ['breaks off', { type: 'truncate' }, 'unavailable'],
  ['lacks a row', { type: 'skip-row' }, 'contract'],
] as const)('a batch whose answer %s goes on waiting, and why is told', async (_name, fault, kind) => {
  const members = membersByEmail()
  await store.add(connectionId, [...members.values()])
  simulator.faults.add(FaultRule.parse({ endpoint, fault }))
  expect(await ask()).toMatchObject({ state: 'incomplete', error: { kind }, asked: 0, requests: 1 })
  expect(simulator.faults.read()).toMatchObject([{ satisfied: true }])
  simulator.faults.clear()
  expect(await store.readHits(connectionId)).toEqual(new Map())
  expect(await ask()).toMatchObject({ state: 'complete', asked: members.size, confirmed: members })
})

test('who dies before a batch is settled has it asked again, and nothing is lost', async () => {
  const members = membersByEmail()
  await store.add(connectionId, [...members.values()])
  const dying = {
    takeBatch: (id: ConnectionId) => store.takeBatch(id),
    settle: () => Promise.reject(new Error('killed')),
  }
  const died = askCandidates({
    client,
    workspaceSlug: 'acme',
    store: dying,
    connectionId,
    signal: new AbortController().signal,
    requestsMax: 10,
  })
  await expect(died).rejects.toThrow('killed')
  expect(await ask()).toMatchObject({ state: 'complete', confirmed: members, requests: 1 })
})

test('a stop ends it before the next batch', async () => {
  await store.add(connectionId, strangers(1))
  const stopped = ask(10, AbortSignal.abort(new Error('stopping')))
  await expect(stopped).rejects.toThrow('stopping')
  expect(await store.readStatus(connectionId)).toMatchObject({ waiting: 1 })
})
