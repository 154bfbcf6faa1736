import { ConfigError } from '@clarity/shared/runtime/errors'
import { type RetryContext, type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import type { Admin } from 'kafkajs'
import type { PublisherConfig } from './config.ts'
import { toKafkaError } from './kafka-error.ts'
import type { StreamNames } from './shard-stream.ts'
import { deadLetterBytes } from './withheld.ts'

export interface TopicOptions {
  readonly topic: string
  readonly partitions: number
  /** The variable that says how many partitions it has; null: it has as many as it was made with. */
  readonly partitionsFrom: 'TOPIC_PARTITIONS' | 'SHARDS' | null
  readonly settings: Readonly<Record<string, string>> & { readonly 'cleanup.policy': 'delete' | 'compact' }
}

type TopicConfig = Pick<
  PublisherConfig,
  'TOPIC_PARTITIONS' | 'SHARDS' | 'CHANGES_RETENTION_DAYS' | 'STATE_TOMBSTONE_DAYS' | 'AUDIT_RETENTION_DAYS'
>

/** All topics of the stream, as they are made. */
export function topicsOf(names: StreamNames, config: TopicConfig): TopicOptions[] {
  const { TOPIC_PARTITIONS: partitions, SHARDS } = config
  const keptFor = (days: number) => ({ 'cleanup.policy': 'delete', 'retention.ms': toMs(days) }) as const
  const tombstones = toMs(config.STATE_TOMBSTONE_DAYS)
  const compacted = {
    'cleanup.policy': 'compact',
    'delete.retention.ms': tombstones,
    // What was replaced or erased is gone after this time, however little happens.
    'max.compaction.lag.ms': tombstones,
    'segment.bytes': String(128 * 1024 * 1024),
  } as const
  const changes = keptFor(config.CHANGES_RETENTION_DAYS)
  const deadLetters = { ...changes, 'max.message.bytes': String(deadLetterBytes) }
  return [
    { topic: names.changes, partitions, partitionsFrom: 'TOPIC_PARTITIONS', settings: changes },
    { topic: names.state, partitions, partitionsFrom: 'TOPIC_PARTITIONS', settings: compacted },
    { topic: names.audit, partitions: 1, partitionsFrom: null, settings: keptFor(config.AUDIT_RETENTION_DAYS) },
    { topic: names.deadLetter, partitions: 1, partitionsFrom: null, settings: deadLetters },
    // No record ever comes there.
    { topic: names.outbox, partitions: SHARDS, partitionsFrom: 'SHARDS', settings: { 'cleanup.policy': 'delete' } },
  ]
}

const copiesMax = 3

/**
 * How many copies of each partition are made where nobody has said so: as many as there are brokers, at most 3. Those that are
 * listed count although they are not there yet: without them nothing is made that would have to be mended later.
 */
export async function defaultCopies(admin: Pick<Admin, 'describeCluster'>, listed: readonly string[]): Promise<number> {
  const { brokers } = await admin.describeCluster()
  return Math.min(copiesMax, Math.max(brokers.length, listed.length))
}

/** Kafka says that a topic is made before all of it knows of it. */
const whileUnknown: RetryPolicy = { initialMs: 50, maxMs: 500, factor: 2, attempts: 20 }
const unknown = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']

/** Creates a topic when there is none. @throws ConfigError when there is one that would not do, see `checkTopic` */
export async function ensureTopic(
  admin: Admin,
  options: TopicOptions,
  replicationFactor: number,
  waiting: RetryContext,
): Promise<void> {
  const { topic, partitions, settings } = options
  // With three copies one may be away, and what was said to be stored is on two.
  const all = { ...settings, 'min.insync.replicas': replicationFactor >= 3 ? '2' : '1' }
  const configEntries = Object.entries(all).map(([name, value]) => ({ name, value }))
  const wanted = { topic, numPartitions: partitions, replicationFactor, configEntries }
  await retry(whileUnknown, waiting, async () => {
    try {
      await admin.createTopics({ waitForLeaders: true, topics: [wanted] })
      await checkTopic(admin, options)
    } catch (cause) {
      const isUnknown = cause instanceof Error && 'type' in cause && unknown.includes(String(cause.type))
      throw isUnknown ? toKafkaError(cause) : cause
    }
  })
}

/**
 * @throws ConfigError when a topic has another number of partitions, for a connection's events would then go to
 * two of them, and their order would be lost; or when it forgets otherwise than it must.
 */
async function checkTopic(admin: Admin, { topic, partitions, partitionsFrom, settings }: TopicOptions): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const found = topics[0]?.partitions.length ?? 0
  if (partitionsFrom !== null && found !== partitions) {
    throw new ConfigError([
      {
        field: partitionsFrom,
        message: `is ${partitions}, but the topic ${topic} has ${found}`,
        remedy: `Set ${partitionsFrom} to ${found}, or begin a new topic with another TOPIC_PREFIX.`,
      },
    ])
  }
  const policy = await readPolicy(admin, topic)
  if (policy === settings['cleanup.policy']) return
  throw new ConfigError([
    {
      field: 'TOPIC_PREFIX',
      message: `the topic ${topic} has cleanup.policy=${policy}, so consumers would miss what it must keep`,
      remedy: `Set its cleanup.policy to ${settings['cleanup.policy']}, or begin new topics with another TOPIC_PREFIX.`,
    },
  ])
}

async function readPolicy(admin: Admin, topic: string): Promise<string | undefined> {
  // 2: a topic. kafkajs declares the values as an enum that it does not give.
  const resources = [{ type: 2, name: topic, configNames: ['cleanup.policy'] }]
  const described = await admin.describeConfigs({ includeSynonyms: false, resources })
  return described.resources[0]?.configEntries.find(({ configName }) => configName === 'cleanup.policy')?.configValue
}

function toMs(days: number): string {
  return String(days * 24 * 60 * 60 * 1_000)
}
