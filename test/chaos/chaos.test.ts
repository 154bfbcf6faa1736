import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BitbucketControl } from '@clarity/e2e/bitbucket'
import { Connector } from '@clarity/e2e/connector'
import { apiKeys, workspace } from '@clarity/e2e/scenario'
import { startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import { testKafka } from '@clarity/testkit/kafka'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { replay } from '@clarity/testkit/oracles/causality'
import { falseRevocations, revocationsOf } from '@clarity/testkit/oracles/revocations'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { faultKindNames } from './faults.ts'
import { disturbanceKinds, planChaos } from './plan.ts'
import { createRandom } from './random.ts'
import { progressLine, reportOf } from './report.ts'
import { type ChaosResult, runChaos } from './run.ts'
import { RecordedStream } from './stream.ts'

/**
 * The whole system as processes, two workers among them, while workers, the publisher and Redis are killed, and Bitbucket
 * changes, fails and goes away: whatever happens, the four oracles hold. A run is drawn from its seed; the processes
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
const { kafka, brokers, prefix } = testKafka()
const redis = await startRedis({ dir: join(dir, 'redis') })
afterAll(() => redis.process.stop())
const names = { keyPrefix: 'clarity', topicPrefix: `${prefix}bitbucket` }
const servers = { redisUrl: redis.url, brokers }
const options = { ...servers, ...names, apiKeys, logDir: dir, workspace, leaseSeconds: 4, workers: 2 }
const system = await startSystem(options)
afterAll(() => system.stop())
const stream = new RecordedStream(kafka, `${prefix}chaos`)
afterAll(() => stream[Symbol.asyncDispose]())

let result: ChaosResult
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
      system,
      redis: redis.process,
      bitbucket: new BitbucketControl(system.bitbucketUrl),
      connector: new Connector(system.apiUrl, apiKeys.acme),
      stream,
      settleMs,
      onProgress: (connections) => tells && say(progressLine(connections, stream.records)),
    })
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
  expect(Object.keys(happened).sort()).toEqual([...disturbanceKinds].sort())
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
  expect(result.unclean).toEqual([])
  const bitbucket = new BitbucketControl(system.bitbucketUrl)
  for (const { connectionId, workspace } of result.connections) {
    const expected = expectedFacts(await bitbucket.truth(workspace.slug))
    expect(expected.grants.length).toBeGreaterThan(1_000)
    expect(differences(expected, observedFacts(replay(stream.of(connectionId)).state))).toEqual([])
  }
})

test('(b) nothing was told as gone that was there during the whole of the sync', () => {
  for (const { connectionId, workspace, windowOf } of result.connections) {
    expect(falseRevocations(stream.of(connectionId), workspace.history, windowOf)).toEqual([])
  }
})

test('(c) the sequence has no gap, and nothing is told twice', () => {
  expect(stream.problems).toEqual([])
  expect(sequenceViolations(stream.records)).toEqual([])
})

test('(d) at every event all that it names exists, nothing is created twice and nothing removed that is held', () => {
  for (const { connectionId } of result.connections) expect(replay(stream.of(connectionId)).violations).toEqual([])
})

function say(text: string): void {
  process.stdout.write(`${text.replaceAll(/^/gm, 'chaos: ')}\n`)
}
