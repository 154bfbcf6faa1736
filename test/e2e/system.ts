import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningSystem, startSystem } from '@clarity/launcher/system'
import { createLog } from '@clarity/shared/runtime/log'
import { createRedis } from '@clarity/shared/store/redis'
import type { RedisClient } from '@clarity/shared/store/redis-client'
import { testKafka } from '@clarity/testkit/kafka'
import { testRedis } from '@clarity/testkit/redis'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { BitbucketControl } from './bitbucket.ts'
import { Connector } from './connector.ts'
import { Feed } from './feed.ts'
import { apiKeys, operatorKey, workspace } from './scenario.ts'

/** A system that runs already, told by the environment: the one of docker-compose, for example. */
const GivenSystem = z.object({
  E2E_API_URL: z.url(),
  E2E_BITBUCKET_URL: z.url(),
  E2E_TOPIC: z.string(),
  REDIS_URL: z.string(),
})

export interface TestedSystem {
  /** The processes, where they are ours to stop and kill. */
  readonly processes: RunningSystem['processes'] | null
  /** Where the services tell of themselves, where they are ours. */
  readonly urls: RunningSystem['urls'] | null
  readonly bitbucket: BitbucketControl
  readonly acme: Connector
  readonly globex: Connector
  readonly operator: Connector
  readonly feed: Feed
  readonly redis: RedisClient
  /** What the processes have logged so far; nothing where they are not ours. */
  readonly readLogs: () => Promise<string[]>
}

/**
 * The whole system for the tests of this file: the given one, else one of processes that are started for it, with further
 * variables for the services.
 */
export async function testSystem(variables: Readonly<Record<string, string>> = {}): Promise<TestedSystem> {
  const given = GivenSystem.safeParse(process.env)
  const { brokers, prefix } = testKafka()
  const running = given.success ? useGiven(given.data) : await useOwn(brokers, prefix, variables)
  const { redis, apiUrl, bitbucketUrl, topic, processes, urls, readLogs } = running
  const feed = new Feed({ brokers, topicPrefix: topic.replace(/\.changes$/, ''), groupId: `${prefix}feed` })
  beforeAll(() => feed.start())
  afterAll(() => feed[Symbol.asyncDispose]())
  return {
    bitbucket: new BitbucketControl(bitbucketUrl),
    acme: new Connector(apiUrl, apiKeys.acme),
    globex: new Connector(apiUrl, apiKeys.globex),
    operator: new Connector(apiUrl, operatorKey),
    feed,
    redis,
    processes,
    urls,
    readLogs,
  }
}

function useGiven(given: z.infer<typeof GivenSystem>) {
  const redis = createRedis(given.REDIS_URL, {
    whenAway: 'wait',
    log: createLog({ service: 'e2e', version: '0', level: 'silent' }),
  })
  afterAll(() => redis.disconnect())
  const readLogs = () => Promise.resolve([])
  return {
    redis,
    readLogs,
    apiUrl: given.E2E_API_URL,
    bitbucketUrl: given.E2E_BITBUCKET_URL,
    topic: given.E2E_TOPIC,
    processes: null,
    urls: null,
  }
}

async function useOwn(
  brokers: readonly string[],
  prefix: string,
  variables: Readonly<Record<string, string>>,
): Promise<RunningSystem & Pick<TestedSystem, 'redis' | 'readLogs'>> {
  const { url: redisUrl, client: redis } = await testRedis()
  const logDir = await mkdtemp(join(tmpdir(), 'clarity-e2e-'))
  afterAll(() => rm(logDir, { recursive: true, force: true }))
  const names = { keyPrefix: 'clarity', topicPrefix: `${prefix}bitbucket` }
  const own = { apiKeys, operatorKey, logDir, workspace, leaseSeconds: 4, variables }
  const system = await startSystem({ redisUrl, brokers, ...names, ...own })
  afterAll(() => system.stop())
  const readLogs = async () => {
    const files = await readdir(logDir)
    return Promise.all(files.map((file) => readFile(join(logDir, file), 'utf8')))
  }
  return { ...system, redis, readLogs }
}
