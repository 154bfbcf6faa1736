import type { Logger } from '@clarity/shared/runtime/log'
import { Kafka, logLevel } from 'kafkajs'

/** A Kafka client whose own messages go to our log, as warnings at most: whoever uses it tells what failed. */
export function createKafka(brokers: string[], log: Logger): Kafka {
  const kafkaLog = log.child({ event: 'kafka.client' })
  return new Kafka({
    clientId: 'clarity-bitbucket-publisher',
    brokers,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, timestamp: _, logger: __, ...fields } = entry.log
      kafkaLog[entry.level <= logLevel.WARN ? 'warn' : 'debug']({ ...fields, detail: message }, 'Kafka client')
    },
    // It waits for Kafka at the start as long as it takes, and every batch is tried anew by its shard.
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 10 },
  })
}
