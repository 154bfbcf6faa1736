import type { Schedule } from '@clarity/shared/contract/schedule'
import { createLog } from '@clarity/shared/runtime/log'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { syncQueueName } from '@clarity/shared/store/queue'
import { applySchedule, jitterMs } from '@clarity/shared/store/schedules'
import { Queue } from 'bullmq'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { applySchedules, type SyncQueue, startScheduled } from './scheduled.ts'
import { connection, createTestEngine } from './testing/engine.ts'

const engine = await createTestEngine()
const { redis, keys, syncs, clock } = engine
const connections = createConnectionStore(redis, keys, syncs)
const queue: SyncQueue = new Queue(syncQueueName, { connection: redis, prefix: keys.queuePrefix })
afterAll(() => queue.close())
const log = createLog({ service: 'test', version: '0', level: 'silent' })
let ids = 0
const options = { connections, keys, clock, log, metrics: engine.metrics, newId: () => String(++ids) }
const data = { tenantId: connection.tenantId, connectionId: connection.id }
const hourly: Schedule = { mode: 'interval', minutes: 60, kind: 'incremental' }
const nightly: Schedule = { mode: 'cron', pattern: '0 3 * * *', timeZone: 'Europe/Berlin', kind: 'full' }

beforeEach(async () => {
  await engine.reset()
  ids = 0
  clock.nowMs = Date.now()
  await redis.hset(keys.connection(connection.id).record, { record: JSON.stringify(connection), credential: 'sealed' })
})

const nextAt = async (id: string) => (await queue.getJobScheduler(id))?.next ?? 0
const job = { data } as Parameters<typeof startScheduled>[2]

test('an interval begins in a phase of its own for each connection, within the interval after the next', async () => {
  const begins = new Set<number>()
  for (let n = 0; n < 20; n++) {
    const connectionId = `con_${n}` as const
    await applySchedule(queue, { ...data, connectionId }, hourly, clock.now())
    const next = await nextAt(connectionId)
    expect(next).toBeGreaterThan(clock.now())
    expect(next).toBeLessThanOrEqual(clock.now() + 2 * 3_600_000)
    begins.add(next)
  }
  expect(begins.size).toBe(20)
})

test('a clock time is one of its time zone, and what it starts is put off by less than five minutes', async () => {
  await applySchedule(queue, data, nightly, clock.now())
  const hour = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: '2-digit', hour12: false })
  expect(hour.format(await nextAt(connection.id))).toBe('03')
  const put = Array.from({ length: 50 }, (_, n) => jitterMs(`con_${n}`, nightly))
  expect(new Set(put).size).toBeGreaterThan(45)
  expect(Math.max(...put)).toBeLessThan(300_000)
  expect(jitterMs(connection.id, nightly)).toBe(jitterMs(connection.id, nightly))
})

test('a changed schedule takes the place of the one before, and a manual one takes it away', async () => {
  await applySchedule(queue, data, hourly, clock.now())
  await applySchedule(queue, data, nightly, clock.now())
  expect(await queue.getJobSchedulersCount()).toBe(1)
  expect(await queue.getJobScheduler(connection.id)).toMatchObject({ pattern: '0 3 * * *' })
  await applySchedule(queue, data, { mode: 'manual' }, clock.now())
  expect(await queue.getJobSchedulersCount()).toBe(0)
})

test('when it is time a sync of the kind is asked for, told and put into the queue; a second time joins it', async () => {
  await connections.change(connection.id, { tenantId: 'acme', requestId: 'req_1', schedule: hourly, events: [] })
  await startScheduled(options, queue, job)
  await startScheduled(options, queue, job)
  expect(await syncs.readOpenOf(connection.id)).toMatchObject([{ kind: 'incremental', trigger: 'schedule' }])
  expect(await engine.published()).toEqual(['sync.requested syn_1'])
  expect(await queue.getJob('syn_1')).toMatchObject({ data: { ...data, syncId: 'syn_1' } })
})

test('a time that comes after the schedule was taken away starts nothing and takes the scheduler away', async () => {
  await applySchedule(queue, data, hourly, clock.now())
  await startScheduled(options, queue, job)
  expect(await syncs.readOpenOf(connection.id)).toEqual([])
  expect(await queue.getJobSchedulersCount()).toBe(0)
})

test('a schedule that was saved and never came to the queue is brought there', async () => {
  await connections.change(connection.id, { tenantId: 'acme', requestId: 'req_1', schedule: nightly, events: [] })
  await applySchedules(options, queue)
  expect(await queue.getJobScheduler(connection.id)).toMatchObject({ pattern: '0 3 * * *', tz: 'Europe/Berlin' })
})
