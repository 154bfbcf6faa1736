import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { createKeys } from './keys.ts'
import { ShardClaims } from './shard-claims.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 8 })
const all = Array.from({ length: keys.shards }, (_, shard) => shard)
const createPublisher = (owner: string) => new ShardClaims({ redis, keys, owner, claimMs: 60_000 })

beforeEach(() => redis.flushdb())

/** What each of them holds after all have looked at all shards, as their loops do, until nothing changes. */
async function settle(...publishers: ShardClaims[]): Promise<number[][]> {
  let before = ''
  for (;;) {
    for (const publisher of publishers) await publisher.join()
    const held = []
    for (const publisher of publishers) {
      const ours = await Promise.all(all.map(async (shard) => ((await publisher.hold(shard)) ? [shard] : [])))
      held.push(ours.flat())
    }
    if (JSON.stringify(held) === before) return held
    before = JSON.stringify(held)
  }
}

const sizes = (held: number[][]) => held.map(({ length }) => length)

test('one publisher alone has all shards', async () => {
  expect(await settle(createPublisher('a'))).toEqual([all])
})

test('two share them, none has one that the other has, and none is left', async () => {
  const [a, b] = [createPublisher('a'), createPublisher('b')]
  await settle(a)
  const held = await settle(a, b)
  expect(sizes(held)).toEqual([4, 4])
  expect(held.flat().toSorted((one, other) => one - other)).toEqual(all)
})

test('three share what does not divide evenly, and take over what one that leaves has had', async () => {
  const [a, b, c] = [createPublisher('a'), createPublisher('b'), createPublisher('c')]
  const held = await settle(a, b, c)
  expect(sizes(held).toSorted()).toEqual([2, 3, 3])
  for (const shard of held[2] ?? []) await c.release(shard)
  await c.leave()
  expect(sizes(await settle(a, b))).toEqual([4, 4])
})

test('one that died counts no more once its time is over', async () => {
  const [a, b] = [createPublisher('a'), createPublisher('b')]
  const [, lost = []] = await settle(a, b)
  // As if its time had run out.
  await redis.zadd(keys.publishers, 1, 'b')
  for (const shard of lost) await redis.del(keys.shard(shard).publisher)
  expect(await settle(a)).toEqual([all])
})

test('one whose claim ran out while it was paused does not have the shard that another one took', async () => {
  const [a, b] = [createPublisher('a'), createPublisher('b')]
  await settle(a)
  await redis.del(keys.shard(3).publisher)
  await b.join()
  expect(await b.hold(3)).toBe(true)
  expect(await a.hold(3)).toBe(false)
})
