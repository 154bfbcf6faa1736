import { type Config, variable, wholeNumber } from '@clarity/shared/runtime/config'
import { commonVariables, kafkaVariables, leaseVariable, redisVariables } from '@clarity/shared/runtime/variables'
import { z } from 'zod'

/** What the publisher is configured with. */
export const variables = {
  ...commonVariables(8082),
  ...redisVariables,
  ...leaseVariable,
  ...kafkaVariables,
  TOPIC_PARTITIONS: variable({
    schema: wholeNumber(1, 1_000),
    description: 'Partitions of the changes topic. Another number needs a new topic: set another TOPIC_PREFIX with it.',
    example: '12',
    default: '12',
  }),
  TOPIC_REPLICATION_FACTOR: variable({
    schema: wholeNumber(1, 10),
    description: 'Copies of each partition; 3 where Kafka has three brokers or more.',
    example: '3',
    default: '1',
  }),
  CHANGES_RETENTION_DAYS: variable({
    schema: wholeNumber(1, 3_650),
    description: 'How long the changes topic keeps events, in days; used when the topic is made.',
    example: '30',
    default: '30',
  }),
  STATE_TOMBSTONE_DAYS: variable({
    schema: wholeNumber(1, 3_650),
    description:
      'How long the state topic keeps what was replaced or erased, in days; a new consumer must have read it by then. Used when the topic is made.',
    example: '7',
    default: '7',
  }),
  AUDIT_RETENTION_DAYS: variable({
    schema: wholeNumber(1, 36_500),
    description: 'How long the audit topic keeps what people did, in days; used when the topic is made.',
    example: '365',
    default: '365',
  }),
  KAFKA_COMPRESSION: variable({
    schema: z.enum(['gzip', 'none'], 'is not gzip or none'),
    description: 'How batches are compressed; every Kafka client reads gzip.',
    example: 'gzip',
    default: 'gzip',
  }),
}

export type PublisherConfig = Config<typeof variables>
