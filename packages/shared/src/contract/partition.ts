/**
 * The stable hash by which a connection finds its shard in Redis and its partition in Kafka: FNV-1a, 32
 * bits, over UTF-8. Part of the contract: a consumer computes the partition of a connection with it.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= byte
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** The partition that holds all events of a connection, in a topic with `partitions` partitions. */
export function partitionOf(connectionId: string, partitions: number): number {
  return stableHash(connectionId) % partitions
}
