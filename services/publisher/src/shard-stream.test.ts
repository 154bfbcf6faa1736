import { CompressionTypes, Kafka } from 'kafkajs'
import { expect, test } from 'vitest'
import { ShardStream, streamNames } from './shard-stream.ts'

// Never connected to: what asks Kafka here fails before.
const kafka = new Kafka({ brokers: ['127.0.0.1:9'] })

function streamThatFails(cause: Error): ShardStream {
  return new ShardStream({
    kafka,
    admin: { fetchOffsets: () => Promise.reject(cause) },
    names: streamNames('test'),
    shard: 3,
    compression: CompressionTypes.None,
    clock: { now: () => 0, sleep: async () => undefined },
    random: () => 0.5,
  })
}

test.each([
  [
    'a login that is refused',
    Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError' }),
    'Correct KAFKA_SASL_MECHANISM',
  ],
  ['a broker that is away', new Error('connect ECONNREFUSED'), 'See that Kafka runs'],
])('%s is told with what mends it, and with the shard', async (_what, cause, remedy) => {
  await expect(streamThatFails(cause).peek()).rejects.toMatchObject({
    code: 'kafka-unavailable',
    remedy: expect.stringContaining(remedy),
    context: { shard: 3 },
  })
})

test('records that Kafka refuses are told apart from a Kafka that is away', async () => {
  const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' })
  await expect(streamThatFails(tooLarge).peek()).rejects.toMatchObject({ name: 'RecordsRefusedError' })
})
