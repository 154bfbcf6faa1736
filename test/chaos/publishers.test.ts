import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answersOk } from '@clarity/launcher/http'
import { freePorts } from '@clarity/launcher/ports'
import { type RunningProcess, startProcess } from '@clarity/launcher/processes'
import { readStartScript } from '@clarity/launcher/start-script'
import { eventExamples } from '@clarity/shared/contract/event-examples'
import { stateType } from '@clarity/shared/contract/state'
import { createKeys } from '@clarity/shared/store/keys'
import { readByConsoleConsumer } from '@clarity/testkit/console-consumer'
import { testKafka } from '@clarity/testkit/kafka'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { toStreamRecord } from '@clarity/testkit/oracles/stream'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createRandom } from './random.ts'

/**
 * Two publishers between a full outbox and Kafka, killed or paused past their leases at random again and again: each event is
 * in the topic exactly once, and in order. Kafka's own console consumer is the judge.
 */
const {
  PUBLISHER_EVENTS: events,
  PUBLISHER_KILLS: kills,
  CHAOS_SEED: seed,
} = z
  .object({
    PUBLISHER_EVENTS: z.coerce.number().int().min(100).default(12_000),
    PUBLISHER_KILLS: z.coerce.number().int().min(1).default(6),
    CHAOS_SEED: z.coerce
      .number()
      .int()
      .min(0)
      .default(randomInt(2 ** 31)),
  })
  .parse(process.env)
const connections = Array.from({ length: 40 }, (_, index) => `con_${index}`)
const shards = 8
const leaseSeconds = 2

const dir = await mkdtemp(join(tmpdir(), 'clarity-publishers-'))
const { client: redis, url: redisUrl } = await testRedis()
const { brokers, prefix } = testKafka()
const keys = createKeys({ prefix: 'clarity', shards })
const publishers: RunningProcess[] = []
afterAll(async () => {
  await Promise.all(publishers.map((publisher) => publisher.kill()))
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') say(`failed with CHAOS_SEED=${seed}; the logs are in ${dir}`)
  else await rm(dir, { recursive: true, force: true })
})

const example = eventExamples['service-user-entitlement.granted'].data

/** A grant of its own for each event: that many are there in the end. */
function grantOf(index: number) {
  const serviceUserId = `user:${index}`
  const { entitlementId } = example.grant
  const grant = { ...example.grant, id: `${serviceUserId}|${entitlementId}`, serviceUserId }
  return { subject: grant.id, after: grant.id, data: { ...example, grant } }
}

/** Fills the outboxes as commits do. */
async function appendAll(): Promise<void> {
  const numbers = new Map<number, number>()
  for (let from = 0; from < events; from += 1_000) {
    const pipeline = redis.pipeline()
    for (let index = from; index < Math.min(events, from + 1_000); index++) {
      const connectionId = connections[index % connections.length] ?? ''
      const sequence = Math.floor(index / connections.length) + 1
      const shard = keys.shardOf(connectionId)
      const number = (numbers.get(shard) ?? 0) + 1
      numbers.set(shard, number)
      const ids = { tenantId: 'acme', connectionId, syncId: 'syn_1' }
      const event = { name: 'service-user-entitlement.granted', ...ids, before: null, ...grantOf(index) }
      const fields = ['connection', connectionId, 'sequence', sequence, 'event', JSON.stringify(event)]
      pipeline.xadd(keys.shard(shard).outbox, `${number}-0`, ...fields)
    }
    await pipeline.exec()
  }
  for (const [shard, number] of numbers) await redis.set(keys.shard(shard).outboxNumber, number)
}

async function startPublisher(index: number): Promise<RunningProcess> {
  const [port = 0] = await freePorts(1)
  const publisher = await startProcess({
    name: `publisher-${index}`,
    command: process.execPath,
    args: await readStartScript(fileURLToPath(new URL('../../services/publisher', import.meta.url))),
    env: {
      ...process.env,
      ...{ HOST: '127.0.0.1', PORT: String(port), LEASE_SECONDS: String(leaseSeconds), SHARDS: String(shards) },
      ...{ REDIS_URL: redisUrl, KAFKA_BROKERS: brokers.join(','), TOPIC_PREFIX: `${prefix}killed` },
    },
    logFile: join(dir, `publisher-${index}.log`),
    readyWhen: () => answersOk(`http://127.0.0.1:${port}/readyz`),
  })
  publishers.push(publisher)
  return publisher
}

async function waiting(): Promise<number> {
  const sizes = await Promise.all(Array.from({ length: shards }, (_, shard) => redis.xlen(keys.shard(shard).outbox)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(2)
}

/** Stops it for so long that others have its shards, and lets it go on then. */
async function pausePastLease(publisher: RunningProcess): Promise<void> {
  publisher.pause()
  await delay(leaseSeconds * 1_500)
  publisher.resume()
}

test(
  'each event is published exactly once and in order, however often publishers are killed or paused',
  async () => {
    const random = createRandom(seed)
    await appendAll()
    await Promise.all([startPublisher(1), startPublisher(2)])
    let pauses = 0
    for (let kill = 1; kill <= kills; kill++) {
      // So many are still waiting when it happens, wherever the publishers are then.
      const left = events - Math.floor((events * kill) / (kills + 1))
      await until(async () => (await waiting()) <= left)
      const killed = random.pick(publishers)
      await killed.kill()
      await killed.restart()
      if (kill > 1 && random.next() < 0.75) continue
      await pausePastLease(random.pick(publishers))
      pauses += 1
    }
    await until(async () => (await waiting()) === 0)
    const changes = (await readByConsoleConsumer({ brokers, topic: `${prefix}killed.changes` })).map(toStreamRecord)
    say(`seed ${seed}: ${changes.length} records, ${kills} kills, ${pauses} pauses`)
    expect(sequenceViolations(changes)).toEqual([])
    expect(changes).toHaveLength(events)
    expect(new Set(changes.map(({ subject }) => subject)).size).toBe(events)
    const state = await readByConsoleConsumer({ brokers, topic: `${prefix}killed.state` })
    const grants = state.filter(({ headers }) => headers.ce_type === stateType('service-user-entitlement'))
    expect(grants.map(({ headers }) => headers.ce_subject).sort()).toEqual(changes.map(({ subject }) => subject).sort())
  },
  60_000 + kills * 15_000 + events,
)

function say(text: string): void {
  process.stdout.write(`publishers: ${text}\n`)
}
