// How soon a call of the API is followed by an event, in an idle system: pnpm --filter @clarity/bench latency
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import { startKafka } from '@clarity/launcher/kafka'
import { stopAll } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { type RunningSystem, startSystem } from '@clarity/launcher/system'
import { createSubscriber } from '@clarity/subscriber'
import { consumer } from './bitbucket.ts'
import { toFigure } from './figures/figure.ts'
import type { Context, Measured, Part } from './figures/part.ts'
import { median, quantile } from './statistics.ts'

const bearer = 'key-of-the-bench-0123456789'
const topicPrefix = 'bench.bitbucket'
const size = { users: 8, groups: 2, projects: 1, repositories: 5 }
/** Not counted: what runs for the first time. */
const warmUps = 20

/** From the call that connects a workspace. */
export interface Latency {
  /** To its very first event, which says that it was connected. */
  readonly firstMs: number
  /** To the first one that tells of somebody, or of something that can be held. */
  readonly firstOfAccessMs: number
}

export const part: Part = { figures: ['latency.api_to_first_event_ms_p99'], measure }

async function measure({ quick, say }: Context): Promise<Measured> {
  const latencies = await measureLatencies(quick ? 10 : 200, say)
  const first = latencies.map(({ firstMs }) => firstMs)
  const ofAccess = latencies.map(({ firstOfAccessMs }) => firstOfAccessMs)
  const method =
    `99th percentile of ${latencies.length} calls of POST /v1/connections, one after the other against an unloaded simulator, from the call (which has Bitbucket checked) until ` +
    `a consumer of committed records has the first event that tells of a service user or an entitlement; median ${median(ofAccess).toFixed(0)} ms; to the very first event of the ` +
    `connection median ${median(first).toFixed(0)} ms, 99th percentile ${quantile(first, 0.99).toFixed(0)} ms; all services, Redis and Kafka on one machine.`
  return { figures: [toFigure('latency.api_to_first_event_ms_p99', quantile(ofAccess, 0.99), method)] }
}

/** So many workspaces are connected one after the other, each once the one before is read whole. */
export async function measureLatencies(count: number, say: Context['say']): Promise<Latency[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-latency-'))
  const redis = await startRedis({ dir: join(dir, 'redis'), persistent: false })
  const kafka = await startKafka({ dir: join(dir, 'kafka') })
  try {
    await using system = await startSystem({
      ...{ redisUrl: redis.url, brokers: kafka.brokers, keyPrefix: 'bench', topicPrefix },
      apiKeys: { bench: bearer },
      logDir: join(dir, 'logs'),
      workspace: { slug: 'acme', ...size, seed: 1, consumer },
    })
    await using arrivals = await listen(kafka.brokers)
    const latencies: Latency[] = []
    for (let index = 0; index < warmUps + count; index++) {
      const latency = await connectOne(system, arrivals, index)
      if (index >= warmUps) latencies.push(latency)
      if (index % 50 === 49) say(`${index + 1} of ${warmUps + count} connected`)
    }
    return latencies
  } finally {
    await stopAll([redis.process, kafka.process])
    await rm(dir, { recursive: true })
  }
}

type Arrivals = Awaited<ReturnType<typeof listen>>

async function connectOne({ bitbucketUrl, apiUrl }: RunningSystem, arrivals: Arrivals, index: number) {
  const slug = `tenant-${index}`
  const credential = { key: `${slug}-key`, secret: consumer.secret }
  const made = await callJson(`${bitbucketUrl}/_control/workspaces`, {
    body: { slug, seed: index, ...size, consumer: credential },
  })
  if (made.status !== 201) throw new Error(`${slug} could not be made: ${made.status}`)
  // What the one before has set off is over.
  await delay(50)
  const uniqueIdentifier = `bitbucket-${slug}`
  const body = { name: slug, uniqueIdentifier, workspace: slug, credential: { kind: 'oauth-consumer', ...credential } }
  const arrival = arrivals.of(uniqueIdentifier)
  const begunAt = performance.now()
  const answer = await callJson(`${apiUrl}/v1/connections`, { bearer, body })
  if (answer.status !== 201) throw new Error(`${slug} was not connected: ${JSON.stringify(answer)}`)
  const [first, ofAccess] = [await arrival.first.promise, await arrival.ofAccess.promise]
  await arrival.completed.promise
  return { firstMs: first - begunAt, firstOfAccessMs: ofAccess - begunAt }
}

/** When the events of each connection come, by its unique identifier. */
async function listen(brokers: readonly string[]) {
  const newArrival = () => ({
    first: Promise.withResolvers<number>(),
    ofAccess: Promise.withResolvers<number>(),
    completed: Promise.withResolvers<number>(),
  })
  const byIdentifier = new Map<string, ReturnType<typeof newArrival>>()
  const of = (identifier: string) => {
    const arrival = byIdentifier.get(identifier) ?? newArrival()
    byIdentifier.set(identifier, arrival)
    return arrival
  }
  const subscriber = createSubscriber({
    ...{ brokers, topicPrefix, groupId: 'bench' },
    handled: new Map(),
    handlers: {
      onEvent: ({ name, data }) => {
        const now = performance.now()
        const arrival = of(data.connection.uniqueIdentifier)
        arrival.first.resolve(now)
        if (/^(service-user|entitlement)/.test(name)) arrival.ofAccess.resolve(now)
        if (name === 'sync.completed') arrival.completed.resolve(now)
      },
    },
  })
  await subscriber.start()
  return { of, [Symbol.asyncDispose]: () => subscriber.stop() }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { count: { type: 'string', default: '200' } } })
  const latencies = await measureLatencies(Number(values.count), (line) => process.stdout.write(`${line}\n`))
  for (const key of ['firstMs', 'firstOfAccessMs'] as const) {
    const all = latencies.map((latency) => latency[key])
    const [middle, p99] = [median(all), quantile(all, 0.99)].map((value) => value.toFixed(1))
    process.stdout.write(`${key}: median ${middle}, 99th percentile ${p99}\n`)
  }
}
