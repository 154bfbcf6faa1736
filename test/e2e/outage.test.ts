import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startKafka } from '@clarity/launcher/kafka'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BitbucketControl } from './bitbucket.ts'
import { Connector } from './connector.ts'
import { Feed } from './feed.ts'
import { apiKeys, workspace } from './scenario.ts'
import { beginSync, expectTruthAfter } from './truth.ts'

/** Redis and Kafka of its own, for it takes them away. */
const dir = await mkdtemp(join(tmpdir(), 'clarity-outage-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const [redis, kafka] = await Promise.all([
  startRedis({ dir: join(dir, 'redis') }),
  startKafka({ dir: join(dir, 'kafka') }),
])
afterAll(() => Promise.all([redis.process.stop(), kafka.process.stop()]))
const names = { keyPrefix: 'clarity', topicPrefix: 'clarity.bitbucket' }
const servers = { redisUrl: redis.url, brokers: kafka.brokers }
const limits = { leaseSeconds: 4, outboxEntriesMax: 1_000 }
const system = await startSystem({ ...servers, ...names, ...limits, apiKeys, logDir: dir, workspace })
afterAll(() => system.stop())

const bitbucket = new BitbucketControl(system.bitbucketUrl)
const acme = new Connector(system.apiUrl, apiKeys.acme)
const feed = new Feed({ brokers: kafka.brokers, topicPrefix: names.topicPrefix, groupId: 'feed' })
beforeAll(() => feed.start())
afterAll(() => feed[Symbol.asyncDispose]())

const observed = { bitbucket, acme, feed }

// The API is ready before its access view has caught up, and would say that it lacks that as well.
beforeAll(async () => {
  const url = `${system.apiUrl}/readyz`
  while ((await (await fetch(url)).text()) !== '{"status":"ok"}') await delay(50)
})

/** What each service says that it lacks. */
async function lacking(): Promise<Record<string, unknown>> {
  const asked = Object.entries(system.urls).map(async ([service, url]) => {
    const { failed = [] } = (await (await fetch(`${url}/readyz`)).json()) as { failed?: string[] }
    return [service, failed] as const
  })
  return Object.fromEntries(await Promise.all(asked))
}

async function untilNothingLacks(): Promise<void> {
  const nothing = JSON.stringify({ 'connector-api': [], 'sync-worker': [], publisher: [] })
  while (JSON.stringify(await lacking()) !== nothing) await delay(50)
}

test('Redis that is killed in the middle of a sync and comes back loses nothing', async () => {
  const sync = await beginSync(observed, 'redis-away')
  await redis.process.kill()
  const refused = await acme.call(`/v1/connections/${sync.connectionId}`)
  expect(refused).toMatchObject({ status: 503, body: { type: 'urn:clarity:problem:redis-unavailable' } })
  const withoutRedis = { 'connector-api': ['redis'], 'sync-worker': ['redis', 'queue'], publisher: ['redis'] }
  expect(await lacking()).toEqual(withoutRedis)
  await redis.process.restart()
  await untilNothingLacks()
  await expectTruthAfter(observed, sync)
})

test('Kafka that stays away until its events fill the outbox lets the sync wait, and gets every event when it is back', async () => {
  const sync = await beginSync(observed, 'kafka-away', 900)
  await kafka.process.kill()
  // The sync does not need Kafka until too many events wait for it.
  const isFull = ({ waitingFor }: { waitingFor: string | null }) => waitingFor === 'stream'
  expect(await acme.until(sync.connectionId, sync.syncId, isFull)).toMatchObject({ state: 'running', error: null })
  expect(await acme.call(`/v1/connections/${sync.connectionId}/syncs`, { kind: 'full' })).toMatchObject({ status: 202 })
  expect(await lacking()).toEqual({ 'connector-api': [], 'sync-worker': [], publisher: ['kafka'] })
  await kafka.process.restart()
  await expectTruthAfter(observed, sync)
})

test('Redis and Kafka that are killed together in the middle of a sync lose nothing, and nothing comes twice', async () => {
  const sync = await beginSync(observed, 'both-away')
  await Promise.all([redis.process.kill(), kafka.process.kill()])
  await kafka.process.restart()
  await redis.process.restart()
  await expectTruthAfter(observed, sync)
})
