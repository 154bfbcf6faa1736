import { startHealthServer } from '@clarity/shared/runtime/health'
import { pingRedis } from '@clarity/shared/store/redis'
import { Queue } from 'bullmq'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { QueueCheck } from './queue-check.ts'
import { createQueueFigures } from './queue-metrics.ts'
import type { SyncQueue } from './scheduled.ts'
import { connection, createTestEngine } from './testing/engine.ts'
import { createTestMetrics } from './testing/metrics.ts'

const engine = await createTestEngine()
const { redis, keys, syncs, holds } = engine
const queue: SyncQueue = new Queue('syncs', {
  connection: engine.connect({ maxRetriesPerRequest: null }),
  prefix: keys.queuePrefix,
})
afterAll(() => queue.close())
const timestamp = Date.parse('2026-11-23T10:00:00Z')
let nowMs = timestamp
const figures = createQueueFigures({ queue, syncs, holds, keys, nowMs: () => nowMs })
const { show } = createTestMetrics(figures)

beforeEach(async () => {
  nowMs = timestamp
  await engine.reset()
})

const syncId = 'syn_1'
const data = { tenantId: connection.tenantId, connectionId: connection.id, syncId } as const
const add = (delay = 0) => queue.add('SyncRequested', data, { timestamp, delay })

test('jobs are counted by state, and the connections with a hold', async () => {
  expect(await show()).toEqual({})
  for (const delay of [0, 0, 60_000]) await add(delay)
  await redis.zadd(keys.shard(0).holds, 1, 'con_1', 2, 'con_2')
  expect(await show()).toMatchObject({
    'clarity_queue_jobs{state="waiting"}': 2,
    'clarity_queue_jobs{state="delayed"}': 1,
    clarity_connections_held: 2,
  })
})

test('the oldest job is as old as it has been due, not as it has been there', async () => {
  const waited = () => figures.oldestWaitingSeconds()
  expect(await waited()).toBe(0)
  const job = await add()
  await add()
  nowMs = timestamp + 100_000
  expect(await waited()).toBe(100)
  // It ran a slice meanwhile.
  await redis.hset(`${keys.queuePrefix}:syncs:${job.id}`, 'processedOn', timestamp + 30_000)
  expect(await waited()).toBe(70)
  // And then had to wait for room.
  const record = { id: syncId, connectionId: connection.id, kind: 'full', trigger: 'api' }
  await redis.hset(keys.sync(connection.id, syncId).state, {
    record: JSON.stringify({ ...record, requestedAt: '2026-11-23T10:00:00Z' }),
    state: 'running',
    waitingUntil: '2026-11-23T10:01:00.000Z',
  })
  expect(await waited()).toBe(40)
  nowMs = timestamp
  expect(await waited()).toBe(0)
})

test('a delayed job that is due is as old as that', async () => {
  const job = await add(60_000)
  await job.promote()
  nowMs = timestamp + 90_000
  expect(await figures.oldestWaitingSeconds()).toBe(30)
})

test('a queue that cannot be read, or from which nobody takes, is what readiness tells, and metrics go on without it', async () => {
  const check = new QueueCheck(queue)
  const checks = [pingRedis(redis), check]
  await using server = await startHealthServer({ host: '127.0.0.1', port: 0, checks })
  const ask = async () => (await server.inject('/readyz')).json()
  expect(await ask()).toEqual({ status: 'unavailable', failed: ['queue'] })
  let isRunning = true
  check.watch({ isRunning: () => isRunning })
  expect(await ask()).toEqual({ status: 'ok' })
  await redis.set(`${keys.queuePrefix}:syncs:wait`, 'no list')
  expect(await ask()).toEqual({ status: 'unavailable', failed: ['queue'] })
  expect(await show()).toEqual({})
  await redis.del(`${keys.queuePrefix}:syncs:wait`)
  expect(await ask()).toEqual({ status: 'ok' })
  isRunning = false
  expect(await ask()).toEqual({ status: 'unavailable', failed: ['queue'] })
})
