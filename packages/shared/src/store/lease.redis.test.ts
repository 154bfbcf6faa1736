import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { acquireLease, claim, disclaim } from './lease.ts'

const { client: redis } = await testRedis()
const lease = { leaseKey: 'lease', fenceKey: 'fence', ttlMs: 60_000 }

beforeEach(() => redis.flushdb())

test('only one holds a lease, and each holder has a higher token', async () => {
  const first = await acquireLease(redis, lease)
  expect(await acquireLease(redis, lease)).toBeNull()
  await first?.release()
  const second = await acquireLease(redis, lease)
  expect(Number(second?.token)).toBeGreaterThan(Number(first?.token))
})

test('a holder whose lease ran out can neither renew it nor give away that of the next', async () => {
  const first = await acquireLease(redis, lease)
  await redis.del(lease.leaseKey)
  const second = await acquireLease(redis, lease)
  expect(await first?.renew()).toBe(false)
  await first?.release()
  expect(await second?.renew()).toBe(true)
  expect(await redis.pttl(lease.leaseKey)).toBeGreaterThan(50_000)
})

test('a claim is prolonged by its owner alone', async () => {
  expect(await claim(redis, 'shard', 'a', 60_000)).toBe(true)
  expect(await claim(redis, 'shard', 'b', 60_000)).toBe(false)
  expect(await claim(redis, 'shard', 'a', 60_000)).toBe(true)
  await disclaim(redis, 'shard', 'b')
  expect(await claim(redis, 'shard', 'b', 60_000)).toBe(false)
  await disclaim(redis, 'shard', 'a')
  expect(await claim(redis, 'shard', 'b', 60_000)).toBe(true)
})
