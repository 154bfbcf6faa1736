import { addMeasuredGauge } from '@clarity/shared/runtime/metrics'
import type { Outbox } from '@clarity/shared/store/outbox'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Poison } from './withheld.ts'

/** What a publisher counts of its work, for Prometheus. No call fails or waits. */
export interface PublisherMetrics {
  /** Kafka has committed a batch: how many events it was, and how long it took from reading the outbox, in seconds. */
  batchPublished(batch: { readonly events: number; readonly seconds: number }): void
  /** Kafka has committed a transaction that took so long, in seconds. */
  transactionCommitted(seconds: number): void
  /** An event could not be told and lies among the dead letters; the batch that says so is counted as such too. */
  eventWithheld(reason: Poison['reason']): void
  /** A shard could not be published and waits until it is tried again. */
  shardFailed(): void
  /** A shard of which Redis had lost something was put back to what Kafka has. */
  shardRestored(): void
  /** Whether a shard is ours now; may be said again and again. */
  shardOwned(shard: number, isOurs: boolean): void
}

export interface PublisherMetricsOptions {
  readonly registry: Registry
  readonly outbox: Pick<Outbox, 'size' | 'read'>
  readonly nowMs: () => number
  /** How long a scrape waits for Redis; 2,000 if not given. */
  readonly timeoutMs?: number
}

/** A batch is bounded by 500 events. */
const eventsBuckets = [1, 2, 5, 10, 25, 50, 100, 250, 500]

const reasons: Readonly<Record<Poison['reason'], true>> = { 'too-large': true, unreadable: true }

/** Adds the publisher's metrics to a registry; once for each registry. */
export function createPublisherMetrics(options: PublisherMetricsOptions): PublisherMetrics {
  const { registry } = options
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const events = counter('clarity_publisher_events_total', 'Events and audit records committed to Kafka')
  const batches = counter('clarity_publisher_batches_total', 'Transactions committed to Kafka')
  const failures = counter('clarity_publisher_shard_failures_total', 'Times that a shard could not be published')
  const restored = counter(
    'clarity_publisher_shards_restored_total',
    'Times that a shard was put back to what Kafka has, because Redis had lost something of it',
  )
  const withheld = new Counter({
    name: 'clarity_publisher_events_withheld_total',
    help: 'Events that lie among the dead letters',
    labelNames: ['reason'],
    registers,
  })
  // From zero, so that the very first one is seen as an increase.
  for (const reason of Object.keys(reasons)) withheld.inc({ reason }, 0)
  const seconds = new Histogram({
    name: 'clarity_publisher_batch_seconds',
    help: 'From reading a batch in the outbox to its commit in Kafka',
    registers,
  })
  const sizes = new Histogram({
    name: 'clarity_publisher_batch_events',
    help: 'Events and audit records in a batch',
    buckets: eventsBuckets,
    registers,
  })
  const transactions = new Histogram({
    name: 'clarity_publisher_transaction_seconds',
    help: 'From the beginning of a transaction in Kafka to its commit',
    registers,
  })
  const ours = new Set<number>()
  const owned = new Gauge({ name: 'clarity_publisher_shards_owned', help: 'Shards of this publisher', registers })
  addOutboxGauges(options, ours)
  return {
    batchPublished(batch) {
      events.inc(batch.events)
      batches.inc()
      seconds.observe(batch.seconds)
      sizes.observe(batch.events)
    },
    transactionCommitted: (took) => transactions.observe(took),
    eventWithheld: (reason) => withheld.inc({ reason }),
    shardFailed: () => failures.inc(),
    shardRestored: () => restored.inc(),
    shardOwned(shard, isOurs) {
      if (isOurs) ours.add(shard)
      else ours.delete(shard)
      owned.set(ours.size)
    },
  }
}

/** What waits for Kafka. Entries of shards that no publisher has are in nobody's figures: `clarity_publisher_shards_owned` tells. */
function addOutboxGauges(options: PublisherMetricsOptions, shards: ReadonlySet<number>): void {
  const { registry, outbox, nowMs, timeoutMs = 2_000 } = options
  addMeasuredGauge(registry, {
    name: 'clarity_outbox_entries',
    help: 'Events and audit records that wait in the outboxes of the shards of this publisher',
    timeoutMs,
    async measure() {
      const entries = await Promise.all([...shards].map((shard) => outbox.size(shard)))
      return entries.reduce((sum, size) => sum + size, 0)
    },
  })
  addMeasuredGauge(registry, {
    name: 'clarity_outbox_oldest_seconds',
    help: 'How long ago the oldest event was observed, or decided, that waits in these outboxes; 0 when none waits',
    timeoutMs,
    async measure() {
      const observed = await Promise.all([...shards].map((shard) => readOldest(outbox, shard)))
      return Math.max(0, ...observed.map((atMs) => (atMs === null ? 0 : nowMs() - atMs))) / 1_000
    },
  })
}

/** When what is told by the oldest entry of a shard came to be known; null when none waits, or when it cannot be read. */
async function readOldest(outbox: Pick<Outbox, 'read'>, shard: number): Promise<number | null> {
  const [oldest] = (await outbox.read(shard, 1)).entries
  if (oldest === undefined || 'fault' in oldest) return null
  if ('audit' in oldest) return Date.parse(oldest.audit.record.at)
  return Date.parse(oldest.event.recordedAt ?? oldest.event.data.observedAt)
}
