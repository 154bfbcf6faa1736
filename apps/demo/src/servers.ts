import { join } from 'node:path'
import { ensureKafka, startKafka } from '@clarity/launcher/kafka'
import { insistOnListener } from '@clarity/launcher/ports'
import { ensureRedisServer, startRedis } from '@clarity/launcher/redis'
import type { Screen } from './screen.ts'

export interface Servers {
  readonly redisUrl: string
  readonly brokers: readonly string[]
}

type Stoppable = { stop(): Promise<unknown> }

/**
 * The Redis and Kafka that the environment names; those that it does not name are installed and started, and
 * put on the list of what is `running`.
 */
export async function startServers(
  screen: Screen,
  dir: string,
  env: NodeJS.ProcessEnv,
  running: Stoppable[],
): Promise<Servers> {
  const given = (env.KAFKA_BROKERS ?? '').split(',').filter(Boolean)
  if (env.REDIS_URL) await insistOnListener('REDIS_URL', env.REDIS_URL, 6379)
  for (const broker of given) await insistOnListener('KAFKA_BROKERS', broker, 9092)
  const redisUrl = env.REDIS_URL || (await startOwnRedis(screen, dir, running))
  if (env.REDIS_URL) screen.done('Redis', 'the one at REDIS_URL')
  if (given.length > 0) screen.done('Kafka', 'the one at KAFKA_BROKERS')
  const brokers = given.length > 0 ? given : await startOwnKafka(screen, dir, running)
  return { redisUrl, brokers }
}

async function startOwnRedis(screen: Screen, dir: string, running: Stoppable[]): Promise<string> {
  await screen.step('Redis: looking for it, installing it where it is missing', ensureRedisServer)
  const redis = await screen.step('Redis: starting (AOF, appendfsync always, noeviction)', () =>
    startRedis({ dir: join(dir, 'redis') }),
  )
  running.push(redis.process)
  return redis.url
}

async function startOwnKafka(screen: Screen, dir: string, running: Stoppable[]): Promise<string[]> {
  await screen.step('Kafka: checking the jars, downloading them where they are missing', ensureKafka)
  const kafka = await screen.step('Kafka: starting (KRaft, one broker)', () => startKafka({ dir: join(dir, 'kafka') }))
  running.push(kafka.process)
  return kafka.brokers
}
