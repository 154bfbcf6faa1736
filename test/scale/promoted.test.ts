import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordedStream } from '@clarity/chaos/stream'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { Connector } from '@clarity/e2e/connector'
import { apiKeys, workspace } from '@clarity/e2e/scenario'
import { startKafka } from '@clarity/launcher/kafka'
import { askPort } from '@clarity/launcher/ports'
import type { RunningRedis } from '@clarity/launcher/redis'
import { startRedisCluster } from '@clarity/launcher/redis-cluster'
import { startSystem } from '@clarity/launcher/system'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { replay } from '@clarity/testkit/oracles/causality'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * Replicas copy a little later than the master answers. Here they are away while a sync is told, and the master dies before they have
 * seen any of it: the replica that takes its place lacks what Kafka has, for nobody waits for replicas (REDIS_REPLICAS=0).
 */
const shards = 24
const dir = await mkdtemp(join(tmpdir(), 'clarity-promoted-'))
const [redis, kafka] = await Promise.all([
  startRedisCluster({ dir: join(dir, 'redis'), masters: 3, replicas: 1 }),
  startKafka({ dir: join(dir, 'kafka') }),
])
afterAll(() => Promise.all([redis.stop(), kafka.process.stop()]))
const system = await startSystem({
  redisUrl: redis.url,
  brokers: kafka.brokers,
  keyPrefix: 'clarity',
  topicPrefix: 'clarity.bitbucket',
  variables: { SHARDS: String(shards) },
  ...{ apiKeys, logDir: dir, workspace, leaseSeconds: 4 },
})
afterAll(() => system.stop())
afterAll(() => rm(dir, { recursive: true, force: true }))
const bitbucket = new BitbucketControl(system.bitbucketUrl)
const acme = new Connector(system.apiUrl, apiKeys.acme)
const stream = new RecordedStream(kafka.brokers, 'promoted')
beforeAll(() => stream.start(system.topic))
afterAll(() => stream[Symbol.asyncDispose]())

const settleMs = 60_000
const connected = new Map<string, string>()

/** Waits until the stream has told the end of a sync, and compares what it has told with the truth. */
async function expectTruthAfter(slug: string, syncId: string): Promise<void> {
  const settled = AbortSignal.timeout(settleMs)
  await stream.until(({ name, subject }) => name === 'sync.completed' && subject === syncId, settled)
  const { state, violations } = replay(stream.of(connected.get(slug) ?? ''))
  expect(differences(expectedFacts(await bitbucket.truth(slug)), observedFacts(state))).toEqual([])
  expect(violations).toEqual([])
}

async function changeAndSync(seed: number): Promise<void> {
  for (const [slug, connectionId] of connected) {
    await bitbucket.changeAtRandom(slug, 6, seed)
    const { id } = await acme.sync(connectionId)
    await expectTruthAfter(slug, id)
  }
}

/** Whether a master has what is kept of a connection; another one would say where it is. */
async function hasConnection({ port }: RunningRedis, connectionId: string): Promise<boolean> {
  const asked = Array.from({ length: shards }, (_, shard) =>
    askPort({ port }, `EXISTS clarity:{s${shard}}:${connectionId}\r\n`),
  )
  return (await Promise.all(asked)).some((reply) => reply?.toString().startsWith(':1'))
}

async function untilRestored(): Promise<void> {
  await expect
    .poll(async () => /connection.restored/.test(await readFile(join(dir, 'publisher.log'), 'utf8')), {
      timeout: settleMs,
    })
    .toBe(true)
}

test('a replica that is promoted without the last writes is put right, and nothing is lost or told twice', async () => {
  for (const slug of ['north', 'east', 'south']) {
    const { consumer } = await bitbucket.addWorkspace({
      slug,
      users: 40,
      groups: 6,
      projects: 4,
      repositories: 20,
      seed: 11,
    })
    const { connectionId, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
    connected.set(slug, connectionId)
    await expectTruthAfter(slug, sync.id)
  }
  const masters = await redis.masters()
  const replicas = redis.nodes.filter((node) => !masters.includes(node))
  await Promise.all(replicas.map(({ process }) => process.kill()))
  await changeAndSync(1)
  const [anyConnection = ''] = connected.values()
  const has = await Promise.all(masters.map((master) => hasConnection(master, anyConnection)))
  const victim = masters.find((_, index) => has[index])
  expect(victim).toBeDefined()
  await victim?.process.kill()
  await Promise.all(replicas.map(({ process }) => process.restart()))
  await expect.poll(async () => (await redis.masters()).length, { timeout: settleMs }).toBe(3)
  await untilRestored()
  await victim?.process.restart()
  await changeAndSync(2)
  expect([...stream.problems, ...sequenceViolations(stream.records)]).toEqual([])
})
