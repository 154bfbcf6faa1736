import { randomUUID } from 'node:crypto'
import { type ITopicConfig, Kafka, logLevel } from 'kafkajs'
import { afterAll, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    kafkaBrokers: string[]
  }
}

export interface TestKafka {
  readonly brokers: string[]
  /** Begins the names of all topics, groups and transactional ids of this test file. */
  readonly prefix: string
  readonly kafka: Kafka
  /** Creates the topic `<prefix><name>` and gives its whole name. */
  createTopic(name: string, config?: Omit<ITopicConfig, 'topic'>): Promise<string>
}

/**
 * The run's Kafka with a prefix for this test file alone; its topics and groups are deleted at the end. Call it at the
 * top of the file: `const { createTopic } = testKafka()`.
 */
export function testKafka(): TestKafka {
  const brokers = inject('kafkaBrokers')
  const prefix = `test-${randomUUID().slice(0, 8)}.`
  const kafka = new Kafka({ clientId: 'testkit', brokers, logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const connected = admin.connect()
  // A test that needs it meets the rejection itself.
  connected.catch(() => {})
  afterAll(async () => {
    await connected
    const { groups } = await admin.listGroups()
    const groupIds = groups.map((group) => group.groupId).filter((groupId) => groupId.startsWith(prefix))
    if (groupIds.length > 0) await admin.deleteGroups(groupIds)
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
    await admin.disconnect()
  })
  return {
    brokers,
    prefix,
    kafka,
    async createTopic(name, config = {}) {
      const topic = `${prefix}${name}`
      await connected
      await admin.createTopics({ topics: [{ numPartitions: 1, ...config, topic }], waitForLeaders: true })
      return topic
    },
  }
}
