import { systemClock, toInstant } from '@clarity/shared/runtime/clock'
import { loadConfig } from '@clarity/shared/runtime/config'
import { exitWithStartError } from '@clarity/shared/runtime/lifecycle'
import { createLog } from '@clarity/shared/runtime/log'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createRedis } from '@clarity/shared/store/redis'
import { CompressionTypes } from 'kafkajs'
import { type PublisherConfig, variables } from './config.ts'
import { connectOnce, createKafka } from './kafka.ts'
import { isEmpty, wishRebuild } from './restore/rebuild-wish.ts'
import { ShardStream, streamNames } from './shard-stream.ts'

/** The operator's command after Redis has lost everything: the publishers fill it from Kafka, and this shows how far they are. */
const pollMs = 500

async function rebuild(config: PublisherConfig): Promise<void> {
  const log = createLog({ service: 'rebuild', version: '0.1.0', level: 'fatal' })
  await using opened = new AsyncDisposableStack()
  const redis = createRedis(config.REDIS_URL, { whenAway: 'fail', log })
  opened.defer(() => redis.disconnect())
  const kafka = createKafka(config, log)
  const admin = kafka.admin()
  await connectOnce(admin, async () => undefined)
  opened.defer(() => admin.disconnect())
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  if (!(await isEmpty(redis, keys))) {
    say('This Redis is not empty: a publisher restores what it lacks by itself. Nothing to do.')
    return
  }
  const names = streamNames(config.TOPIC_PREFIX)
  const outbox = createOutbox(redis, keys)
  const all = Array.from({ length: keys.shards }, (_, shard) => shard)
  const lost: { readonly shard: number; readonly published: bigint }[] = []
  for (const shard of all) {
    const compression = CompressionTypes.None
    const stream = new ShardStream({ kafka, admin, names, shard, compression, clock: systemClock, random: Math.random })
    const { last } = await stream.peek()
    if (last > 0n) lost.push({ shard, published: last })
  }
  if (lost.length === 0) {
    say(`Kafka has no events under ${names.changes}: there is nothing to rebuild from.`)
    return
  }
  await wishRebuild(redis, keys, toInstant(systemClock.now()))
  say(`${lost.length} of ${keys.shards} shards are to be rebuilt by the publishers that run.`)
  for (let done = -1; done < lost.length; ) {
    const positions = await Promise.all(lost.map(({ shard }) => outbox.position(shard)))
    const now = lost.filter(({ published }, index) => (positions[index]?.published ?? 0n) >= published).length
    if (now !== done) say(`${now} of ${lost.length} rebuilt`)
    done = now
    if (done < lost.length) await systemClock.sleep(pollMs)
  }
  say('Done. What was nowhere but in Redis is to be given again:')
  say('- API keys of tenants that are not in API_KEYS: POST /v1/tenants/{tenantId}/api-keys, by an operator')
  say('- the names of tenants, and which of them are suspended: PATCH /v1/tenants/{tenantId}')
  say('- the credentials of each connection: PUT /v1/connections/{id}/credentials')
  say('- the secret of each webhook: PUT /v1/connections/{id}/webhook')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  await rebuild(loadConfig(variables, process.env))
} catch (error) {
  exitWithStartError(error)
}
