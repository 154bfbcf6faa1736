import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersOk } from '@clarity/launcher/http'
import { startKafka } from '@clarity/launcher/kafka'
import { freePort } from '@clarity/launcher/ports'
import { type RunningProcess, startProcess, stopAll } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { readStartScript } from '@clarity/launcher/start-script'
import { ShardStream, streamNames } from '@clarity/publisher/shard-stream'
import { ensureTopic, topicsOf } from '@clarity/publisher/topics'
import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import { createKeys } from '@clarity/shared/store/keys'
import { createRedis } from '@clarity/shared/store/redis'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import type { BareOptions, Compression } from './bare-options.ts'

/** As the publisher makes them by default. */
const partitions = 12
const publisherFolder = fileURLToPath(new URL('../../services/publisher', import.meta.url))
const bareLoop = fileURLToPath(new URL('./bare.ts', import.meta.url))
const log = createLog({ service: 'bench', version: '0.1.0', level: 'warn' })

export type Servers = Awaited<ReturnType<typeof startServers>>

/** A Redis whose writes are on disk before they are answered, and a Kafka broker: both new, and gone afterwards. */
export async function startServers(shards: number) {
  const dir = await mkdtemp(join(tmpdir(), 'bench-publisher-'))
  const running: RunningProcess[] = []
  try {
    const redisServer = await startRedis({ dir: join(dir, 'redis'), persistent: false })
    running.push(redisServer.process)
    const broker = await startKafka({ dir: join(dir, 'kafka') })
    running.push(broker.process)
    const redis = createRedis(redisServer.url, { whenAway: 'wait', log })
    // What it would tidy up in the background after the outboxes are filled would be counted as the publisher's.
    await redis.config('SET', 'auto-aof-rewrite-percentage', '0')
    const { brokers } = broker
    return {
      dir,
      redis,
      redisUrl: redisServer.url,
      brokers,
      kafkaDataDir: join(dir, 'kafka', 'data'),
      kafka: new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING }),
      shards,
      /** Keys and topics of one measure; those of another prefix share nothing. */
      keysOf: (prefix: string) => createKeys({ prefix, shards }),
      async [Symbol.asyncDispose]() {
        redis.disconnect()
        await stopAll(running)
        await rm(dir, { recursive: true })
      },
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

/** Makes the topics of the stream, as the publisher does, for whoever writes to them in its place. */
export async function makeTopics({ kafka, shards }: Servers, prefix: string): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const days = { CHANGES_RETENTION_DAYS: 30, STATE_TOMBSTONE_DAYS: 7, AUDIT_RETENTION_DAYS: 365 }
    const config = { TOPIC_PARTITIONS: partitions, SHARDS: shards, ...days }
    const names = streamNames(prefix)
    for (const topic of topicsOf(names, config))
      await ensureTopic(admin, topic, 1, { clock: systemClock, random: Math.random })
    // Waits for the coordinator of the group, which is there only some time after it was asked for.
    const stream = { kafka, admin, names, shard: 0, compression: CompressionTypes.None }
    await new ShardStream({ ...stream, clock: systemClock, random: Math.random }).peek()
  } finally {
    await admin.disconnect()
  }
}

export interface PublisherOptions {
  /** Of keys and topics. */
  readonly prefix: string
  readonly compression: Compression
  readonly onLine?: (line: string) => void
}

export interface BareLoopOptions extends PublisherOptions {
  readonly records: BareOptions['records']
  readonly client: BareOptions['client']
}

/** The bare loop as a process of its own, with what the publisher's outboxes of that prefix hold; it leaves them as they are. */
export async function startBareLoop(servers: Servers, options: BareLoopOptions): Promise<RunningProcess> {
  const { prefix, compression, records, client, onLine } = options
  const topicPrefix = `${prefix}-${client}-${records}`
  await makeTopics(servers, topicPrefix)
  const bare: BareOptions = {
    redisUrl: servers.redisUrl,
    ...{ brokers: servers.brokers, shards: servers.shards, partitions },
    ...{ outboxPrefix: prefix, topicPrefix, compression, client, records },
  }
  return startProcess({
    name: 'bare loop',
    command: process.execPath,
    args: [bareLoop, JSON.stringify(bare)],
    cwd: servers.dir,
    logFile: join(servers.dir, `${topicPrefix}.log`),
    ...(onLine && { onLine }),
    readyWhen: /"prepared"/,
    readyTimeoutMs: 120_000,
  })
}

/** The publisher as a process of its own, by its own start script, with its defaults. */
export async function startPublisher(servers: Servers, options: PublisherOptions): Promise<RunningProcess> {
  const { prefix, compression, onLine } = options
  const port = await freePort()
  return startProcess({
    name: 'publisher',
    command: process.execPath,
    args: await readStartScript(publisherFolder),
    env: {
      PATH: process.env.PATH ?? '',
      ...{ HOST: '127.0.0.1', PORT: String(port), SHARDS: String(servers.shards), LOG_LEVEL: 'info' },
      ...{ REDIS_URL: servers.redisUrl, REDIS_KEY_PREFIX: prefix },
      ...{ KAFKA_BROKERS: servers.brokers.join(','), TOPIC_PREFIX: prefix, KAFKA_COMPRESSION: compression },
    },
    cwd: servers.dir,
    logFile: join(servers.dir, `publisher-${prefix}.log`),
    ...(onLine && { onLine }),
    readyWhen: () => answersOk(`http://127.0.0.1:${port}/readyz`),
  })
}
