// How many requests the API answers, and how soon, beside all that runs on the same machine; and what it takes idle:
// pnpm --filter @clarity/bench api
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import { ensureKafka, startKafka } from '@clarity/launcher/kafka'
import { stopAll } from '@clarity/launcher/processes'
import { ensureRedisServer, startRedis } from '@clarity/launcher/redis'
import { startSystem } from '@clarity/launcher/system'
import { ConnectionView } from '@clarity/shared/contract/connections'
import { isFinished, Sync } from '@clarity/shared/contract/syncs'
import autocannon from 'autocannon'
import { z } from 'zod'
import { toFigure } from '../figures/figure.ts'
import type { Part } from '../figures/part.ts'
import { memoryMiB, printTable } from '../load.ts'

const bearer = 'key-of-the-bench-0123456789'
const consumer = { key: 'bench-consumer', secret: 'bench-secret' }

export interface ApiBenchOptions {
  /** Of each load, after two that are not counted. */
  readonly seconds: number
  /** That ask without a pause. */
  readonly connections: number
  readonly repositories: number
}

/** One kind of request, over and over. */
interface LoadRun {
  readonly what: string
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly failed: number
}

const readOne = 'read: a connection'

/** What the API answers while nobody writes. */
export const part: Part = {
  figures: ['api.read_requests_per_second'],
  async measure({ quick, say }) {
    const options = { seconds: quick ? 2 : 6, connections: 16, repositories: quick ? 100 : 1_000 }
    const { loads } = await measureApi(options, say)
    const reads = loads.filter(({ what }) => what.startsWith('read'))
    const others = reads.filter(({ what }) => what !== readOne)
    const one = reads.find(({ what }) => what === readOne)
    const method =
      `GET /v1/connections/{id} by ${options.connections} connections without a pause for ${options.seconds} s, one API process beside Redis, Kafka, publisher, worker, simulator, the ` +
      `embedded PostgreSQL and the tool itself; 99th percentile ${one?.p99Ms.toFixed(0)} ms; of the access view: ${others.map(({ what, perSecond }) => `${what.replace('read: ', '')} ${perSecond.toFixed(0)}/s`).join('; ')}.`
    const failed = loads.reduce((sum, load) => sum + load.failed, 0)
    if (failed > 0) throw new Error(`${failed} requests failed`)
    return { figures: [toFigure('api.read_requests_per_second', one?.perSecond ?? Number.NaN, method)] }
  },
}

/** Loads an API with one kind of request after the other; in the end what it has resident, and the PostgreSQL in it. */
export async function measureApi(options: ApiBenchOptions, say: (line: string) => void) {
  const dir = await mkdtemp(join(tmpdir(), 'bench-api-'))
  await ensureRedisServer()
  await ensureKafka()
  const redis = await startRedis({ dir: join(dir, 'redis') })
  const kafka = await startKafka({ dir: join(dir, 'kafka') })
  try {
    await using system = await startSystem({
      redisUrl: redis.url,
      brokers: kafka.brokers,
      keyPrefix: 'bench',
      topicPrefix: 'bench.bitbucket',
      apiKeys: { bench: bearer },
      logDir: join(dir, 'logs'),
      workspace: {
        slug: 'acme',
        ...{ users: 500, groups: 40, projects: 40, repositories: options.repositories, seed: 7, consumer },
      },
    })
    const id = await connect(system.apiUrl)
    const loads: LoadRun[] = []
    for (const [what, path, request = {}] of requestsOf(id, await pickSomebody(system.apiUrl, id))) {
      const load = await measureLoad(what, { url: `${system.apiUrl}${path}`, ...request }, options)
      say(`${what}: ${load.perSecond.toFixed(0)}/s`)
      loads.push(load)
    }
    const { pid } = system.processes['connector-api']
    return {
      loads,
      residentMiB: await memoryMiB(pid),
      embeddedMiB: await Promise.all((await childrenOf(pid)).map(memoryMiB)),
    }
  } finally {
    await stopAll([redis.process, kafka.process])
    await rm(dir, { recursive: true })
  }
}

type Asked = readonly [what: string, path: string, request?: Partial<autocannon.Request>]

function requestsOf(id: string, { user, resource, sequence }: Awaited<ReturnType<typeof pickSomebody>>): Asked[] {
  const connection = `/v1/connections/${id}`
  const verification = { method: 'POST', body: JSON.stringify({ text: 'bench' }) } as const
  const owners = {
    method: 'PATCH',
    body: JSON.stringify({ appOwners: ['idn_1'] }),
    headers: { 'if-match': '*' },
  } as const
  return [
    [readOne, connection],
    ['read: 50 service users', `${connection}/service-users`],
    ['read: one access explained', `${connection}/explain?serviceUserId=${user}&resource=${resource}`],
    ['read: 50 of a person’s accesses, with paths', `${connection}/access-of-user?serviceUserId=${user}`],
    ['read: the last 50 changes', `${connection}/changes?after=${sequence - 50}`],
    ['write: an event and its audit record', `${connection}/stream-verifications`, verification],
    ['write: a setting that is so already', connection, owners],
  ]
}

async function connect(apiUrl: string): Promise<string> {
  const credential = { kind: 'oauth-consumer', ...consumer }
  const body = { name: 'Bench', uniqueIdentifier: 'bitbucket-bench', workspace: 'acme', credential }
  const answer = await callJson(`${apiUrl}/v1/connections`, { bearer, body })
  const { connection, sync } = z.object({ connection: ConnectionView, sync: Sync }).parse(answer.body)
  const url = `${apiUrl}/v1/connections/${connection.id}`
  for (;;) {
    const { state } = Sync.parse((await callJson(`${url}/syncs/${sync.id}`, { bearer })).body)
    if (isFinished(state)) break
    await delay(100)
  }
  return connection.id
}

/** Somebody whose access is looked at, and what to: once the view has all that the sync told. */
async function pickSomebody(apiUrl: string, id: string) {
  const url = `${apiUrl}/v1/connections/${id}`
  for (;;) {
    const coverage = await callJson(`${url}/coverage`, { bearer })
    const grants = await callJson(`${url}/grants?resourceKind=repository&limit=1`, { bearer })
    const found = z
      .object({ items: z.tuple([z.object({ serviceUserId: z.string(), resource: z.string() })]) })
      .safeParse(grants.body)
    const known = z.object({ state: z.literal('complete'), sequence: z.int() }).safeParse(coverage.body)
    if (found.success && known.success) {
      const [{ serviceUserId: user, resource }] = found.data.items
      return { user, resource, sequence: known.data.sequence }
    }
    await delay(200)
  }
}

async function measureLoad(
  what: string,
  { headers, ...request }: Partial<autocannon.Request> & { readonly url: string },
  { connections, seconds }: ApiBenchOptions,
): Promise<LoadRun> {
  const all = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers }
  const options = { connections, ...request, headers: all }
  // What is loaded and compiled with the first requests is not what is asked about.
  await autocannon({ ...options, duration: 2 })
  const { requests, latency, non2xx, errors, timeouts } = await autocannon({ ...options, duration: seconds })
  const { p50: p50Ms, p99: p99Ms, max: maxMs } = latency
  return { what, perSecond: requests.average, p50Ms, p99Ms, maxMs, failed: non2xx + errors + timeouts }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      connections: { type: 'string', default: '16' },
      repositories: { type: 'string', default: '1000' },
    },
  })
  const options = {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    repositories: Number(values.repositories),
  }
  const { loads, residentMiB, embeddedMiB } = await measureApi(options, (line) => process.stderr.write(`${line}\n`))
  const rows = loads.map(({ what, perSecond, p50Ms, p99Ms, maxMs, failed }) => [
    what,
    ...[perSecond, p50Ms, p99Ms, maxMs, failed].map((value) => value.toFixed(value > 0 && value < 10 ? 1 : 0)),
  ])
  printTable([['what', 'requests/s', 'p50, ms', 'p99, ms', 'most, ms', 'failed'], ...rows])
  process.stdout.write(
    `resident after that, MiB: connector-api ${residentMiB}, the embedded PostgreSQL ${embeddedMiB.join()}\n`,
  )
}
