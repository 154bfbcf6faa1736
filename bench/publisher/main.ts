// How fast the publisher is beside kafkajs alone, how large its events are, and how soon they are seen:
// pnpm --filter @clarity/bench publisher
import { parseArgs } from 'node:util'
import { streamNames } from '@clarity/publisher/shard-stream'
import { toFigure } from '../figures/figure.ts'
import type { Context, Measured, Part } from '../figures/part.ts'
import { printTable } from '../load.ts'
import { median, quantile } from '../statistics.ts'
import type { Compression } from './bare-options.ts'
import { bytesOfTopic } from './bytes.ts'
import { measureLatency } from './latency.ts'
import { OutboxWriter } from './outbox.ts'
import { type BareLoopOptions, type Servers, startBareLoop, startPublisher, startServers } from './servers.ts'
import { type Run, watchRun } from './watch.ts'

export interface PublisherBenchOptions {
  readonly events: number
  readonly rounds: number
  readonly shards: number
  readonly latencies: number
}

/** The publisher, and what it is compared with. */
const whos = ['bare', 'bare with our kafkajs', 'bare that reads', 'publisher'] as const
type Who = (typeof whos)[number]

const bareLoops: Readonly<Record<Exclude<Who, 'publisher'>, Pick<BareLoopOptions, 'client' | 'records'>>> = {
  bare: { client: 'as-published', records: 'before' },
  'bare with our kafkajs': { client: 'ours', records: 'before' },
  'bare that reads': { client: 'ours', records: 'meanwhile' },
}

export const part: Part = {
  figures: ['publisher.ratio_to_bare_kafkajs', 'publisher.events_per_second', 'latency.commit_to_kafka_ms_p99'],
  async measure({ quick, say }): Promise<Measured> {
    const options = quick
      ? { events: 8_000, rounds: 1, shards: 4, latencies: 30 }
      : { events: 80_000, rounds: 4, shards: 4, latencies: 300 }
    const { perSecond, milliseconds, bytes } = await measurePublishing(options, say)
    const { publisher, bare, 'bare with our kafkajs': mended, 'bare that reads': reading } = perSecond
    const size = `${options.events.toLocaleString('en')} events of first syncs in ${options.shards} shards, median of ${options.rounds} rounds in turns`
    return {
      figures: [
        toFigure(
          'publisher.ratio_to_bare_kafkajs',
          publisher / bare,
          `Events a second of the publisher to those of a bare loop of kafkajs as it is published, with the same records, batches, acks and transactions, all made before its clock starts: ${size}; ` +
            `to the same loop with the publisher's kafkajs, whose encoding is mended: ${(publisher / mended).toFixed(2)}; ` +
            `to one that with it reads the outboxes and makes the records as it goes: ${(publisher / reading).toFixed(2)}.`,
        ),
        toFigure(
          'publisher.events_per_second',
          publisher,
          `From the end of the first transaction to the end of the last one, Redis with appendfsync always and one broker beside it: ${size}; ${bytes.gzip.toFixed(0)} bytes an event in Kafka with gzip, ${bytes.none.toFixed(0)} without.`,
        ),
        toFigure(
          'latency.commit_to_kafka_ms_p99',
          quantile(milliseconds, 0.99),
          `99th percentile of ${options.latencies} single events on an idle system, from the call to Redis (whose write to disk is within it) until a consumer of committed records has it; median ${median(milliseconds).toFixed(1)} ms.`,
        ),
      ],
    }
  },
}

interface Published {
  /** Events, the median of all rounds. */
  readonly perSecond: Readonly<Record<Who, number>>
  /** Of an event and its state record in Kafka. */
  readonly bytes: Readonly<Record<Compression, number>>
  /** Of each single event on its way. */
  readonly milliseconds: readonly number[]
  readonly table: readonly string[][]
}

export async function measurePublishing(options: PublisherBenchOptions, say: Context['say']): Promise<Published> {
  const { events, rounds } = options
  await using servers = await startServers(options.shards)
  const table = [['round', 'who', 'events/s', 'seconds', 'own CPU, s', 'peak MiB']]
  const runs: Record<Who, number[]> = { bare: [], 'bare with our kafkajs': [], 'bare that reads': [], publisher: [] }
  // One round before the first warms the broker up, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const prefix = `round-${round}`
    await fill(servers, prefix, events)
    for (const who of whos) {
      const run = await measure(servers, who, { prefix, events })
      if (round > 0) runs[who].push(run.eventsPerSecond)
      table.push(toRow(round, who, run))
    }
    say(`round ${round} of ${rounds}`)
  }
  await fill(servers, 'plain', events)
  await measurePublisher(servers, { prefix: 'plain', events, compression: 'none' })
  return {
    perSecond: {
      bare: median(runs.bare),
      'bare with our kafkajs': median(runs['bare with our kafkajs']),
      'bare that reads': median(runs['bare that reads']),
      publisher: median(runs.publisher),
    },
    bytes: {
      gzip: (await bytesOf(servers, 'round-1')) / events,
      none: (await bytesOf(servers, 'plain')) / events,
    },
    milliseconds: await measureLatency(servers, 'latency', options.latencies),
    table,
  }
}

/** All with the same events; the publisher last, for it empties the outboxes. */
function measure(servers: Servers, who: Who, { prefix, events }: { prefix: string; events: number }): Promise<Run> {
  if (who === 'publisher') return measurePublisher(servers, { prefix, events, compression: 'gzip' })
  return watchRun(
    (onLine) => startBareLoop(servers, { prefix, compression: 'gzip', ...bareLoops[who], onLine }),
    events,
  )
}

function measurePublisher(
  servers: Servers,
  { events, ...options }: { prefix: string; compression: Compression; events: number },
): Promise<Run> {
  return watchRun((onLine) => startPublisher(servers, { ...options, onLine }), events)
}

async function fill(servers: Servers, prefix: string, events: number): Promise<void> {
  await new OutboxWriter(servers.redis, servers.keysOf(prefix)).fill(events)
}

async function bytesOf(servers: Servers, prefix: string): Promise<number> {
  const { changes, state } = streamNames(prefix)
  const sizes = await Promise.all([changes, state].map((topic) => bytesOfTopic(servers.kafkaDataDir, topic)))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

function toRow(round: number, who: Who, { eventsPerSecond, seconds, cpuSeconds, peakMiB }: Run): string[] {
  const cells = [eventsPerSecond.toFixed(0), seconds.toFixed(2), cpuSeconds.toFixed(2), String(peakMiB)]
  return [round === 0 ? 'warm-up' : String(round), who, ...cells]
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '80000' },
      rounds: { type: 'string', default: '4' },
      shards: { type: 'string', default: '4' },
      latencies: { type: 'string', default: '300' },
    },
  })
  const options = {
    events: Number(values.events),
    rounds: Number(values.rounds),
    shards: Number(values.shards),
    latencies: Number(values.latencies),
  }
  const { table, perSecond, bytes, milliseconds } = await measurePublishing(options, (line) =>
    process.stderr.write(`${line}\n`),
  )
  printTable(table)
  printTable([
    ['what', 'figure'],
    ['the publisher to the bare loop', (perSecond.publisher / perSecond.bare).toFixed(2)],
    ['to the bare loop with our kafkajs', (perSecond.publisher / perSecond['bare with our kafkajs']).toFixed(2)],
    ['to the bare loop that reads', (perSecond.publisher / perSecond['bare that reads']).toFixed(2)],
    ['bytes of an event, gzip', bytes.gzip.toFixed(0)],
    ['without compression', bytes.none.toFixed(0)],
    ['from commit to consumer, ms, median', median(milliseconds).toFixed(1)],
    ['99th percentile', quantile(milliseconds, 0.99).toFixed(1)],
  ])
}
