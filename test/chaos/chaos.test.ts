import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { Connector } from '@clarity/e2e/connector'
import { apiKeys, workspace } from '@clarity/e2e/scenario'
import { startKafka } from '@clarity/launcher/kafka'
import { startRedis } from '@clarity/launcher/redis'
import { createShiftableClocks } from '@clarity/launcher/shiftable-clock'
import { startSystem } from '@clarity/launcher/system'
import { expectedFacts } from '@clarity/testkit/oracles/access'
import { revocationsOf } from '@clarity/testkit/oracles/revocations'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { faultKindNames } from './faults.ts'
import { judge, type Verdict } from './judge.ts'
import { disturbanceKindNames, planChaos } from './plan.ts'
import { createRandom } from './random.ts'
import { progressLine, reportOf } from './report.ts'
import { type ChaosResult, runChaos } from './run.ts'
import { RecordedStream } from './stream.ts'

/**
 * The whole system as processes, with two workers and two publishers, while each service, Redis and Kafka are killed and paused,
 * clocks jump, and Bitbucket changes, fails and goes away: whatever happens, the four oracles hold. A run is drawn from its seed; the processes
 * themselves are as fast as they are, so that the same seed is the same plan, not the same run.
 */
const { CHAOS_SECONDS: seconds, CHAOS_SEED: seed } = z
  .object({
    CHAOS_SECONDS: z.coerce.number().int().min(1).default(60),
    CHAOS_SEED: z.coerce
      .number()
      .int()
      .min(0)
      .default(randomInt(2 ** 31)),
  })
  .parse(process.env)
const settleMs = 180_000
const tells = seconds > 60

const dir = await mkdtemp(join(tmpdir(), 'clarity-chaos-'))
const [redis, broker] = await Promise.all([
  startRedis({ dir: join(dir, 'redis') }),
  startKafka({ dir: join(dir, 'kafka') }),
])
afterAll(() => Promise.all([redis.process.stop(), broker.process.stop()]))
const names = { keyPrefix: 'clarity', topicPrefix: 'clarity.bitbucket' }
const servers = { redisUrl: redis.url, brokers: broker.brokers }
const many = { workers: 2, publishers: 2 }
const processes = ['connector-api', ...['sync-worker', 'publisher'].flatMap((name) => [name, `${name}-2`])]
const clocks = await createShiftableClocks(join(dir, 'clocks'), processes)
const variablesOf = (process: string) => (processes.includes(process) ? clocks.environmentOf(process) : {})
const own = { apiKeys, logDir: dir, workspace, leaseSeconds: 4, variablesOf }
const system = await startSystem({ ...servers, ...names, ...many, ...own })
afterAll(() => system.stop())
const bitbucket = new BitbucketControl(system.bitbucketUrl)
const stream = new RecordedStream(broker.brokers, 'chaos')
afterAll(() => stream[Symbol.asyncDispose]())

let result: ChaosResult
let verdict: Verdict
let failed = false

beforeAll(
  async () => {
    say(`seed ${seed}, ${seconds} s`)
    await stream.start(system.topic)
    const random = createRandom(seed)
    failed = true
    result = await runChaos({
      plan: planChaos(seconds, random),
      random,
      subjects: {
        worker: () => system.workers,
        publisher: () => system.publishers,
        API: () => [system.processes['connector-api']],
        Redis: () => [redis.process],
        Kafka: () => [broker.process],
        Bitbucket: () => [system.processes.simulator],
      },
      clocks,
      bitbucket,
      connectors: Object.values(apiKeys).map((key) => new Connector(system.apiUrl, key)),
      stream,
      settleMs,
      onProgress: (connections) => tells && say(progressLine(connections, stream.records)),
    })
    verdict = await judge(result, stream, bitbucket)
    failed = false
    say(reportOf(result, stream.records))
  },
  seconds * 2_000 + settleMs + 60_000,
)

afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail'
})
afterAll(async () => {
  if (failed) say(`failed with CHAOS_SEED=${seed} CHAOS_SECONDS=${seconds}; the logs are in ${dir}`)
  else await rm(dir, { recursive: true, force: true })
})

test('every kind of disturbance happened, no process ended by itself, and no sync met a defect of ours', () => {
  const { happened, endedByThemselves } = result.disturbed
  expect(Object.keys(happened).sort()).toEqual(disturbanceKindNames.toSorted())
  expect(endedByThemselves).toEqual([])
  for (const { errors } of result.connections) expect(errors.invariant).toBeUndefined()
})

test('every kind of fault was there, and every rule fired as often as it must', () => {
  expect(Object.keys(result.faults.fired).sort()).toEqual([...faultKindNames].sort())
  expect(result.faults.unsatisfied).toEqual([])
})

test('there was something to judge: changes, syncs and revocations of every connection, and nothing held back', () => {
  for (const { connectionId, workspace, ends } of result.connections) {
    expect(workspace.changes).toBeGreaterThan(5)
    expect(ends.completed).toBeGreaterThan(2)
    expect(revocationsOf(stream.of(connectionId)).length).toBeGreaterThan(0)
  }
  expect(stream.records.filter(({ name }) => name === 'sync.held')).toEqual([])
})

test('(a) the published state is that of Bitbucket once a clean full sync has run', async () => {
  expect(verdict.unclean).toEqual([])
  for (const { workspace } of result.connections) {
    expect(expectedFacts(await bitbucket.truth(workspace.slug)).grants.length).toBeGreaterThan(1_000)
  }
  expect(verdict.differences).toEqual([])
})

test('(b) nothing was told as gone that was there during the whole of the sync', () => {
  expect(verdict.falseRevocations).toEqual([])
})

test('(c) the sequence has no gap, and nothing is told twice', () => {
  expect(verdict.sequence).toEqual([])
})

test('(d) at every event all that it names exists, nothing is created twice and nothing removed that is held', () => {
  expect(verdict.causality).toEqual([])
})

function say(text: string): void {
  process.stdout.write(`${text.replaceAll(/^/gm, 'chaos: ')}\n`)
}
