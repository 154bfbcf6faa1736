import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningRedisCluster, startRedisCluster } from '@clarity/launcher/redis-cluster'
import { afterAll } from 'vitest'

/**
 * A Redis Cluster of local processes for this test file alone: three masters, each with so many replicas. Call it at the top of the
 * file.
 */
export async function testRedisCluster({ replicas }: { readonly replicas: number }): Promise<RunningRedisCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'clarity-redis-cluster-'))
  const cluster = await startRedisCluster({ dir, replicas })
  afterAll(async () => {
    await cluster.stop()
    await rm(dir, { recursive: true, force: true })
  })
  return cluster
}
