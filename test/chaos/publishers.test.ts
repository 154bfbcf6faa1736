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
import { createKeys } from '@clarity/shared/store/keys'
import { testKafka } from '@clarity/testkit/kafka'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createRandom, type Random } from './random.ts'
import { RecordedStream } from './stream.ts'

/**
 * Two publishers between a full outbox and Kafka, killed or paused past their leases at random again and again: each event is
 * in the topic exactly once, and in order.
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
const { kafka, brokers, prefix } = testKafka()
const keys = createKeys({ prefix: 'clarity', shards })
const publishers: RunningProcess[] = []
const stream = new RecordedStream(kafka, `${prefix}reader`)
afterAll(async () => {
  await Promise.all([stream[Symbol.asyncDispose](), ...publishers.map((publisher) => publisher.kill())])
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') say(`failed with CHAOS_SEED=${seed}; the logs are in ${dir}`)
  else await rm(dir, { recursive: true, force: true })
})

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
      const data = { observedAt: '2026-11-23T10:00:00.000Z' }
      const event = { name: 'sync.started', subject: `${index}`, ...ids, before: null, after: null, data }
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

/** Kills one, or stops it until others have its shards and lets it go on then. */
async function disturb(publisher: RunningProcess, random: Random): Promise<'killed' | 'paused'> {
  if (random.next() < 0.75) {
    await publisher.kill()
    await publisher.restart()
    return 'killed'
  }
  publisher.pause()
  await delay(leaseSeconds * 1_500)
  publisher.resume()
  return 'paused'
}

test(
  'each event is published exactly once and in order, however often publishers are killed or paused',
  async () => {
    const random = createRandom(seed)
    await appendAll()
    await Promise.all([startPublisher(1), startPublisher(2)])
    await stream.start(`${prefix}killed.changes`)
    const happened = { killed: 0, paused: 0 }
    for (let kill = 1; kill <= kills; kill++) {
      // So many are still waiting when it happens, wherever the publishers are then.
      const left = events - Math.floor((events * kill) / (kills + 1))
      await until(async () => (await waiting()) <= left)
      happened[await disturb(random.pick(publishers), random)] += 1
    }
    await until(async () => (await waiting()) === 0)
    const last = Math.floor((events - 1) / connections.length) + 1
    const isLast = ({ sequence }: { readonly sequence: number }) => sequence === last
    await until(async () => stream.records.filter(isLast).length >= ((events - 1) % connections.length) + 1)
    say(`seed ${seed}: ${stream.records.length} records, ${JSON.stringify(happened)}`)
    expect(stream.problems).toEqual([])
    expect(sequenceViolations(stream.records)).toEqual([])
    expect(stream.records).toHaveLength(events)
    expect(new Set(stream.records.map(({ subject }) => subject)).size).toBe(events)
  },
  60_000 + kills * 15_000 + events,
)

function say(text: string): void {
  process.stdout.write(`publishers: ${text}\n`)
}
