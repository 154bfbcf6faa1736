import { connect } from 'node:net'
import { systemClock } from '@clarity/shared/runtime/clock'
import { testKafka } from '@clarity/testkit/kafka'
import { CompressionTypes, type ISocketFactory, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ShardStream, streamNames } from './shard-stream.ts'

const { kafka, brokers, prefix } = testKafka()
const admin = kafka.admin()
const names = streamNames(prefix)
const mark = { after: 0n, last: 1n, digest: 'digest' }
const record = () => ({ key: 'con_1', value: '{}', partition: 0 })

beforeAll(async () => {
  await admin.connect()
  const topics = [names.changes, names.state, names.outbox]
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })) })
})
afterAll(() => admin.disconnect())

function createStream(client: Kafka): ShardStream {
  const common = { shard: 0, compression: CompressionTypes.None, clock: systemClock, random: Math.random }
  return new ShardStream({ kafka: client, admin, names, ...common })
}

/** In a request of Kafka's protocol two bytes for what is asked follow the four of its length; records have 0. */
const isProduce = (bytes: Buffer) => bytes.length > 6 && bytes.readInt16BE(4) === 0

/** A client whose connection breaks when it sends records for the first time. */
function breakingOnce() {
  let sends = 0
  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect)
    const write = socket.write.bind(socket)
    return Object.assign(socket, {
      write(bytes: Buffer) {
        if (isProduce(bytes) && ++sends === 1) return socket.destroy(new Error('the connection broke')) === socket
        return write(bytes)
      },
    })
  }
  const client = new Kafka({ clientId: 'test', brokers: [...brokers], socketFactory, logLevel: logLevel.NOTHING })
  return { client, countSends: () => sends }
}

test('records are sent once: what fails is not sent again within its transaction, of which nothing is left', async () => {
  const { client, countSends } = breakingOnce()
  await using stream = createStream(client)
  await stream.takeOver()
  const publish = stream.publish(mark, async (send) => {
    await send([names.changes, names.state].map((topic) => ({ topic, messages: [record()] })))
  })
  await expect(publish).rejects.toMatchObject({ code: 'kafka-unavailable' })
  expect(countSends()).toBe(1)
  expect(stream.isOpen).toBe(false)
  expect(await stream.takeOver()).toEqual({ last: 0n, batch: null })
})

test('batches follow each other although Kafka ends the one before a little later', async () => {
  await using stream = createStream(kafka)
  await stream.takeOver()
  for (let last = 1n; last <= 20n; last++) {
    await stream.publish({ ...mark, after: last - 1n, last }, async (send) => {
      await send([{ topic: names.state, messages: [record()] }])
    })
  }
  expect((await stream.peek()).last).toBe(20n)
})
