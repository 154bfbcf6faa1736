import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startKafka } from '@clarity/launcher/kafka'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import type { Sync } from '@clarity/shared/contract/syncs'
import { readToEnd } from '@clarity/subscriber'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { type StreamRecord, toStreamRecord } from '@clarity/testkit/oracles/stream'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BitbucketControl } from './bitbucket.ts'
import { Connector } from './connector.ts'
import { Feed } from './feed.ts'
import { apiKeys, workspace } from './scenario.ts'
import { expectTruthAfter } from './truth.ts'

/** Redis comes back with an older copy of its data, or with none, while Kafka has what it had told since. */
const dir = await mkdtemp(join(tmpdir(), 'clarity-rewind-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const redisDir = join(dir, 'redis')
const [redis, kafka] = await Promise.all([startRedis({ dir: redisDir }), startKafka({ dir: join(dir, 'kafka') })])
afterAll(() => Promise.all([redis.process.stop(), kafka.process.stop()]))
const names = { keyPrefix: 'clarity', topicPrefix: 'clarity.bitbucket' }
const servers = { redisUrl: redis.url, brokers: kafka.brokers }
const system = await startSystem({ ...servers, ...names, apiKeys, logDir: dir, workspace, leaseSeconds: 4 })
afterAll(() => system.stop())

const bitbucket = new BitbucketControl(system.bitbucketUrl)
const acme = new Connector(system.apiUrl, apiKeys.acme)
const feed = new Feed({ brokers: kafka.brokers, topicPrefix: names.topicPrefix, groupId: 'feed' })
beforeAll(() => feed.start())
afterAll(() => feed[Symbol.asyncDispose]())
const observed = { bitbucket, acme, feed }

interface Connected {
  readonly slug: string
  readonly connectionId: string
}

async function connect(slug: string) {
  const seeded = { slug, users: 40, groups: 6, projects: 4, repositories: 60, seed: 11 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const { connectionId, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
  await expectTruthAfter(observed, { slug, connectionId, syncId: sync.id })
  return { slug, connectionId, credential: { kind: 'oauth-consumer', ...consumer } }
}

/** Changes the workspace, by less than what would be held, syncs it, and compares what the topic has told by then with the truth. */
async function changeAndSync({ slug, connectionId }: Connected, seed: number): Promise<Sync> {
  const changes = await bitbucket.changeAtRandom(slug, 12, seed)
  const sync = await acme.sync(connectionId)
  await expectTruthAfter(observed, { slug, connectionId, syncId: sync.id }, changes)
  return sync
}

/** Every record of the topic, whatever a subscriber would make of it. */
async function readRecords(): Promise<StreamRecord[]> {
  const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING })
  const admin = client.admin()
  await admin.connect()
  const records: StreamRecord[] = []
  await readToEnd({
    kafka: client,
    admin,
    topic: system.topic,
    groupPrefix: 'records',
    onRecord: ({ value, ...record }) => void records.push(toStreamRecord({ ...record, value: value ?? '' })),
  })
  await admin.disconnect()
  return records
}

async function publisherLog(): Promise<string> {
  return readFile(join(dir, 'publisher.log'), 'utf8')
}

async function untilLogged(text: RegExp): Promise<void> {
  while (!text.test(await publisherLog())) await delay(50)
}

/** A copy of what Redis has on disk now: a backup, or a replica that gets nothing more from here on. */
async function takeBackup(copy: string): Promise<void> {
  await redis.process.stop()
  await cp(redisDir, copy, { recursive: true })
  await redis.process.restart()
}

async function takeReplica(copy: string): Promise<void> {
  const replica = await startRedis({ dir: copy })
  const client = new Redis(replica.url)
  await client.replicaof('127.0.0.1', redis.port)
  const isUp = async () => (await client.info('replication')).includes('master_link_status:up')
  while (!(await isUp())) await delay(20)
  await client.replicaof('NO', 'ONE')
  client.disconnect()
  await replica.process.stop()
}

/** A backup as operators make it, by the scripts of `deploy/`, while syncs commit and events are published. */
async function takeBackupInUse(copy: string, connected: Connected): Promise<void> {
  const run = (script: string, args: string[], env: Record<string, string> = {}) =>
    promisify(execFile)(fileURLToPath(new URL(`../../deploy/redis/${script}`, import.meta.url)), args, {
      env: { ...process.env, ...env },
    })
  const file = join(dir, 'backup.rdb')
  const backup = run('backup.sh', [file], { REDIS_URL: redis.url })
  await Promise.all([backup, changeAndSync(connected, 40)])
  await run('restore.sh', [file, copy])
}

async function bringBack(copy: string): Promise<void> {
  await redis.process.kill()
  await rm(redisDir, { recursive: true })
  await cp(copy, redisDir, { recursive: true })
  await redis.process.restart()
}

test.each([
  { what: 'an older backup', take: takeBackup, publisherRuns: true, seed: 1 },
  {
    what: 'an older backup, and has gone on from it before anybody looked',
    take: takeBackup,
    publisherRuns: false,
    seed: 2,
  },
  { what: 'a replica that was promoted without the last writes', take: takeReplica, publisherRuns: true, seed: 3 },
  { what: 'a backup that was made while it was in use', take: takeBackupInUse, publisherRuns: true, seed: 4 },
])(
  'Redis that comes back as $what is put right, and nothing is lost or doubled',
  async ({ take, publisherRuns, seed }) => {
    const slug = `rewound-${seed}`
    const copy = join(dir, `copy-${seed}`)
    const before = await connect(slug)
    await take(copy, before)
    await changeAndSync(before, seed)
    const after = await connect(`${slug}-after`)
    if (!publisherRuns) await system.processes.publisher.stop()
    await bringBack(copy)
    if (!publisherRuns) {
      // Numbers that Kafka has already are given out a second time, to other events.
      for (let syncs = 0; syncs < 2; syncs++) {
        await bitbucket.changeAtRandom(slug, 12, 100 + syncs)
        await acme.sync(before.connectionId)
      }
      await system.processes.publisher.restart()
    } else {
      // This one may be in the middle when the shard is put right; how it ends is its own affair. But it must have ended: who
      // joins it would not see what it has read already.
      await acme.sync(before.connectionId)
    }
    for (const { connectionId } of [before, after]) {
      await untilLogged(new RegExp(`connection.restored.*${connectionId}`))
    }
    await changeAndSync(before, seed + 10)
    expect(sequenceViolations(await readRecords())).toEqual([])
    // What was connected after the copy is there, but nobody else has its credential.
    const path = `/v1/connections/${after.connectionId}`
    expect(await acme.sync(after.connectionId)).toMatchObject({
      state: 'failed',
      error: { code: 'credential-missing' },
    })
    expect(await acme.call(path)).toMatchObject({
      body: { health: { state: 'degraded', reason: 'credential-missing' } },
    })
    expect(await acme.call(`${path}/credentials`, { credential: after.credential }, 'PUT')).toMatchObject({
      status: 204,
    })
    const { stats } = await acme.sync(after.connectionId)
    for (const counts of Object.values(stats)) expect(counts).toMatchObject({ changed: 0, added: 0, removed: 0 })
    await changeAndSync(after, seed + 20)
  },
)

test('Redis that has lost everything is rebuilt from Kafka when the operator says so', async () => {
  const lost = await connect('flushed')
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()
  await untilLogged(/This Redis is empty/)
  const env = {
    ...process.env,
    ...{ REDIS_URL: redis.url, REDIS_KEY_PREFIX: names.keyPrefix },
    ...{ KAFKA_BROKERS: kafka.brokers.join(','), TOPIC_PREFIX: names.topicPrefix },
  }
  const rebuild = fileURLToPath(new URL('../../services/publisher/src/rebuild.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [rebuild], { env })
  expect(stdout).toMatch(/(\d+) of \1 rebuilt\nDone/)
  const path = `/v1/connections/${lost.connectionId}/credentials`
  expect(await acme.call(path, { credential: lost.credential }, 'PUT')).toMatchObject({ status: 204 })
  const sync = await acme.sync(lost.connectionId)
  await expectTruthAfter(observed, { slug: 'flushed', connectionId: lost.connectionId, syncId: sync.id })
  expect(feed.ofSync(sync.id).map(({ name }) => name)).toEqual(['sync.requested', 'sync.started', 'sync.completed'])
  await changeAndSync(lost, 31)
  expect(sequenceViolations(await readRecords())).toEqual([])
  const again = await promisify(execFile)(process.execPath, [rebuild], { env })
  expect(again.stdout).toContain('not empty')
})
