import { type Config, variable, wholeNumber } from '@clarity/shared/runtime/config'
import { commonVariables, kafkaVariables, leaseVariable, redisVariables } from '@clarity/shared/runtime/variables'
import { z } from 'zod'

/** What the publisher is configured with. */
export const variables = {
  ...commonVariables(8082),
  ...redisVariables,
  REDIS_REPLICAS: variable({
    schema: wholeNumber(0, 10),
    description:
      'How many replicas must have an event before it is published, where Redis has replicas that may be promoted; while fewer are there, events wait.',
    example: '1',
    default: '0',
  }),
  ...leaseVariable,
  ...kafkaVariables,
  TOPIC_PARTITIONS: variable({
    schema: wholeNumber(1, 1_000),
    description: 'Partitions of the changes topic. Another number needs a new topic: set another TOPIC_PREFIX with it.',
    example: '12',
    default: '12',
  }),
  TOPIC_REPLICATION_FACTOR: variable({
    schema: z.union([z.literal('').transform(() => null), wholeNumber(1, 10)]),
    description:
      'Copies of each partition, used when the topics are made. Not set: as many as there are brokers, at most 3; of 3 one may be away.',
    example: '3',
    default: '',
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
