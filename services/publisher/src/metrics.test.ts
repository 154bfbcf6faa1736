import { startHealthServer } from '@clarity/shared/runtime/health'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { expect, test } from 'vitest'
import { createPublisherMetrics, type PublisherMetricsOptions } from './metrics.ts'

const nowMs = Date.parse('2026-11-23T10:00:00Z')
const nothing = { read: async () => ({ published: null, entries: [] }), size: async () => 0 }
const entriesOf = (sizes: Readonly<Record<number, number>>) => ({
  ...nothing,
  size: async (shard: number) => sizes[shard] ?? 0,
})

function createMetrics(options: Omit<PublisherMetricsOptions, 'registry' | 'nowMs'>) {
  const registry = createRegistry('publisher')
  return { registry, metrics: createPublisherMetrics({ registry, nowMs: () => nowMs, ...options }) }
}

/** Name with its labels -> value, of what is ours. */
function valuesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('clarity_'))
  const values = lines.map((line) =>
    line
      .replace(/,?service="publisher"/, '')
      .replace('{}', '')
      .split(' '),
  )
  return Object.fromEntries(values.map(([name = '', value]) => [name, Number(value)]))
}

test('every metric of the publisher is at GET /metrics from the start, with what happened since', async () => {
  const { registry, metrics } = createMetrics({ outbox: entriesOf({ 1: 20, 2: 3, 9: 500 }) })
  await using server = await startHealthServer({ host: '127.0.0.1', port: 0, checks: [], registry })
  const scrape = async () => valuesOf(await (await fetch(`${server.listeningOrigin}/metrics`)).text())
  expect(await scrape()).toMatchObject({
    clarity_publisher_events_total: 0,
    clarity_publisher_batches_total: 0,
    'clarity_publisher_events_withheld_total{reason="too-large"}': 0,
    'clarity_publisher_events_withheld_total{reason="unreadable"}': 0,
    clarity_publisher_shard_failures_total: 0,
    clarity_publisher_shards_restored_total: 0,
    clarity_publisher_shards_owned: 0,
    clarity_publisher_batch_seconds_count: 0,
    clarity_publisher_batch_events_count: 0,
    clarity_publisher_transaction_seconds_count: 0,
    clarity_outbox_entries: 0,
    clarity_outbox_oldest_seconds: 0,
  })
  metrics.batchPublished({ events: 500, seconds: 0.03 })
  metrics.batchPublished({ events: 20, seconds: 3 })
  metrics.transactionCommitted(0.02)
  metrics.eventWithheld('too-large')
  metrics.shardFailed()
  metrics.shardRestored()
  for (const shard of [1, 2, 2, 9]) metrics.shardOwned(shard, true)
  for (const shard of [9, 4]) metrics.shardOwned(shard, false)
  expect(await scrape()).toMatchObject({
    clarity_publisher_events_total: 520,
    clarity_publisher_batches_total: 2,
    'clarity_publisher_events_withheld_total{reason="too-large"}': 1,
    'clarity_publisher_events_withheld_total{reason="unreadable"}': 0,
    clarity_publisher_shard_failures_total: 1,
    clarity_publisher_shards_restored_total: 1,
    clarity_publisher_shards_owned: 2,
    'clarity_publisher_batch_seconds_bucket{le="0.05"}': 1,
    clarity_publisher_batch_seconds_sum: 3.03,
    clarity_publisher_batch_events_sum: 520,
    'clarity_publisher_batch_events_bucket{le="25"}': 1,
    clarity_publisher_transaction_seconds_sum: 0.02,
    clarity_outbox_entries: 23,
  })
})

test('a Redis that refuses takes the entries of the outbox away, and nothing else', async () => {
  let isAway = false
  const size = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(7))
  const { registry, metrics } = createMetrics({ outbox: { ...nothing, size } })
  metrics.shardOwned(1, true)
  expect(valuesOf(await registry.metrics())).toHaveProperty('clarity_outbox_entries', 7)
  isAway = true
  const values = valuesOf(await registry.metrics())
  expect(values).not.toHaveProperty('clarity_outbox_entries')
  expect(values).toHaveProperty('clarity_publisher_shards_owned', 1)
  isAway = false
  expect(valuesOf(await registry.metrics())).toHaveProperty('clarity_outbox_entries', 7)
})

test('a Redis that does not answer is waited for shortly, and asked only once', async () => {
  const answers: ((size: number) => void)[] = []
  const size = () => new Promise<number>((resolve) => answers.push(resolve))
  const { registry, metrics } = createMetrics({ outbox: { ...nothing, size }, timeoutMs: 1 })
  metrics.shardOwned(1, true)
  for (const _ of [1, 2, 3]) {
    expect(valuesOf(await registry.metrics())).not.toHaveProperty('clarity_outbox_entries')
  }
  expect(answers).toHaveLength(1)
})
