import { createRegistry } from '@clarity/shared/runtime/metrics'
import { createKeys } from '@clarity/shared/store/keys'
import { createOutbox } from '@clarity/shared/store/outbox'
import { testRedis } from '@clarity/testkit/redis'
import { expect, test } from 'vitest'
import { createPublisherMetrics } from './metrics.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const registry = createRegistry('publisher')
const nowMs = () => Date.parse('2026-11-23T10:00:00Z')
const metrics = createPublisherMetrics({ registry, outbox: createOutbox(redis, keys), nowMs })

async function append(shard: number, number: number, when: { observedAt: string; recordedAt?: string }): Promise<void> {
  const { observedAt, recordedAt } = when
  const ids = { tenantId: 'acme', connectionId: 'con_1', syncId: 'syn_1' }
  const told = {
    name: 'sync.started',
    subject: 'syn_1',
    ...ids,
    before: null,
    after: null,
    data: { observedAt },
    recordedAt,
  }
  const fields = { connection: 'con_1', sequence: String(number), event: JSON.stringify(told) }
  await redis.xadd(keys.shard(shard).outbox, `${number}-0`, ...Object.entries(fields).flat())
}

const oldest = async () => Number(/^clarity_outbox_oldest_seconds\{.*\} (.*)$/m.exec(await registry.metrics())?.[1])

test('the oldest event that waits says how far the stream is behind, in the shards that are ours', async () => {
  for (const shard of [1, 2]) metrics.shardOwned(shard, true)
  expect(await oldest()).toBe(0)
  await append(1, 1, { observedAt: '2026-11-23T09:58:00.000Z' })
  await append(1, 2, { observedAt: '2026-11-23T09:00:00.000Z' })
  await append(3, 1, { observedAt: '2026-11-23T08:00:00.000Z' })
  expect(await oldest()).toBe(120)
  // It was observed long before, and told only when somebody had approved it.
  await append(2, 1, { observedAt: '2026-11-20T10:00:00.000Z', recordedAt: '2026-11-23T09:55:00.000Z' })
  expect(await oldest()).toBe(300)
  // An entry that cannot be read has no age; that it is there, `clarity_outbox_entries` tells.
  await redis.del(keys.shard(2).outbox)
  await redis.xadd(keys.shard(2).outbox, '1-0', 'damaged', 'entry')
  expect(await oldest()).toBe(120)
})
