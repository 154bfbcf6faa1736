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
import { type PublisherConfig, variables } from './config.ts'
import { connectKafka, createKafka, pingKafka } from './kafka.ts'
import { pumpOnce } from './pump.ts'
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
  const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })]
  opened.defer(() => admin.disconnect())
  opened.defer(() => producer.disconnect())
  const checks = [pingRedis(redis), pingKafka(admin)]
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks })
  opened.defer(() => health.close())

  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  await connectKafka([admin, producer], { clock: systemClock, random: Math.random, log, signal })
  const topic = `${config.TOPIC_PREFIX}.changes`
  const partitions = config.TOPIC_PARTITIONS
  await ensureTopic(admin, { topic, partitions, replicationFactor: config.TOPIC_REPLICATION_FACTOR })
  log.info({ event: 'service.started', address: health.server.address(), topic }, 'publisher ready')
  const pump = { outbox: createOutbox(redis, keys), producer, topic, partitions }
  const shards = {
    redis,
    listener,
    keys,
    log,
    claimMs: config.LEASE_SECONDS * 1_000,
    pollMs,
    clock: systemClock,
    random: Math.random,
    owner: randomUUID(),
    pumpOnce: (shard: number) => pumpOnce(pump, shard),
  }
  const running = opened.move()
  return {
    run: (until) => publishShards(shards, until),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

try {
  const config = loadConfig(variables, process.env)
  const log = createLog({ service: 'publisher', version: '0.1.0', level: config.LOG_LEVEL })
  await runService((signal) => createService(config, log, signal), { log })
} catch (error) {
  exitWithStartError(error)
}
