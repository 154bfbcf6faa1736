import type { Admin } from 'kafkajs'

/** Where a topic ends, by partition. */
export type Ends = ReadonlyMap<number, bigint>

/** How many records a group has not dealt with, and where the topic ends now. */
export interface Position {
  readonly lag: bigint
  readonly ends: Ends
  /** Whether the group has come to `earlier`. */
  reached(earlier: Ends): boolean
}

/** Where a consumer group is in a topic, all of its members together. */
export async function readPosition(admin: Admin, topic: string, groupId: string): Promise<Position> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const [own] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const committed = new Map(own?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]))
  const next = (partition: number, low: string) => {
    const offset = committed.get(partition) ?? -1n
    // It has never read there: it will begin where the partition begins.
    return offset < BigInt(low) ? BigInt(low) : offset
  }
  const at = new Map(offsets.map(({ partition, low }) => [partition, next(partition, low)]))
  const ends = new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]))
  const behind = (wanted: Ends) =>
    [...wanted].reduce((sum, [partition, end]) => {
      const missing = end - (at.get(partition) ?? 0n)
      return missing > 0n ? sum + missing : sum
    }, 0n)
  return { lag: behind(ends), ends, reached: (earlier) => behind(earlier) === 0n }
}
