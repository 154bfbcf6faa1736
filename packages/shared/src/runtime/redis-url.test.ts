import { expect, test } from 'vitest'
import { parseRedisUrl, redisUrl } from './redis-url.ts'

test('one server is its URL', () => {
  const url = 'rediss://clarity:pass%23word@cache.example:6380/2'
  expect(parseRedisUrl(url)).toEqual({ type: 'server', url })
})

test.each([
  ['redis+cluster://one:7000,two:7001,three', '', '', false],
  ['rediss+cluster://clarity:pass%23word@one:7000,two:7001,three/', 'clarity', 'pass#word', true],
])('a cluster is some of its nodes, and one login for all: %s', (url, username, password, tls) => {
  const nodes = [
    { host: 'one', port: 7000 },
    { host: 'two', port: 7001 },
    { host: 'three', port: 6379 },
  ]
  expect(parseRedisUrl(url)).toEqual({ type: 'cluster', nodes, username, password, tls })
})

test('one node of a cluster will do', () => {
  const nodes = [{ host: 'config.example', port: 6379 }]
  expect(parseRedisUrl('redis+cluster://config.example')).toMatchObject({ type: 'cluster', nodes })
})

test.each([
  'localhost:6379',
  'http://localhost',
  'redis+cluster://',
  'redis+cluster://one:7000,',
  'redis+cluster://one:port',
  'redis+cluster://one:7000/2',
  'redis+cluster://planted#login@one:7000',
  'redis+cluster://planted%login@one:7000',
])('%s is refused, and nothing of it is told', (url) => {
  expect(parseRedisUrl(url)).toBeNull()
  const { error } = redisUrl().safeParse(url)
  expect(error?.message).toContain('is not such a URL')
  expect(error?.message).not.toContain('planted')
})
