import { ConfigError } from '@clarity/shared/runtime/errors'
import type { Admin } from 'kafkajs'

export interface TopicOptions {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  /** The variable that says how many partitions it has. */
  readonly partitionsFrom: 'TOPIC_PARTITIONS' | 'SHARDS'
}

const retentionMs = 30 * 24 * 60 * 60 * 1_000

/**
 * Creates a topic when there is none.
 * @throws ConfigError when there is one with another number of partitions: a connection's events would then go to
 * two of them, and their order would be lost.
 */
export async function ensureTopic(admin: Admin, options: TopicOptions): Promise<void> {
  const { topic, partitions, replicationFactor, partitionsFrom } = options
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
      field: partitionsFrom,
      message: `is ${partitions}, but the topic ${topic} has ${found}`,
      remedy: `Set ${partitionsFrom} to ${found}, or begin a new topic with another TOPIC_PREFIX.`,
    },
  ])
}
