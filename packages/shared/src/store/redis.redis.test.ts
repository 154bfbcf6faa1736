import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { testRedis } from '@clarity/testkit/redis'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../runtime/log.ts'
import { Secret } from '../runtime/secret.ts'
import { createRedis, toDependencyError } from './redis.ts'

const { url } = await testRedis()

test.each([
  ['is refused', (login: string) => url.replace('redis://', `redis://${login}@`), /WRONGPASS/],
  ['meets nobody', (login: string) => `redis://${login}@127.0.0.1:1`, /ECONNREFUSED/],
])('a login that %s is logged without its password', async (_, urlWith, told) => {
  const lines: string[] = []
  const log = createLog({ service: 'test', version: '0', level: 'trace' }, { write: (line) => void lines.push(line) })
  const redis = createRedis(new Secret(urlWith('nobody:planted-password')), { whenAway: 'fail', log })
  onTestFinished(() => redis.disconnect())
  const error = await redis.get('key').catch((reason: unknown) => reason)
  log.error({ err: error }, 'failed')
  expect(lines.join('')).toMatch(told)
  expect(lines.join('')).toContain('failed')
  expect(lines.join('')).not.toContain('planted')
})

const silent = createLog({ service: 'test', version: '0', level: 'silent' })

/** What a command fails with, and after how long. */
async function failureOf(redis: ReturnType<typeof createRedis>) {
  const beganAt = performance.now()
  const error = await redis.get('key').then(
    () => 'it was answered',
    (reason: unknown) => toDependencyError(reason),
  )
  return { error, ms: performance.now() - beganAt }
}

test('who cannot wait is told within two seconds that Redis is away, however long it has been', async () => {
  const redis = createRedis('redis://127.0.0.1:1', { whenAway: 'fail', log: silent })
  onTestFinished(() => redis.disconnect())
  let attempts = 0
  const manyTries = Promise.withResolvers<void>()
  redis.on('reconnecting', () => ++attempts === 6 && manyTries.resolve())
  await manyTries.promise
  const { error, ms } = await failureOf(redis)
  expect(error).toMatchObject({ code: 'redis-unavailable' })
  expect(ms).toBeLessThan(2_000)
})

/** Stands before Redis, takes every connection, and passes nothing on while it is told to be silent. */
async function standBetween() {
  let isSilent = false
  const server = createServer((socket) => {
    const behind = connect(Number(new URL(url).port), new URL(url).hostname)
    socket.on('data', (bytes) => void (isSilent || behind.write(bytes)))
    behind.on('data', (bytes) => void (isSilent || socket.write(bytes)))
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  })
  await once(server.listen(0), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const redis = createRedis(`redis://127.0.0.1:${port}`, { whenAway: 'fail', log: silent })
  onTestFinished(() => {
    redis.disconnect()
    server.close()
  })
  const setSilent = (wanted: boolean) => {
    isSilent = wanted
  }
  return { redis, setSilent }
}

test('who cannot wait is told so by a Redis that takes connections and says nothing, again and again, until it does', async () => {
  const { redis, setSilent } = await standBetween()
  expect(await redis.ping()).toBe('PONG')
  setSilent(true)
  for (let time = 1; time <= 2; time++) {
    const { error, ms } = await failureOf(redis)
    expect(error).toMatchObject({ code: 'redis-unavailable' })
    expect(ms).toBeLessThan(6_000)
  }
  setSilent(false)
  await once(redis, 'ready')
  expect(await redis.ping()).toBe('PONG')
})

test('what a connection was awaiting when it ended is answered by the next one', async () => {
  const { redis, setSilent } = await standBetween()
  await redis.set('kept', 'value')
  setSilent(true)
  const awaited = redis.get('kept')
  await new Promise((resolve) => redis.once('close', resolve))
  setSilent(false)
  expect(await awaited).toBe('value')
  await redis.del('kept')
})
