import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startKafka } from '@clarity/launcher/kafka'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import pMap from 'p-map'
import { afterAll, expect, test } from 'vitest'
import { type ApiAnswer, sendCall } from './api-call.ts'
import { apiCases } from './api-cases.ts'
import { readOperations, toCall } from './api-document.ts'
import { createSurroundings, createWorld, untilKnown } from './api-world.ts'
import { BitbucketControl } from './bitbucket.ts'
import { Connector } from './connector.ts'
import { findFaults } from './problem-judge.ts'
import { apiKeys, operatorKey, workspace } from './scenario.ts'

/** The API with Redis or Kafka gone, and back. Both are its own, for it takes them away. */
const dir = await mkdtemp(join(tmpdir(), 'clarity-api-outage-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const [redis, kafka] = await Promise.all([
  startRedis({ dir: join(dir, 'redis') }),
  startKafka({ dir: join(dir, 'kafka') }),
])
afterAll(() => Promise.all([redis.process.stop(), kafka.process.stop()]))
const names = { keyPrefix: 'clarity', topicPrefix: 'clarity.bitbucket' }
const servers = { redisUrl: redis.url, brokers: kafka.brokers }
const system = await startSystem({
  ...servers,
  ...names,
  apiKeys,
  operatorKey,
  logDir: dir,
  workspace,
  leaseSeconds: 4,
})
afterAll(() => system.stop())

const bitbucket = new BitbucketControl(system.bitbucketUrl)
const acme = new Connector(system.apiUrl, apiKeys.acme)
const operator = new Connector(system.apiUrl, operatorKey)
const seeded = { slug: 'works', users: 40, groups: 6, projects: 4, repositories: 60, seed: 31 }
const works = await bitbucket.addWorkspace(seeded)
const world = await createWorld({ bitbucket, connector: acme }, works)
const surroundings = await createSurroundings({ bitbucket, operator }, works)
const operations = await readOperations(system.apiUrl)
const path = `/v1/connections/${world.id}`

interface TimedAnswer extends ApiAnswer {
  readonly ms: number
}

async function timed(answer: Promise<ApiAnswer>): Promise<TimedAnswer> {
  const beganAt = performance.now()
  return { ...(await answer), ms: performance.now() - beganAt }
}

const get = (target: string, bearer = apiKeys.acme) =>
  sendCall(system.apiUrl, { method: 'GET', target, headers: ['authorization', `Bearer ${bearer}`] })

/** Makes a key, and can be repeated. */
const makeKey = (name: string) =>
  acme.call('/v1/api-keys', { name, scopes: ['access:read'] }, 'POST', { 'idempotency-key': `make-${name}` })

/** Asks until the answer has the status; one that never has it runs into the time-out of the test. */
async function until<Answer extends { readonly status: unknown }>(
  status: Answer['status'],
  ask: () => Promise<Answer>,
) {
  for (;;) {
    const answer = await ask()
    if (answer.status === status) return answer
    await delay(50)
  }
}

test('without Redis every operation says so within two seconds, nothing hangs, and all goes on when it is back', async () => {
  const running = await acme.connect({ workspace: 'acme', ...workspace.consumer })
  const { sequence } = (await acme.call(`${path}/counts`)).body as { sequence: number }
  // Both are closed by whoever has asked when they last longer than ten seconds.
  const followed = get(`/v1/connections/${running.connectionId}/syncs/${running.syncId}/progress`).catch(String)
  const awaited = get(`${path}/changes?after=${sequence}&wait=5`)
  await acme.until(running.connectionId, running.syncId, ({ state }) => state === 'running')
  // Whoever has not been let in yet is refused like everybody.
  const isWaiting = /^clarity_access_view_callers_waiting\S* 1$/m
  await until(true, async () => ({ status: isWaiting.test((await get('/metrics')).text) }))
  await redis.process.kill()

  const answers = await pMap(
    operations,
    async (operation) => {
      const request = apiCases[operation.id]?.request(world, surroundings) ?? {}
      const bearer = operation.isForOperators ? operatorKey : apiKeys.acme
      return { id: operation.id, ...(await timed(sendCall(system.apiUrl, toCall(operation, request, bearer)))) }
    },
    { concurrency: 8 },
  )
  for (const { id, ms, ...answer } of answers) {
    expect([id, answer.status, answer.headers['retry-after']]).toEqual([id, 503, '1'])
    expect(answer.text).toContain('urn:clarity:problem:redis-unavailable')
    expect(findFaults(answer, { field: null, secrets: [] }), id).toEqual(['it is an error of ours: 503'])
    expect(ms, id).toBeLessThan(2_000)
  }
  expect((await makeKey('refused')).status).toBe(503)
  expect((await get('/livez')).status).toBe(200)
  expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('"failed":["redis"]') })
  expect((await awaited).status).toBe(200)
  // It ends, and whoever followed comes back with the id of the last event.
  expect(await followed).toMatch(/aborted|terminated|hang up|ECONNRESET/)

  await redis.process.restart()
  await until(200, () => get(path))
  const made = await until(201, () => makeKey('refused'))
  expect(await makeKey('refused')).toEqual(made)
})

test('a Redis that says nothing is given up, and what was refused meanwhile can be repeated at once', async () => {
  redis.process.pause()
  const refused = await Promise.all([timed(get(path)), makeKey('silent')])
  expect(refused).toMatchObject([{ status: 503 }, { status: 503 }])
  expect(refused[0].ms).toBeLessThan(5_000)
  redis.process.resume()
  await until(200, () => get(path))
  const beganAt = performance.now()
  await until(201, () => makeKey('silent'))
  expect(performance.now() - beganAt).toBeLessThan(5_000)
})

test('without Kafka connections are set up and synced, and what is known of access is answered', async () => {
  await untilKnown(acme, world.id)
  await kafka.process.kill()
  const settings = await acme.call(path, { appOwners: ['identity-2'] }, 'PATCH', { 'if-match': '*' })
  expect(settings.status).toBe(200)
  const sync = await acme.sync(world.id, { kind: 'incremental' })
  expect(sync).toMatchObject({ state: 'completed', error: null })
  for (const question of [
    'counts',
    'grants',
    'service-users',
    `who-can?resource=${world.resource}`,
    'feed',
    'coverage',
  ]) {
    expect((await get(`${path}/${question}`)).status, question).toBe(200)
  }
  expect((await get('/v1/audit')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  await kafka.process.restart()
  await untilKnown(acme, world.id)
  expect((await get(`${path}/feed?name=connection.updated`)).text).toContain('identity-2')
})

test('an embedded database that is killed costs the answers about access until there is another one, and nothing else', async () => {
  const api = system.processes['connector-api']
  const [database] = await childrenOf(api.pid)
  if (database === undefined) throw new Error('the API has no embedded database')
  process.kill(database, 'SIGKILL')
  const refused = await until(503, () => get(`${path}/counts`))
  expect(refused.text).toContain('urn:clarity:problem:access-view-unavailable')
  expect((await get(path)).status).toBe(200)
  await until(200, () => get(`${path}/counts`))
  expect(await childrenOf(api.pid)).not.toContain(database)
})

/** The ids of the processes that a process has started, on Linux. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}
