import { describe, expect, test } from 'vitest'
import { testRedis } from './redis.ts'

const redis = await testRedis()
const other = await testRedis()

test('syncs every write and evicts nothing', async () => {
  expect(await redis.client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
  expect(await redis.client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always'])
  expect(await redis.client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
})

test('gives each caller a database of its own', async () => {
  await redis.client.set('key', 'mine')
  expect(await other.client.get('key')).toBeNull()
  expect(await redis.connect().get('key')).toBe('mine')
})

describe('a database that holds something', async () => {
  const third = await testRedis()

  test('is not given away', async () => {
    const numbers = [redis, other, third].map(({ url }) => new URL(url).pathname)
    expect(new Set(numbers).size).toBe(3)
  })
})
