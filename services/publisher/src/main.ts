import { randomUUID } from 'node:crypto'
import { systemClock } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { startHealthServer } from '@clarity/shared/runtime/health'
import { exitWithStartError, runService, type Service } from '@clarity/shared/runtime/lifecycle'
import { createLog, type Logger } from '@clarity/shared/runtime/log'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createRedis, pingRedis } from '@clarity/shared/store/redis'
import { ShardClaims } from '@clarity/shared/store/shard-claims'
import type { Admin } from 'kafkajs'
import { type PublisherConfig, variables } from './config.ts'
import { connectKafka, createKafka, pingKafka } from './kafka.ts'
import { Pump } from './pump.ts'
import { ShardStream, type StreamNames, streamNames } from './shard-stream.ts'
import { publishShards } from './shards.ts'
import { ensureTopic } from './topics.ts'

const pollMs = 1_000

async function createService(config: PublisherConfig, log: Logger, signal: AbortSignal): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const redis = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => redis.disconnect())
  const listener = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => listener.disconnect())
  const kafka = createKafka(config.KAFKA_BROKERS, log)
  const admin = kafka.admin()
  opened.defer(() => admin.disconnect())
  let isPrepared = false
  const checks = [pingRedis(redis), pingKafka(admin, () => isPrepared)]
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks })
  opened.defer(() => health.close())

  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const names = streamNames(config.TOPIC_PREFIX)
  await connectKafka(admin, (connected) => ensureTopics(connected, names, config), {
    clock: systemClock,
    random: Math.random,
    log,
    signal,
  })
  isPrepared = true
  const partitions = config.TOPIC_PARTITIONS
  log.info({ event: 'service.started', address: health.server.address(), topic: names.changes }, 'publisher ready')
  const outbox = createOutbox(redis, keys)
  const claimMs = config.LEASE_SECONDS * 1_000
  const shards = {
    claims: new ShardClaims({ redis, keys, owner: randomUUID(), claimMs }),
    joinEveryMs: claimMs / 3,
    listener,
    keys,
    log,
    pollMs,
    clock: systemClock,
    random: Math.random,
    createPump: (shard: number) =>
      new Pump({ outbox, stream: new ShardStream({ kafka, admin, names, shard }), shard, partitions }),
  }
  const running = opened.move()
  return {
    run: (until) => publishShards(shards, until),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function ensureTopics(admin: Admin, names: StreamNames, config: PublisherConfig): Promise<void> {
  const { TOPIC_PARTITIONS: partitions, TOPIC_REPLICATION_FACTOR: replicationFactor, SHARDS } = config
  const changes = { topic: names.changes, partitions, replicationFactor, partitionsFrom: 'TOPIC_PARTITIONS' } as const
  await ensureTopic(admin, changes)
  await ensureTopic(admin, { topic: names.outbox, partitions: SHARDS, replicationFactor, partitionsFrom: 'SHARDS' })
}

try {
  const config = loadConfig(variables, process.env)
  const log = createLog({ service: 'publisher', version: '0.1.0', level: config.LOG_LEVEL })
  await runService((signal) => createService(config, log, signal), { log })
} catch (error) {
  exitWithStartError(error)
}
