import { DependencyError } from '@clarity/shared/runtime/errors'
import type { Outbox, OutboxEntry } from '@clarity/shared/store/outbox'
import type { Producer } from 'kafkajs'
import { type KafkaRecord, toRecord } from './record.ts'

/**
 * Moves one shard's outbox to Kafka, batch after batch, in order:
 *
 *   read the oldest entries -> send them, acknowledged by all replicas -> trim them
 *
 * Dying after the send and before the trim sends them again, with the same ids: at least once. A batch is sent
 * only after the one before it is acknowledged, so the order of a connection holds.
 */
export interface PumpOptions {
  readonly outbox: Outbox
  readonly producer: Pick<Producer, 'send'>
  readonly topic: string
  readonly partitions: number
}

const batchEntriesMax = 500
const batchBytesMax = 512 * 1024

/** Publishes one batch of the shard; answers how many events it was, 0 when the outbox is empty. */
export async function pumpOnce({ outbox, producer, topic, partitions }: PumpOptions, shard: number): Promise<number> {
  const entries = await outbox.read(shard, batchEntriesMax)
  const { records, last } = toBatch(entries, partitions)
  if (last === null) return 0
  try {
    // All replicas (-1), or it does not count as sent.
    await producer.send({ topic, acks: -1, messages: [...records] })
  } catch (cause) {
    throw new DependencyError('kafka', 'Kafka did not take a batch of events', {
      remedy: 'See that Kafka runs and is reachable at KAFKA_BROKERS; the events wait in Redis.',
      context: { shard, topic, records: records.length },
      cause,
    })
  }
  await outbox.trim(shard, last)
  return records.length
}

function toBatch(entries: readonly OutboxEntry[], partitions: number) {
  const records: (KafkaRecord & { headers: Record<string, string> })[] = []
  let last: bigint | null = null
  let bytes = 0
  for (const entry of entries) {
    const record = toRecord(entry, partitions)
    bytes += Buffer.byteLength(record.value)
    if (records.length > 0 && bytes > batchBytesMax) break
    records.push(record)
    last = entry.number
  }
  return { records, last }
}
