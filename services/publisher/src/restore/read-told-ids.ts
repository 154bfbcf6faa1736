import { partitionOf } from '@clarity/shared/contract/partition'
import type { AuditEntry, OutboxEntry, ReadableEntry } from '@clarity/shared/store/outbox'
import { readToEnd, type TopicRecord } from '@clarity/subscriber'
import type { StateSource } from './read-snapshots.ts'

export interface ToldSource extends StateSource {
  /** Of the topics of changes and of state. */
  readonly partitions: number
}

/** Clocks may differ by so much, and a batch may have waited in a publisher. */
const tailMarginMs = 60 * 60_000

/**
 * Ids of the events that Kafka has of the `known` connections, and of the audit records that it has, each from the time of the
 * oldest entry of its kind on.
 */
export async function readToldIds(
  source: ToldSource,
  known: ReadonlySet<string>,
  entries: readonly ReadableEntry[],
): Promise<Set<string>> {
  const events = entries.filter((entry) => 'event' in entry).filter(({ event }) => known.has(event.connectionId))
  const audits = entries.filter((entry) => 'audit' in entry)
  const ids = new Set<string>()
  if (events.length > 0) await readEventIds(source, known, events, ids)
  if (audits.length > 0) await readAuditIds(source, audits, ids)
  return ids
}

async function readEventIds(
  source: ToldSource,
  known: ReadonlySet<string>,
  events: readonly OutboxEntry[],
  ids: Set<string>,
): Promise<void> {
  const times = events.map(({ event }) => event.recordedAt ?? event.data.observedAt)
  const partitions = new Set([...known].map((connectionId) => partitionOf(connectionId, source.partitions)))
  await readTail(source, { topic: source.names.changes, times, partitions }, ({ headers }) => {
    if (known.has(headers.ce_partitionkey ?? '')) ids.add(headers.ce_id ?? '')
  })
}

async function readAuditIds(source: ToldSource, audits: readonly AuditEntry[], ids: Set<string>): Promise<void> {
  const times = audits.map(({ audit }) => audit.record.at)
  await readTail(source, { topic: source.names.audit, times }, ({ headers }) => void ids.add(headers.ce_id ?? ''))
}

interface Tail {
  readonly topic: string
  readonly times: readonly string[]
  readonly partitions?: ReadonlySet<number>
}

/** What a topic has from the earliest of some times on. */
async function readTail(
  { kafka, admin, names }: StateSource,
  { topic, times, partitions }: Tail,
  onRecord: (record: TopicRecord) => void,
): Promise<void> {
  const since = Math.min(...times.map((time) => Date.parse(time))) - tailMarginMs
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, since)
  await readToEnd({
    kafka,
    admin,
    topic,
    groupPrefix: `${names.group}.restore`,
    from: new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)])),
    ...(partitions && { partitions }),
    onRecord,
  })
}
