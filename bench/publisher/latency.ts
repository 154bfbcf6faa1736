import { setTimeout as delay } from 'node:timers/promises'
import { streamNames } from '@clarity/publisher/shard-stream'
import { OutboxWriter } from './outbox.ts'
import { makeTopics, type Servers, startPublisher } from './servers.ts'

/** Not counted: code that runs for the first time, connections that are made. */
const warmUps = 20
const pauseMs = 30

/**
 * Milliseconds from the call that commits one event to the moment at which a consumer of committed records has it, one after
 * the other in an idle system; the write of Redis to its disk is within them.
 */
export async function measureLatency(servers: Servers, prefix: string, count: number): Promise<number[]> {
  await makeTopics(servers, prefix)
  await using _publisher = await startPublisher(servers, { prefix, compression: 'gzip' })
  const arrivals = new Map<string, PromiseWithResolvers<number>>()
  const arrivalOf = (name: string) => {
    const arrival = arrivals.get(name) ?? Promise.withResolvers<number>()
    arrivals.set(name, arrival)
    return arrival
  }
  const consumer = await listen(servers, prefix, (name) => arrivalOf(name).resolve(performance.now()))
  try {
    const writer = new OutboxWriter(servers.redis, servers.keysOf(prefix))
    const latencies: number[] = []
    for (let index = 0; index < warmUps + count; index++) {
      const begunAt = performance.now()
      const appended = await writer.append(index % servers.shards)
      const arrivedAt = await arrivalOf(nameOf(appended.connectionId, appended.sequence)).promise
      if (index >= warmUps) latencies.push(arrivedAt - begunAt)
      await delay(pauseMs)
    }
    return latencies
  } finally {
    await consumer.disconnect()
  }
}

async function listen({ kafka }: Servers, prefix: string, onEvent: (name: string) => void) {
  const consumer = kafka.consumer({ groupId: `${prefix}.latency`, readUncommitted: false })
  await consumer.connect()
  await consumer.subscribe({ topic: streamNames(prefix).changes, fromBeginning: true })
  const joined = Promise.withResolvers<void>()
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
  await consumer.run({
    eachMessage: async ({ message }) => {
      onEvent(nameOf(message.key?.toString() ?? '', Number(message.headers?.ce_sequence?.toString())))
    },
  })
  await joined.promise
  return consumer
}

function nameOf(connectionId: string, sequence: number): string {
  return `${connectionId} ${sequence}`
}
