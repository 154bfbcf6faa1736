import { type Config, variable, wholeNumber } from '@clarity/shared/runtime/config'
import { commonVariables, kafkaVariables, leaseVariable, redisVariables } from '@clarity/shared/runtime/variables'

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
}

export type PublisherConfig = Config<typeof variables>
