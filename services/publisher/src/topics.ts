import { ConfigError } from '@clarity/shared/runtime/errors'
import type { Admin } from 'kafkajs'

export interface TopicOptions {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
}

const retentionMs = 30 * 24 * 60 * 60 * 1_000

/**
 * Creates the changes topic when there is none.
 * @throws ConfigError when there is one with another number of partitions: a connection's events would then go to
 * two of them, and their order would be lost.
 */
export async function ensureTopic(admin: Admin, { topic, partitions, replicationFactor }: TopicOptions): Promise<void> {
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: String(retentionMs) },
        ],
      },
    ],
  })
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const found = topics[0]?.partitions.length ?? 0
  if (found === partitions) return
  throw new ConfigError([
    {
      field: 'TOPIC_PARTITIONS',
      message: `is ${partitions}, but the topic ${topic} has ${found}`,
      remedy: `Set TOPIC_PARTITIONS to ${found}, or begin a new topic with another TOPIC_PREFIX.`,
    },
  ])
}
