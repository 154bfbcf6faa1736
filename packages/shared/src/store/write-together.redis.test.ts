import { testRedis } from '@clarity/testkit/redis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../runtime/log.ts'
import { createRedis } from './redis.ts'
import { mastersOf } from './redis-client.ts'

const { url } = await testRedis()

async function connected() {
  const redis = createRedis(url, {
    whenAway: 'wait',
    log: createLog({ service: 'test', version: '0', level: 'silent' }),
  })
  onTestFinished(() => redis.disconnect())
  await redis.ping()
  const [socket] = mastersOf(redis).map(({ stream }) => stream)
  if (socket === undefined) expect.fail('there is no connection')
  const [one, several] = [vi.spyOn(socket, '_write'), vi.spyOn(socket, '_writev')]
  return { redis, countWrites: () => one.mock.calls.length + several.mock.calls.length }
}

test('what is asked within one turn goes out in one write, in its order', async () => {
  const { redis, countWrites } = await connected()
  const asked = Array.from({ length: 50 }, (_, index) => redis.incrby('write-together', index))
  const sums = Array.from({ length: 50 }, (_, index) => (index * (index + 1)) / 2)
  expect(await Promise.all(asked)).toEqual(sums)
  expect(countWrites()).toBe(1)
  await redis.del('write-together')
})

test('what is asked for an answer that has come goes out at once, with what others ask then', async () => {
  const { redis, countWrites } = await connected()
  const twice = async (key: string) => [await redis.get(key), await redis.get(key)]
  expect(await Promise.all([twice('a'), twice('b'), twice('c')])).toEqual(Array(3).fill([null, null]))
  expect(countWrites()).toBe(2)
})

test('a transaction is still one, and its commands stay together', async () => {
  const { redis, countWrites } = await connected()
  const results = await redis.multi().set('write-together', 1).incr('write-together').del('write-together').exec()
  expect(results?.map(([, result]) => result)).toEqual(['OK', 2, 1])
  expect(countWrites()).toBe(1)
})
