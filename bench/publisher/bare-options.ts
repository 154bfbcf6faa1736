import { z } from 'zod'

export const Compression = z.enum(['gzip', 'none'])
export type Compression = z.infer<typeof Compression>

/** Which kafkajs: what anybody gets, or the one that the publisher has, whose encoding is mended. */
export const Client = z.enum(['as-published', 'ours'])
export type Client = z.infer<typeof Client>

/** What the bare loop is started with, as JSON. */
export const BareOptions = z.object({
  redisUrl: z.string(),
  brokers: z.array(z.string()),
  shards: z.int(),
  partitions: z.int(),
  /** Of the keys of the outboxes that it reads; it leaves them as they are. */
  outboxPrefix: z.string(),
  topicPrefix: z.string(),
  compression: Compression,
  client: Client,
  /** Whether the records are made before the clock starts, or as they are sent. */
  records: z.enum(['before', 'meanwhile']),
})
export type BareOptions = z.infer<typeof BareOptions>
