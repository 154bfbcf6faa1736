import { testRedisCluster } from '@clarity/testkit/redis-cluster'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../runtime/log.ts'
import { createKeys } from './keys.ts'
import { createOutbox } from './outbox.ts'
import { createRedis } from './redis.ts'
import { createReplicatedOutbox } from './replicated-outbox.ts'

const cluster = await testRedisCluster({ replicas: 1 })
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const connect = () => createRedis(cluster.url, { whenAway: 'wait', log })
const [redis, confirming] = [connect(), connect()]
afterAll(() => {
  for (const each of [redis, confirming]) each.disconnect()
})
const keys = createKeys({ prefix: 'clarity', shards: 8 })
const outbox = createOutbox(redis, keys)
const durable = createReplicatedOutbox(outbox, keys, { redis: confirming, replicas: 1 })

/** As a commit does, only that nobody can read what it holds. */
async function append(shard: number, number: number): Promise<void> {
  await redis.xadd(keys.shard(shard).outbox, `${number}-0`, 'event', `of shard ${shard}`)
}

test('what replicas have is given away, and an empty page asks nobody', async () => {
  await append(1, 1)
  expect(await durable.read(1, 10)).toEqual(await outbox.read(1, 10))
  expect(await durable.read(2, 10)).toEqual({ published: null, entries: [] })
  expect(await redis.exists(keys.shard(2).replicated)).toBe(0)
})

test('what was read and is not there any more is not given away', async () => {
  await append(3, 1)
  const page = await outbox.read(3, 10)
  await redis.del(keys.shard(3).outbox)
  const rewound = createReplicatedOutbox({ ...outbox, read: async () => page }, keys, {
    redis: confirming,
    replicas: 1,
  })
  await expect(rewound.read(3, 10)).rejects.toMatchObject({ code: 'redis-unavailable' })
})

test('what no replica has waits until one has it', async () => {
  const masters = await cluster.masters()
  const replicas = cluster.nodes.filter((node) => !masters.includes(node))
  for (const { process } of replicas) process.pause()
  const resume = () => {
    for (const { process } of replicas) process.resume()
  }
  onTestFinished(resume)
  await append(4, 1)
  await expect(durable.read(4, 10)).rejects.toThrow('Fewer than 1 replicas')
  expect((await outbox.read(4, 10)).entries).toHaveLength(1)
  resume()
  await expect
    .poll(
      () =>
        durable.read(4, 10).then(
          ({ entries }) => entries.length,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(1)
})
