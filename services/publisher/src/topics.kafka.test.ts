import { systemClock } from '@clarity/shared/runtime/clock'
import { testKafka } from '@clarity/testkit/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { streamNames } from './shard-stream.ts'
import { ensureTopic, topicsOf } from './topics.ts'

const { kafka, prefix } = testKafka()
const admin = kafka.admin()
const waiting = { clock: systemClock, random: Math.random }
const names = streamNames(prefix)
const partitions = 3
const config = {
  TOPIC_PARTITIONS: partitions,
  SHARDS: 4,
  CHANGES_RETENTION_DAYS: 30,
  STATE_TOMBSTONE_DAYS: 7,
  AUDIT_RETENTION_DAYS: 365,
}

beforeAll(async () => {
  await admin.connect()
  for (const topic of topicsOf(names, config)) await ensureTopic(admin, topic, 1, waiting)
})
afterAll(() => admin.disconnect())

test('a topic is created with what it keeps, and for how long', async () => {
  const configNames = ['retention.ms', 'cleanup.policy', 'delete.retention.ms', 'max.compaction.lag.ms']
  const read = async (topic: string) => {
    const resources = [{ type: 2, name: topic, configNames }]
    const described = await admin.describeConfigs({ includeSynonyms: false, resources })
    const entries = described.resources[0]?.configEntries ?? []
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]))
  }
  const { changes, state, audit } = names
  expect(await read(changes)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '2592000000' })
  expect(await read(audit)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '31536000000' })
  expect(await read(state)).toMatchObject({
    'cleanup.policy': 'compact',
    'delete.retention.ms': '604800000',
    'max.compaction.lag.ms': '604800000',
  })
})

test.each(['TOPIC_PARTITIONS', 'SHARDS'] as const)(
  'one with another number of partitions than %s is refused, for the order of connections would be lost',
  async (partitionsFrom) => {
    const settings = { 'cleanup.policy': 'delete' } as const
    const topic = { topic: names.changes, partitions: partitions + 1, partitionsFrom, settings }
    await expect(ensureTopic(admin, topic, 1, waiting)).rejects.toThrow(
      new RegExp(`${partitionsFrom}: is 4, but the topic .* has 3`),
    )
  },
)

test('one of the state that is not compacted is refused, for it would forget what is there', async () => {
  const settings = { 'cleanup.policy': 'compact' } as const
  const topic = { topic: names.changes, partitions, partitionsFrom: 'TOPIC_PARTITIONS', settings } as const
  await expect(ensureTopic(admin, topic, 1, waiting)).rejects.toThrow(/cleanup.policy=delete/)
})
