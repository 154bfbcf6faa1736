// How fast the publisher is beside kafkajs alone, how large its events are, and how soon they are seen:
// pnpm --filter @clarity/bench publisher
import { parseArgs } from 'node:util'
import { streamNames } from '@clarity/publisher/shard-stream'
import { printTable } from '../load.ts'
import { median, quantile } from '../statistics.ts'
import type { Compression } from './bare-options.ts'
import { bytesOfTopic } from './bytes.ts'
import type { Figure } from './figure.ts'
import { measureLatency } from './latency.ts'
import { OutboxWriter } from './outbox.ts'
import { startBareLoop, startPublisher, startServers } from './servers.ts'
import { type Run, watchRun } from './watch.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '80000' },
    rounds: { type: 'string', default: '4' },
    shards: { type: 'string', default: '4' },
    latencies: { type: 'string', default: '300' },
  },
})
const [events, rounds, latencies] = [Number(values.events), Number(values.rounds), Number(values.latencies)]

await using servers = await startServers(Number(values.shards))
const table = [['round', 'who', 'events/s', 'seconds', 'own CPU, s', 'peak MiB']]

// One round before the first warms the broker up, and is not counted.
const whos = ['bare', 'bare that reads', 'publisher'] as const
const runs = whos.map((): Run[] => [])
for (let round = 0; round <= rounds; round++) {
  const prefix = `round-${round}`
  await fill(prefix)
  for (const [index, who] of whos.entries()) {
    const run = await measure(who, prefix)
    if (round > 0) runs[index]?.push(run)
    table.push(toRow(round, who, run))
  }
  process.stderr.write(`round ${round} of ${rounds}\n`)
}
const [barePerSecond = 0, readingPerSecond = 0, perSecond = 0] = runs.map((of) =>
  median(of.map(({ eventsPerSecond }) => eventsPerSecond)),
)
const gzipBytes = await bytesPerEvent('round-1')
await fill('plain')
await measurePublisher('plain', 'none')
const plainBytes = await bytesPerEvent('plain')
const milliseconds = await measureLatency(servers, 'latency', latencies)

printTable(table)
const size = `${events} events of first syncs, ${servers.shards} shards, median of ${rounds} rounds, in turns`
const onDisk = 'the log of changes and state by the events, headers of batches included'
const idle = `${latencies} single events on an idle system, from the call to Redis until a consumer of committed records has it`
printFigures([
  figure('publisher.ratio_to_bare_kafkajs', perSecond / barePerSecond, '', size, 'at least 0.9'),
  figure('publisher.ratio_to_bare_that_reads', perSecond / readingPerSecond, '', size, null),
  figure('publisher.events_per_second', perSecond, '1/s', size, null),
  figure('publisher.bytes_per_event_gzip', gzipBytes, 'B', onDisk, null),
  figure('publisher.bytes_per_event_none', plainBytes, 'B', onDisk, null),
  figure('latency.commit_to_kafka_ms_median', median(milliseconds), 'ms', idle, null),
  figure('latency.commit_to_kafka_ms_p99', quantile(milliseconds, 0.99), 'ms', idle, 'below 50'),
])

/** All with the same events; the publisher last, for it empties the outboxes. */
function measure(who: (typeof whos)[number], prefix: string): Promise<Run> {
  if (who === 'publisher') return measurePublisher(prefix, 'gzip')
  const records = who === 'bare' ? 'before' : 'meanwhile'
  return watchRun((onLine) => startBareLoop(servers, { prefix, compression: 'gzip', records, onLine }), events)
}

function measurePublisher(prefix: string, compression: Compression): Promise<Run> {
  return watchRun((onLine) => startPublisher(servers, { prefix, compression, onLine }), events)
}

async function fill(prefix: string): Promise<void> {
  await new OutboxWriter(servers.redis, servers.keysOf(prefix)).fill(events)
}

async function bytesPerEvent(prefix: string): Promise<number> {
  const { changes, state } = streamNames(prefix)
  const sizes = await Promise.all([changes, state].map((topic) => bytesOfTopic(servers.kafkaDataDir, topic)))
  return sizes.reduce((sum, bytes) => sum + bytes, 0) / events
}

function toRow(round: number, who: string, { eventsPerSecond, seconds, cpuSeconds, peakMiB }: Run): string[] {
  const cells = [eventsPerSecond.toFixed(0), seconds.toFixed(2), cpuSeconds.toFixed(2), String(peakMiB)]
  return [round === 0 ? 'warm-up' : String(round), who, ...cells]
}

function figure(name: string, value: number, unit: string, method: string, target: string | null): Figure {
  return { name, value, unit, method, target }
}

function printFigures(figures: readonly Figure[]): void {
  for (const { name, value, unit, method, target } of figures) {
    const wanted = target === null ? '' : ` (${target})`
    process.stdout.write(`${name} = ${value.toPrecision(4)} ${unit}${wanted}: ${method}\n`)
  }
}
