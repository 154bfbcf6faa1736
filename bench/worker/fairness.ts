// What a large workspace does to the waiting of small ones, with two workers: pnpm --filter @clarity/bench fairness
//
// 200 small tenants connect at once, each of which begins a first full sync, then all ask for a full sync at the same
// moment, again and again. As many others do the same while the first full sync of a workspace of 50,000 repositories is
// under way: from when its lists are read, and once more from when the permissions of its repositories are.

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import type { Sync } from '@clarity/shared/contract/syncs'
import { consumer, startBitbucket } from './bitbucket.ts'
import { type RunningConnector, startConnector } from './connector.ts'
import { drainOutboxes } from './drain.ts'
import { printTable } from './load.ts'
import { quantile } from './statistics.ts'

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '200' },
    repositories: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    'latency-ms': { type: 'string', default: '30' },
  },
})
const small = { users: 8, groups: 2, projects: 1, repositories: 5 }
const large = { users: 2_000, groups: 40, projects: 200, repositories: Number(values.repositories) }
const count = Number(values.tenants)
const rounds = Number(values.rounds)
const slugsOf = (name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`)
const [firstSlugs, otherSlugs] = [slugsOf('alone'), slugsOf('beside')]
const credentialOf = (slug: string) => ({ key: `${slug}-key`, secret: consumer.secret })
const everyMs = 500

async function control(url: string, path: string, body: unknown): Promise<void> {
  const { status } = await callJson(`${url}/_control/${path}`, { body })
  if (status !== 201) throw new Error(`${path} answered ${status}`)
}

async function addWorkspaces(url: string): Promise<void> {
  await control(url, 'workspaces', { slug: 'whale', seed: 1, ...large, consumer: credentialOf('whale') })
  for (const [seed, slug] of [...firstSlugs, ...otherSlugs].entries()) {
    await control(url, 'workspaces', { slug, seed, ...small, consumer: credentialOf(slug) })
  }
  // From here on every answer takes as long as one that comes from afar.
  await control(url, 'faults', { fault: { type: 'latency', ms: Number(values['latency-ms']) } })
}

type Waiting = Promise<{ readonly syncs: readonly Sync[]; readonly seconds: readonly number[] }>

/** The syncs at their end, and how long each took from the request, shortest first. */
async function finish(connector: RunningConnector, requests: readonly Promise<Sync>[]): Waiting {
  const requested = await Promise.all(requests)
  const syncs = await Promise.all(requested.map((sync) => connector.completed(sync, everyMs)))
  const seconds = syncs.map(secondsOf).sort((one, other) => one - other)
  return { syncs, seconds }
}

function secondsOf({ requestedAt, finishedAt }: Sync): number {
  return (Date.parse(finishedAt ?? '') - Date.parse(requestedAt)) / 1_000
}

async function tell(what: string, waiting: Waiting) {
  const { syncs, seconds } = await waiting
  table.push([what, ...[0.5, 0.95, 1].map((share) => quantile(seconds, share).toFixed(2))])
  return { syncs, seconds }
}

function connectAll(connector: RunningConnector, slugs: readonly string[]): Waiting {
  const requests = slugs.map((slug) => connector.connect(slug, credentialOf(slug)))
  return finish(connector, requests)
}

/** Full syncs of all, `rounds` times; the seconds of all rounds, shortest first. */
async function syncAgain(connector: RunningConnector, what: string, connected: readonly Sync[]): Promise<number[]> {
  const all: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const requests = connected.map(({ connectionId }) => connector.requestSync(connectionId))
    all.push(...(await tell(`${what}, round ${round}`, finish(connector, requests))).seconds)
  }
  return all.sort((one, other) => one - other)
}

async function tellOfWhale(connector: RunningConnector, whale: Sync): Promise<void> {
  const { state, progress } = await connector.readSync(whale)
  const phase = progress.phases.findLast(({ total }) => total !== null)
  const cells = [`the large one: ${state}`, `${progress.requests} requests`, `${phase?.phase} ${phase?.done}`]
  process.stdout.write(`${cells.join(', ')}\n`)
}

async function until(connector: RunningConnector, sync: Sync, isSo: (sync: Sync) => boolean): Promise<void> {
  while (!isSo(await connector.readSync(sync))) await delay(everyMs)
}

function readsPermissions({ progress }: Sync): boolean {
  return progress.phases.some(({ phase, total }) => phase === 'repository-permissions' && total !== null)
}

function tellRatio(what: string, beside: readonly number[], alone: readonly number[]): void {
  const ratio = quantile(beside, 0.95) / quantile(alone, 0.95)
  process.stdout.write(`${what}: 95th percentile beside the large one : alone = ${ratio.toFixed(2)}\n`)
}

const table = [['seconds from request to completed', 'median', '95th percentile', 'longest']]
await using bitbucket = await startBitbucket(small)
await addWorkspaces(bitbucket.url)
await using connector = await startConnector({ bitbucketUrl: bitbucket.url, workers: 2 })
const drained = drainOutboxes(connector)

const aloneFirst = await tell('alone, first sync', connectAll(connector, firstSlugs))
const alone = await syncAgain(connector, 'alone', aloneFirst.syncs)

const whale = await connector.connect('whale', credentialOf('whale'))
await until(connector, whale, ({ startedAt }) => startedAt !== null)
const besideFirst = await tell('beside, first sync', connectAll(connector, otherSlugs))
await tellOfWhale(connector, whale)
const whileListing = await syncAgain(connector, 'beside the lists', besideFirst.syncs)
await tellOfWhale(connector, whale)
await until(connector, whale, readsPermissions)
const whileReading = await syncAgain(connector, 'beside the permissions', besideFirst.syncs)
await tellOfWhale(connector, whale)
await drained.stop()

printTable(table)
tellRatio('first sync', besideFirst.seconds, aloneFirst.seconds)
tellRatio('full sync, while lists are read', whileListing, alone)
tellRatio('full sync, while permissions are read', whileReading, alone)
