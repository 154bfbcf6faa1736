import { expect, test } from 'vitest'
import { testKafka } from './kafka.ts'

const { kafka, prefix, createTopic } = testKafka()

test('carries a record written in a transaction', async () => {
  const topic = await createTopic('records', { numPartitions: 2 })
  expect(topic).toBe(`${prefix}records`)
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: `${prefix}producer` })
  await producer.connect()
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages: [{ key: 'a', value: 'b' }] })
  await transaction.commit()
  await producer.disconnect()

  const consumer = kafka.consumer({ groupId: `${prefix}group` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const value = Promise.withResolvers<string | undefined>()
  await consumer.run({ eachMessage: async ({ message }) => value.resolve(message.value?.toString()) })
  expect(await value.promise).toBe('b')
  await consumer.disconnect()
})
