import { expect, test } from 'vitest'
import { readByConsoleConsumer } from './console-consumer.ts'
import { testKafka } from './kafka.ts'

const { kafka, brokers, prefix, createTopic } = testKafka()

test("Kafka's own consumer reads what was committed, with its headers, and nothing of what was aborted", async () => {
  const topic = await createTopic('judged')
  const producer = kafka.producer({ transactionalId: `${prefix}judged`, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const name of ['told', 'aborted', 'also told']) {
    const transaction = await producer.transaction()
    const headers = { ce_type: name, ce_time: '2026-11-23T10:00:00.000Z' }
    await transaction.send({ topic, messages: [{ key: 'con_1', headers, value: JSON.stringify({ name }) }] })
    await (name === 'aborted' ? transaction.abort() : transaction.commit())
  }
  await producer.disconnect()
  const record = (name: string) => ({
    partition: 0,
    headers: { ce_type: name, ce_time: '2026-11-23T10:00:00.000Z' },
    value: JSON.stringify({ name }),
  })
  expect(await readByConsoleConsumer({ brokers, topic })).toMatchObject([record('told'), record('also told')])
})

test('a topic that cannot be read is a failure, not an empty one', async () => {
  await expect(readByConsoleConsumer({ brokers, topic: 'no such topic' })).rejects.toThrow(/console consumer ended/)
})
