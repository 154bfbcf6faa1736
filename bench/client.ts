// How many requests the client makes of a simulator in a process of its own: pnpm --filter @clarity/bench client
// With `--metrics` they are counted as a worker counts them; with `--endpoint <url>` their spans go to that OTLP receiver.
import { parseArgs } from 'node:util'
import {
  createBitbucketClient,
  type Listing,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  listWorkspacePermissions,
} from '@clarity/bitbucket'
import { createRequestMetrics } from '@clarity/bitbucket/metrics'
import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import { createRegistry } from '@clarity/shared/runtime/metrics'
import { Secret } from '@clarity/shared/runtime/secret'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { consumer, startBitbucket } from './bitbucket.ts'
import { printTable } from './load.ts'

const size = { users: 2_000, groups: 100, projects: 200, repositories: 5_000 }
await using bitbucket = await startBitbucket(size)

const { metrics: isCounted, endpoint } = parseArgs({
  options: { metrics: { type: 'boolean', default: false }, endpoint: { type: 'string', default: '' } },
}).values
const count = createRequestMetrics(createRegistry('bench'))
const log = createLog({ service: 'bench', version: '0', level: 'warn' })
await using tracing = await startTracing({ service: 'bench', version: '0', endpoint, log })

let requests = 0
await using client = createBitbucketClient({
  urls: { api: bitbucket.url, token: `${bitbucket.url}/site/oauth2/access_token` },
  credentials: [{ kind: 'oauth-consumer', id: 'bench', key: consumer.key, secret: new Secret(consumer.secret) }],
  clock: systemClock,
  random: Math.random,
  onRequest: (request) => {
    requests++
    if (isCounted) count(request)
  },
  tracing,
})

const rows: string[][] = [['what', 'rows', 'requests', 'seconds', 'requests/s', 'CPU ms each']]

async function measure(what: string, work: () => Promise<number>): Promise<void> {
  requests = 0
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const count = await work()
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(before)
  const cells = [count, requests, seconds.toFixed(2), (requests / seconds).toFixed(0)]
  rows.push([what, ...cells.map(String), ((user + system) / 1_000 / requests).toFixed(2)])
}

async function rowsOf<Row>(listing: Promise<Listing<Row>>): Promise<number> {
  const result = await listing
  if (result.state === 'incomplete') throw result.error
  return result.rows.length
}

await measure('members with roles', () => rowsOf(listWorkspacePermissions(client, 'acme')))
await measure('repositories', () => rowsOf(listRepositories(client, 'acme')))
await measure('explicit permissions of every repository', async () => {
  const counts = bitbucket.slugs.flatMap((slug) => [
    rowsOf(listRepositoryUserPermissions(client, 'acme', slug)),
    rowsOf(listRepositoryGroupPermissions(client, 'acme', slug)),
  ])
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
})
printTable(rows)
