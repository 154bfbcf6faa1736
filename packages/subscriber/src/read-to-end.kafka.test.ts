import { testKafka } from '@clarity/testkit/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readToEnd } from './read-to-end.ts'

const { kafka, prefix, createTopic } = testKafka()
const admin = kafka.admin()
const plain = kafka.producer()
beforeAll(() => Promise.all([admin.connect(), plain.connect()]))
afterAll(() => Promise.all([admin.disconnect(), plain.disconnect()]))

async function begin(topic: string, id: string) {
  const producer = kafka.producer({ transactionalId: `${topic}.${id}`, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const transaction = await producer.transaction()
  return {
    send: (value: string) => transaction.send({ topic, messages: [{ value }] }),
    async end(how: 'commit' | 'abort') {
      await transaction[how]()
      await producer.disconnect()
    },
  }
}

/** A topic with one record that is committed, one that is not yet, and one behind it that was committed before it. */
async function prepare(name: string) {
  const topic = await createTopic(name)
  await plain.send({ topic, messages: [{ value: 'first' }] })
  const slow = await begin(topic, 'slow')
  await slow.send('slow')
  const quick = await begin(topic, 'quick')
  await quick.send('quick')
  await quick.end('commit')
  return { topic, slow }
}

/** A client whose consumers say that they have asked Kafka once. */
function watched() {
  const asked = Promise.withResolvers<void>()
  const consumer: typeof kafka.consumer = (config) => {
    const created = kafka.consumer(config)
    created.on(created.events.FETCH, () => asked.resolve())
    return created
  }
  return { kafka: { consumer }, asked: asked.promise }
}

test.each([
  { what: 'from the beginning', how: 'commit', from: 0n, expected: ['first', 'slow', 'quick'] },
  { what: 'from the beginning', how: 'abort', from: 0n, expected: ['first', 'quick'] },
  { what: 'from the end of what is committed', how: 'commit', from: 1n, expected: ['slow', 'quick'] },
] as const)(
  'what was told behind a transaction that is under way is read when that has ended by $how, $what',
  async ({ how, from, expected }) => {
    const { topic, slow } = await prepare(`${how}-${from}`)
    const values: (string | null)[] = []
    const { kafka: client, asked } = watched()
    const reading = readToEnd({
      kafka: client,
      admin,
      topic,
      groupPrefix: `${topic}.read`,
      from: new Map([[0, from]]),
      onRecord: ({ value }) => void values.push(value),
    })
    await Promise.race([reading, asked])
    await slow.end(how)
    await reading
    expect(values).toEqual(expected)
  },
)

test('what is told after the reading has begun does not keep it from ending', async () => {
  const topic = await createTopic('growing')
  const send = (value: string) => plain.send({ topic, messages: [{ value }] })
  await send('0')
  const values: (string | null)[] = []
  await readToEnd({
    kafka,
    admin,
    topic,
    groupPrefix: `${prefix}growing.read`,
    // With each record that is read there is one more.
    onRecord: async ({ value }) => {
      values.push(value)
      await send(String(values.length))
    },
  })
  expect(values).toEqual(['0'])
})

test('a topic without records is read at once', async () => {
  const topic = await createTopic('empty', { numPartitions: 3 })
  const onRecord = () => expect.fail('there is none')
  await readToEnd({ kafka, admin, topic, groupPrefix: `${prefix}empty.read`, onRecord })
})
