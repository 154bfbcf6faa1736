import { randomUUID } from 'node:crypto'
import { toConnectionRef } from '@clarity/shared/contract/events'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import { systemClock, toInstant } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { startHealthServer } from '@clarity/shared/runtime/health'
import { exitWithStartError, runService, type Service } from '@clarity/shared/runtime/lifecycle'
import { createLog, type Logger } from '@clarity/shared/runtime/log'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createKeys, type Keys } from '@clarity/shared/store/keys'
import { createOutbox, type Outbox } from '@clarity/shared/store/outbox'
import { createRedis, pingRedis } from '@clarity/shared/store/redis'
import { createReplicatedOutbox, type ReplicationOptions } from '@clarity/shared/store/replicated-outbox'
import { ShardClaims } from '@clarity/shared/store/shard-claims'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { type Admin, CompressionTypes } from 'kafkajs'
import { type PublisherConfig, variables } from './config.ts'
import { connectKafka, createKafka, pingKafka } from './kafka.ts'
import { createPublisherMetrics } from './metrics.ts'
import { Pump } from './pump.ts'
import { checkMayRestore } from './restore/rebuild-wish.ts'
import { restoreShard } from './restore/restore-shard.ts'
import { ShardStream, type StreamNames, streamNames } from './shard-stream.ts'
import { publishShards } from './shards.ts'
import { defaultCopies, ensureTopic, topicsOf } from './topics.ts'
import { type Poison, placeOf } from './withheld.ts'

const pollMs = 1_000
const identity = { service: 'publisher', version: '0.1.0' }

async function createService(config: PublisherConfig, log: Logger, signal: AbortSignal): Promise<Service> {
  // Closed in reverse order: at the end, or here and now when something cannot be started.
  await using opened = new AsyncDisposableStack()
  const tracing = opened.use(await startTracing({ ...identity, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, log }))
  const redis = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => redis.disconnect())
  const listener = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => listener.disconnect())
  const kafka = createKafka(config, log)
  const admin = kafka.admin()
  opened.defer(() => admin.disconnect())
  let isPrepared = false
  const checks = [pingRedis(redis), pingKafka(admin, () => isPrepared)]
  const registry = createRegistry(identity.service)
  const health = await startHealthServer({ host: config.HOST, port: config.PORT, checks, registry })
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
  const confirmed = createRedis(config.REDIS_URL, { whenAway: 'wait', log })
  opened.defer(() => confirmed.disconnect())
  const outbox = toDurable(createOutbox(redis, keys), keys, { redis: confirmed, replicas: config.REDIS_REPLICAS })
  const connections = createConnectionStore(redis, keys, createSyncStore(redis, keys))
  const findOwner = async (connectionId: ConnectionId) => {
    const connection = (await connections.read(connectionId))?.connection
    return connection ? { tenantId: connection.tenantId, ref: toConnectionRef(connection) } : null
  }
  const metrics = createPublisherMetrics({ registry, outbox, nowMs: systemClock.now })
  const onWithheld = ({ entry, reason, detail }: Poison) => {
    metrics.eventWithheld(reason)
    log.error(
      { event: 'event.withheld', entry: String(entry.number), reason, detail, ...placeOf(entry), ...idsOf(entry) },
      'an event could not be told; it lies in the topic of the dead letters',
    )
  }
  const restore = oneAtATime(async (shard: number, published: bigint) => {
    await checkMayRestore(redis, keys)
    const source = { kafka, admin, names, redis, keys, outbox, partitions, log }
    await restoreShard({ ...source, nowMs: systemClock.now }, shard, published)
    metrics.shardRestored()
  })
  const now = () => toInstant(systemClock.now())
  const compression = config.KAFKA_COMPRESSION === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
  const claimMs = config.LEASE_SECONDS * 1_000
  const shards = {
    claims: new ShardClaims({ redis, keys, owner: randomUUID(), claimMs }),
    joinEveryMs: claimMs / 3,
    listener,
    keys,
    log,
    metrics,
    pollMs,
    clock: systemClock,
    random: Math.random,
    createPump: (shard: number) => {
      const stream = new ShardStream({
        kafka,
        admin,
        names,
        shard,
        compression,
        clock: systemClock,
        random: Math.random,
        onCommitted: metrics.transactionCommitted,
      })
      return new Pump({ outbox, stream, shard, names, partitions, findOwner, restore, onWithheld, now, tracing })
    },
  }
  const running = opened.move()
  return {
    run: (until) => publishShards(shards, until),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** What may still be forgotten is not published: where Redis has replicas, they must have it too. */
function toDurable(outbox: Outbox, keys: Keys, replication: ReplicationOptions): Outbox {
  return replication.replicas === 0 ? outbox : createReplicatedOutbox(outbox, keys, replication)
}

/** Whose an entry is, as far as it says so itself. */
function idsOf(entry: Poison['entry']) {
  if ('event' in entry) return { tenantId: entry.event.tenantId, syncId: entry.event.syncId }
  return 'audit' in entry ? { tenantId: entry.audit.record.tenantId, auditId: entry.audit.record.id } : {}
}

async function ensureTopics(admin: Admin, names: StreamNames, config: PublisherConfig): Promise<void> {
  const copies = config.TOPIC_REPLICATION_FACTOR ?? (await defaultCopies(admin, config.KAFKA_BROKERS))
  for (const topic of topicsOf(names, config)) {
    await ensureTopic(admin, topic, copies, { clock: systemClock, random: Math.random })
  }
}

/** A restoration holds what was told of a shard in memory. */
function oneAtATime<Args extends unknown[]>(run: (...args: Args) => Promise<void>): (...args: Args) => Promise<void> {
  let before: Promise<void> = Promise.resolve()
  return (...args) => {
    before = before.catch(() => undefined).then(() => run(...args))
    return before
  }
}

try {
  const config = loadConfig(variables, process.env)
  const log = createLog({ ...identity, level: config.LOG_LEVEL })
  await runService((signal) => createService(config, log, signal), { log })
} catch (error) {
  exitWithStartError(error)
}
