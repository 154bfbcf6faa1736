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
import { printTable } from '../load.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '16' },
    repositories: { type: 'string', default: '1000' },
  },
})
const [seconds, connections] = [Number(values.seconds), Number(values.connections)]
const bearer = 'key-of-the-bench-0123456789'
const consumer = { key: 'bench-consumer', secret: 'bench-secret' }

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
      ...{ users: 500, groups: 40, projects: 40, repositories: Number(values.repositories), seed: 7, consumer },
    },
  })
  const id = await connect(system.apiUrl)
  const { user, resource, sequence } = await pickSomebody(system.apiUrl, id)
  const connection = `/v1/connections/${id}`
  const table = [['what', 'requests/s', 'p50, ms', 'p99, ms', 'most, ms', 'not 2xx']]
  const load = async (what: string, path: string, request: Partial<autocannon.Request> = {}) => {
    const row = await measure(`${system.apiUrl}${path}`, request)
    table.push([what, ...row])
    process.stderr.write(`${what}\n`)
  }
  await load('read: a connection', connection)
  await load('read: 50 service users', `${connection}/service-users`)
  await load('read: one access explained', `${connection}/explain?serviceUserId=${user}&resource=${resource}`)
  await load('read: 50 of a person’s accesses, with paths', `${connection}/access-of-user?serviceUserId=${user}`)
  await load('read: the last 50 changes', `${connection}/changes?after=${sequence - 50}`)
  const text = JSON.stringify({ text: 'bench' })
  await load('write: an event and its audit record', `${connection}/stream-verifications`, {
    method: 'POST',
    body: text,
  })
  const owners = JSON.stringify({ appOwners: ['idn_1'] })
  await load('write: a setting that is so already', connection, {
    method: 'PATCH',
    body: owners,
    headers: { 'if-match': '*' },
  })
  printTable(table)
  const { pid } = system.processes['connector-api']
  const embedded = (await childrenOf(pid)).map(residentMiB)
  const [own, ...others] = await Promise.all([residentMiB(pid), ...embedded])
  process.stdout.write(`resident after that, MiB: connector-api ${own}, the embedded PostgreSQL ${others.join()}\n`)
} finally {
  await stopAll([redis.process, kafka.process])
  await rm(dir, { recursive: true })
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

async function measure(url: string, { headers, ...request }: Partial<autocannon.Request>): Promise<string[]> {
  const all = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers }
  const options = { url, connections, ...request, headers: all }
  // What is loaded and compiled with the first requests is not what is asked about.
  await autocannon({ ...options, duration: 2 })
  const { requests, latency, non2xx, errors, timeouts } = await autocannon({ ...options, duration: seconds })
  const whole = (value: number) => value.toFixed(value < 10 ? 1 : 0)
  return [
    whole(requests.average),
    whole(latency.p50),
    whole(latency.p99),
    whole(latency.max),
    String(non2xx + errors + timeouts),
  ]
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024)
}
