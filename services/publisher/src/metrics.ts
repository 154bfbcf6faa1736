import type { Outbox } from '@clarity/shared/store/outbox'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Poison } from './withheld.ts'

/** What a publisher counts of its work, for Prometheus. No call fails or waits. */
export interface PublisherMetrics {
  /** Kafka has committed a batch: how many events it was, and how long it took from reading the outbox, in seconds. */
  batchPublished(batch: { readonly events: number; readonly seconds: number }): void
  /** An event could not be told and lies among the dead letters; the batch that says so is counted as such too. */
  eventWithheld(reason: Poison['reason']): void
  /** A shard could not be published and waits until it is tried again. */
  shardFailed(): void
  /** Whether a shard is ours now; may be said again and again. */
  shardOwned(shard: number, isOurs: boolean): void
}

export interface PublisherMetricsOptions {
  readonly registry: Registry
  readonly outbox: Pick<Outbox, 'size'>
  /** How long a scrape waits for Redis; 2,000 if not given. */
  readonly timeoutMs?: number
}

const reasons: Readonly<Record<Poison['reason'], true>> = { 'too-large': true, unreadable: true }

/** Adds the publisher's metrics to a registry; once for each registry. */
export function createPublisherMetrics(options: PublisherMetricsOptions): PublisherMetrics {
  const { registry } = options
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const events = counter('clarity_publisher_events_total', 'Events committed to Kafka')
  const batches = counter('clarity_publisher_batches_total', 'Transactions committed to Kafka')
  const failures = counter('clarity_publisher_shard_failures_total', 'Times that a shard could not be published')
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
  const ours = new Set<number>()
  const owned = new Gauge({ name: 'clarity_publisher_shards_owned', help: 'Shards of this publisher', registers })
  addOutboxEntries(options, ours)
  return {
    batchPublished(batch) {
      events.inc(batch.events)
      batches.inc()
      seconds.observe(batch.seconds)
    },
    eventWithheld: (reason) => withheld.inc({ reason }),
    shardFailed: () => failures.inc(),
    shardOwned(shard, isOurs) {
      if (isOurs) ours.add(shard)
      else ours.delete(shard)
      owned.set(ours.size)
    },
  }
}

/** Counted when somebody asks. While Redis does not answer there is no figure, and the others are told all the same. */
function addOutboxEntries({ registry, outbox, timeoutMs = 2_000 }: PublisherMetricsOptions, shards: Set<number>): void {
  const count = async () => {
    const sizes = await Promise.all([...shards].map((shard) => outbox.size(shard)))
    return sizes.reduce((sum, size) => sum + size, 0)
  }
  // One at a time: commands to a Redis that is away wait in memory.
  let counting: Promise<number> | null = null
  const countOnce = () => {
    counting ??= count().finally(() => {
      counting = null
    })
    return counting
  }
  new Gauge({
    name: 'clarity_outbox_entries',
    help: 'Events that wait in the outboxes of the shards of this publisher',
    registers: [registry],
    async collect() {
      // Why it failed is in the log of whoever publishes the shard.
      const entries = await Promise.race([countOnce(), timeout(timeoutMs)]).catch(() => null)
      if (entries === null) this.remove()
      else this.set(entries)
    },
  })
}

function timeout(ms: number): Promise<null> {
  const signal = AbortSignal.timeout(ms)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)))
}
