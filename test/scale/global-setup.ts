// Starts the whole system on a Redis Cluster and three brokers, with four workers and three publishers, for end-to-end tests that take a
// system that runs already. They read where it is from the environment, which the processes of vitest inherit.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiKeys, operatorKey, workspace } from '@clarity/e2e/scenario'
import { startKafkaCluster } from '@clarity/launcher/kafka-cluster'
import { startRedisCluster } from '@clarity/launcher/redis-cluster'
import { startSystem } from '@clarity/launcher/system'
import type {} from '@clarity/testkit/kafka'
import type { TestProject } from 'vitest/node'

export async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  await using opened = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'clarity-scale-e2e-'))
  opened.defer(() => rm(dir, { recursive: true, force: true }))
  const redis = await startRedisCluster({ dir: join(dir, 'redis'), masters: 3, replicas: 1 })
  opened.defer(() => redis.stop())
  const kafka = await startKafkaCluster({ dir: join(dir, 'kafka'), brokers: 3 })
  opened.defer(() => kafka.stop())
  const names = { keyPrefix: 'clarity', topicPrefix: 'clarity.bitbucket' }
  const many = { workers: 4, publishers: 3, variables: { REDIS_REPLICAS: '1', SHARDS: '24' } }
  const own = { apiKeys, operatorKey, workspace, logDir: dir, leaseSeconds: 4 }
  const system = await startSystem({ redisUrl: redis.url, brokers: kafka.brokers, ...names, ...many, ...own })
  opened.defer(() => system.stop())
  vitest.provide('kafkaBrokers', kafka.brokers)
  const where = { E2E_API_URL: system.apiUrl, E2E_BITBUCKET_URL: system.bitbucketUrl, E2E_TOPIC: system.topic }
  Object.assign(process.env, where, { REDIS_URL: redis.url })
  const running = opened.move()
  return () => running.disposeAsync()
}
