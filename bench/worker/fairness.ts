// What a large workspace does to the waiting of small ones, with two workers: pnpm --filter @clarity/bench fairness
//
// 200 small tenants connect at once, each of which begins a first full sync, then all ask for a full sync at the same
// moment, again and again. As many others do the same while the first full sync of a workspace of 50,000 repositories is
// under way: from when its lists are read, and once more from when the permissions of its repositories are.

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import type { Sync } from '@clarity/shared/contract/syncs'
import { consumer, startBitbucket } from '../bitbucket.ts'
import { toFigure } from '../figures/figure.ts'
import type { Part } from '../figures/part.ts'
import { printTable } from '../load.ts'
import { quantile } from '../statistics.ts'
import { type RunningConnector, startConnector } from './connector.ts'
import { drainOutboxes } from './drain.ts'

export interface FairnessOptions {
  readonly tenants: number
  /** Of the large workspace. */
  readonly repositories: number
  readonly rounds: number
  /** That every answer of Bitbucket takes. */
  readonly latencyMs: number
}

/** By when it was: the 95th percentile of the waiting beside the large one, to that alone. */
type Ratios = Readonly<Record<'first sync' | 'while lists are read' | 'while permissions are read', number>>

const small = { users: 8, groups: 2, projects: 1, repositories: 5 }
const everyMs = 500

/** How long small tenants wait beside a large one. */
export const part: Part = {
  figures: ['fairness.small_tenant_p95_ratio'],
  async measure({ quick, say }) {
    const options = quick
      ? { tenants: 20, repositories: 2_000, rounds: 1, latencyMs: 5 }
      : { tenants: 200, repositories: 50_000, rounds: 2, latencyMs: 30 }
    const { ratios } = await measureFairness(options, say)
    const each = Object.entries(ratios).map(([when, ratio]) => `${when} ${ratio.toFixed(2)}`)
    const method =
      `95th percentile of the seconds from request to end of a full sync of ${options.tenants} small tenants that all ask at once, beside the first full ` +
      `sync of ${options.repositories.toLocaleString('en')} repositories, to that without it in the same run, with two workers and answers that take ${options.latencyMs} ms; ` +
      `the worst of: ${each.join(', ')}.`
    return { figures: [toFigure('fairness.small_tenant_p95_ratio', Math.max(...Object.values(ratios)), method)] }
  },
}

interface Waited {
  readonly syncs: readonly Sync[]
  /** From the request to the end, shortest first. */
  readonly seconds: readonly number[]
}

/** The ratios, and a table of the seconds behind them. */
export async function measureFairness(
  options: FairnessOptions,
  say: (line: string) => void,
): Promise<{ readonly ratios: Ratios; readonly table: readonly string[][] }> {
  const table = [['seconds from request to completed', 'median', '95th percentile', 'longest']]
  const [firstSlugs, otherSlugs] = ['alone', 'beside'].map((name) =>
    Array.from({ length: options.tenants }, (_, index) => `${name}-${index}`),
  )
  await using bitbucket = await startBitbucket(small)
  await addWorkspaces(bitbucket.url, [...(firstSlugs ?? []), ...(otherSlugs ?? [])], options)
  await using connector = await startConnector({ bitbucketUrl: bitbucket.url, workers: 2 })
  const drained = drainOutboxes(connector)
  const tell = async (what: string, requests: readonly Promise<Sync>[]): Promise<Waited> => {
    const waited = await finish(connector, requests)
    const cells = [0.5, 0.95, 1].map((share) => quantile(waited.seconds, share).toFixed(2))
    table.push([what, ...cells])
    say(`${what}: median ${cells[0]} s, 95th percentile ${cells[1]} s`)
    return waited
  }
  const connectAll = (what: string, slugs: readonly string[] = []) =>
    tell(
      what,
      slugs.map((slug) => connector.connect(slug, credentialOf(slug))),
    )
  const syncAgain = async (what: string, { syncs }: Waited): Promise<number[]> => {
    const all: number[] = []
    for (let round = 1; round <= options.rounds; round++) {
      const requests = syncs.map(({ connectionId }) => connector.requestSync(connectionId))
      all.push(...(await tell(`${what}, round ${round}`, requests)).seconds)
    }
    return all
  }

  const aloneFirst = await connectAll('alone, first sync', firstSlugs)
  const alone = await syncAgain('alone', aloneFirst)
  const whale = await connector.connect('whale', credentialOf('whale'))
  await until(connector, whale, ({ startedAt }) => startedAt !== null)
  const besideFirst = await connectAll('beside, first sync', otherSlugs)
  const whileListing = await syncAgain('beside the lists', besideFirst)
  await until(connector, whale, readsPermissions)
  const whileReading = await syncAgain('beside the permissions', besideFirst)
  say(await describeWhale(connector, whale))
  await drained.stop()

  const ratio = (beside: readonly number[], without: readonly number[]) =>
    quantile(beside, 0.95) / quantile(without, 0.95)
  return {
    ratios: {
      'first sync': ratio(besideFirst.seconds, aloneFirst.seconds),
      'while lists are read': ratio(whileListing, alone),
      'while permissions are read': ratio(whileReading, alone),
    },
    table,
  }
}

function credentialOf(slug: string) {
  return { key: `${slug}-key`, secret: consumer.secret }
}

async function control(url: string, path: string, body: unknown): Promise<void> {
  const { status } = await callJson(`${url}/_control/${path}`, { body })
  if (status !== 201) throw new Error(`${path} answered ${status}`)
}

async function addWorkspaces(url: string, slugs: readonly string[], options: FairnessOptions): Promise<void> {
  const large = { users: 2_000, groups: 40, projects: 200, repositories: options.repositories }
  await control(url, 'workspaces', { slug: 'whale', seed: 1, ...large, consumer: credentialOf('whale') })
  for (const [seed, slug] of slugs.entries()) {
    await control(url, 'workspaces', { slug, seed, ...small, consumer: credentialOf(slug) })
  }
  // From here on every answer takes as long as one that comes from afar.
  await control(url, 'faults', { fault: { type: 'latency', ms: options.latencyMs } })
}

async function finish(connector: RunningConnector, requests: readonly Promise<Sync>[]): Promise<Waited> {
  const requested = await Promise.all(requests)
  const syncs = await Promise.all(requested.map((sync) => connector.completed(sync, everyMs)))
  const seconds = syncs.map(secondsOf).sort((one, other) => one - other)
  return { syncs, seconds }
}

function secondsOf({ requestedAt, finishedAt }: Sync): number {
  return (Date.parse(finishedAt ?? '') - Date.parse(requestedAt)) / 1_000
}

async function describeWhale(connector: RunningConnector, whale: Sync): Promise<string> {
  const { state, progress } = await connector.readSync(whale)
  const phase = progress.phases.findLast(({ total }) => total !== null)
  return `the large one: ${state}, ${progress.requests} requests, ${phase?.phase} ${phase?.done}`
}

async function until(connector: RunningConnector, sync: Sync, isSo: (sync: Sync) => boolean): Promise<void> {
  while (!isSo(await connector.readSync(sync))) await delay(everyMs)
}

function readsPermissions({ progress }: Sync): boolean {
  return progress.phases.some(({ phase, total }) => phase === 'repository-permissions' && total !== null)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      tenants: { type: 'string', default: '200' },
      repositories: { type: 'string', default: '50000' },
      rounds: { type: 'string', default: '3' },
      'latency-ms': { type: 'string', default: '30' },
    },
  })
  const options = {
    tenants: Number(values.tenants),
    repositories: Number(values.repositories),
    rounds: Number(values.rounds),
    latencyMs: Number(values['latency-ms']),
  }
  const { ratios, table } = await measureFairness(options, (line) => process.stdout.write(`${line}\n`))
  printTable(table)
  for (const [when, ratio] of Object.entries(ratios)) {
    process.stdout.write(`${when}: 95th percentile beside the large one : alone = ${ratio.toFixed(2)}\n`)
  }
}
