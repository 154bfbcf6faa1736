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
import { createKafka } from './kafka.ts'
import { pumpOnce } from './pump.ts'
import { publishShards } from './shards.ts'
import { ensureTopic } from './topics.ts'

const pollMs = 1_000

async function createService(config: PublisherConfig, log: Logger): Promise<Service> {
  const redis = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  const listener = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const kafka = createKafka(config.KAFKA_BROKERS, log)
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  const topic = `${config.TOPIC_PREFIX}.changes`
  const partitions = config.TOPIC_PARTITIONS
  await ensureTopic(admin, { topic, partitions, replicationFactor: config.TOPIC_REPLICATION_FACTOR })
  const kafkaCheck = {
    name: 'kafka',
    check: async () => {
      await admin.describeCluster()
    },
  }
  const checks = [pingRedis(redis), kafkaCheck]
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks })
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
  }
  return {
    run: (signal) => publishShards({ ...shards, pumpOnce: (shard) => pumpOnce(pump, shard) }, signal),
    async [Symbol.asyncDispose]() {
      await health.close()
      await producer.disconnect()
      await admin.disconnect()
      listener.disconnect()
      redis.disconnect()
    },
  }
}

try {
  const config = loadConfig(variables, process.env)
  const log = createLog({ service: 'publisher', version: '0.1.0', level: config.LOG_LEVEL })
  await runService(() => createService(config, log), { log })
} catch (error) {
  exitWithStartError(error)
}
