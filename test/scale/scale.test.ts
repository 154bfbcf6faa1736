import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge, nothingWrong } from '@clarity/chaos/judge'
import { type Disturbance, planChaos } from '@clarity/chaos/plan'
import { createRandom } from '@clarity/chaos/random'
import { progressLine, reportOf } from '@clarity/chaos/report'
import { type ChaosResult, runChaos } from '@clarity/chaos/run'
import { RecordedStream } from '@clarity/chaos/stream'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { Connector } from '@clarity/e2e/connector'
import { apiKeys, workspace } from '@clarity/e2e/scenario'
import { startKafkaCluster } from '@clarity/launcher/kafka-cluster'
import { startRedisCluster } from '@clarity/launcher/redis-cluster'
import { startSystem } from '@clarity/launcher/system'
import { revocationsOf } from '@clarity/testkit/oracles/revocations'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

/**
 * The whole system beyond one machine's shape: three Redis masters with a replica each, three Kafka brokers, four workers and
 * three publishers, two tenants. While Bitbucket changes and fails and all connections sync, masters are killed, so that their replicas are
 * promoted, and brokers, and processes of ours; whatever happens, the four oracles hold.
 */
const { SCALE_SEED: seed } = z
  .object({
    SCALE_SEED: z.coerce
      .number()
      .int()
      .min(0)
      .default(randomInt(2 ** 31)),
  })
  .parse(process.env)

/** Away for so long that a replica is promoted and another broker leads. */
const replacedMs = 8_000
const disturbances: readonly Omit<Disturbance, 'shiftSeconds'>[] = [
  { kind: 'kill a worker', atMs: 3_000, awayMs: 1_000, which: 0.3 },
  { kind: 'kill Redis', atMs: 6_000, awayMs: replacedMs, which: 0 },
  { kind: 'kill a publisher', atMs: 20_000, awayMs: 1_000, which: 0.5 },
  { kind: 'kill Kafka', atMs: 24_000, awayMs: replacedMs, which: 0.4 },
  { kind: 'pause a worker', atMs: 40_000, awayMs: 5_000, which: 0.8 },
  { kind: 'pause a publisher', atMs: 47_000, awayMs: 5_000, which: 0.9 },
  { kind: 'pause Redis', atMs: 54_000, awayMs: replacedMs, which: 0.7 },
  { kind: 'kill the API', atMs: 66_000, awayMs: 500, which: 0 },
  { kind: 'kill Kafka', atMs: 70_000, awayMs: replacedMs, which: 0.9 },
  { kind: 'kill Redis', atMs: 86_000, awayMs: replacedMs, which: 0.5 },
]
const seconds = 100
const settleMs = 240_000

const dir = await mkdtemp(join(tmpdir(), 'clarity-scale-'))
const [redis, kafka] = await Promise.all([
  startRedisCluster({ dir: join(dir, 'redis'), masters: 3, replicas: 1 }),
  startKafkaCluster({ dir: join(dir, 'kafka'), brokers: 3 }),
])
afterAll(() => Promise.all([redis.stop(), kafka.stop()]))
const system = await startSystem({
  redisUrl: redis.url,
  brokers: kafka.brokers,
  keyPrefix: 'clarity',
  topicPrefix: 'clarity.bitbucket',
  workers: 4,
  publishers: 3,
  variables: { REDIS_REPLICAS: '1', SHARDS: '24' },
  ...{ apiKeys, logDir: dir, workspace, leaseSeconds: 4 },
})
afterAll(() => system.stop())
const bitbucket = new BitbucketControl(system.bitbucketUrl)
const stream = new RecordedStream(kafka.brokers, 'scale')
afterAll(() => stream[Symbol.asyncDispose]())

let result: ChaosResult
let failed = false
/** Masters at the beginning, and at the end. */
const masters: number[][] = []

beforeAll(async () => {
  failed = true
  say(`seed ${seed}: 3 Redis masters and replicas, 3 brokers, 4 workers, 3 publishers`)
  await stream.start(system.topic)
  const random = createRandom(seed)
  masters.push((await redis.masters()).map(({ port }) => port))
  result = await runChaos({
    plan: { ...planChaos(seconds, random), disturbances: disturbances.map((each) => ({ ...each, shiftSeconds: 0 })) },
    random,
    subjects: {
      worker: () => system.workers,
      publisher: () => system.publishers,
      API: () => [system.processes['connector-api']],
      Redis: async () => (await redis.masters()).map(({ process }) => process),
      Kafka: () => kafka.processes,
      Bitbucket: () => [system.processes.simulator],
    },
    clocks: null,
    bitbucket,
    connectors: Object.values(apiKeys).map((key) => new Connector(system.apiUrl, key)),
    stream,
    settleMs,
    onProgress: (connections) => say(progressLine(connections, stream.records)),
  })
  masters.push((await redis.masters()).map(({ port }) => port))
  failed = false
  say(reportOf(result, stream.records))
}, 600_000)
afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail'
})
afterAll(async () => {
  if (failed) say(`failed with SCALE_SEED=${seed}; the logs are in ${dir}`)
  else await rm(dir, { recursive: true, force: true })
})

test('masters and brokers were killed, replicas promoted, and no process of ours ended by itself', () => {
  const { happened, endedByThemselves } = result.disturbed
  expect(happened).toMatchObject({ 'kill Redis': 2, 'pause Redis': 1, 'kill Kafka': 2 })
  expect(endedByThemselves).toEqual([])
  expect(masters[1]).toHaveLength(3)
  expect(masters[1]).not.toEqual(masters[0])
})

test('there was something to judge: changes, syncs and revocations of every connection, and nothing held back', () => {
  for (const { connectionId, workspace, ends, errors } of result.connections) {
    expect(errors.invariant).toBeUndefined()
    expect(workspace.changes).toBeGreaterThan(5)
    expect(ends.completed).toBeGreaterThan(2)
    expect(revocationsOf(stream.of(connectionId)).length).toBeGreaterThan(0)
  }
  expect(stream.records.filter(({ name }) => name === 'sync.held')).toEqual([])
})

test('what was told is the truth: no gap, nothing twice, no false revocation', async () => {
  expect(await judge(result, stream, bitbucket)).toEqual(nothingWrong)
})

function say(text: string): void {
  process.stdout.write(`${text.replaceAll(/^/gm, 'scale: ')}\n`)
}
