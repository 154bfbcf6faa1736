// What one workspace takes of a sync-worker and of Redis: pnpm --filter @clarity/bench memory
//
//   --repositories 5000 --users 500                a smaller workspace
//   --syncs 2                                      as many full syncs, one after the other
//   --node-flags="--max-old-space-size=128"         other flags of Node for the worker

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import type { Sync } from '@clarity/shared/contract/syncs'
import { createFactStore } from '@clarity/shared/store/facts'
import { scanKeys } from '@clarity/shared/store/scan-keys'
import { z } from 'zod'
import { consumer, type Size, startBitbucket } from '../bitbucket.ts'
import { cpuSeconds, memoryMiB, peakMiB, printTable } from '../load.ts'
import { forgetBudgets, type RunningConnector, startConnector } from './connector.ts'
import { drainOutboxes } from './drain.ts'

export interface WorkspaceOptions {
  readonly size: Size & { readonly grantsPerRepository: number }
  /** Full syncs, one after the other. */
  readonly syncs: number
  /** Flags of Node for the worker, beside those of its start script. */
  readonly nodeFlags?: readonly string[]
}

/** One full sync. */
export interface SyncRun {
  readonly seconds: number
  /** Of the worker. */
  readonly cpuSeconds: number
  /** As Bitbucket has counted them. */
  readonly requests: number
  /** At most resident until its end, in MiB. */
  readonly peakMiB: number
}

export interface WorkspaceRun {
  readonly grants: number
  readonly events: number
  /** Requests that a full sync cannot do without. */
  readonly floor: number
  readonly syncs: readonly SyncRun[]
  readonly idleMiB: number
  readonly simulatorMiB: number
  /** What each key of the connection takes, to the byte, largest first. */
  readonly bytesByKey: readonly (readonly [string, number])[]
  /** All that Redis uses more than when it was empty. */
  readonly redisBytes: number
}

const slug = 'whale'
const credential = { key: 'whale-key', secret: consumer.secret }
const everyMs = 10_000
/** Saving a connection looks at its workspace once. */
const requestsOfConnecting = 1

const Counts = z.object({ total: z.int() })
const Truth = z.object({
  members: z.array(z.unknown()),
  projects: z.array(z.unknown()),
  repositories: z.array(z.unknown()),
})

/** Connects a workspace of that size and syncs it, with processes of its own for everything but the publisher. */
export async function measureWorkspace(options: WorkspaceOptions, say: (line: string) => void): Promise<WorkspaceRun> {
  await using bitbucket = await startBitbucket({ users: 8, groups: 2, projects: 1, repositories: 5 })
  const control = async (path: string, body?: unknown) => {
    const { status, body: answer } = await callJson(`${bitbucket.url}/_control/${path}`, { body })
    if (status >= 300) throw new Error(`${path} answered ${status}`)
    return answer
  }
  await control('workspaces', { slug, seed: 1, ...options.size, consumer: credential })
  const floor = floorOf(Truth.parse(await control(`workspaces/${slug}`)))
  const counted = async () => Counts.parse(await control(`requests?workspace=${slug}`)).total
  await using connector = await startConnector({
    bitbucketUrl: bitbucket.url,
    workers: 1,
    ...(options.nodeFlags && { nodeFlags: options.nodeFlags }),
  })
  const worker = connector.workers[0]?.pid ?? 0
  const [idleMiB, emptyBytes] = [await memoryMiB(worker), await usedBytes(connector)]
  const drained = drainOutboxes(connector)
  const first = await measureSync({ connector, counted, say }, () => connector.connect(slug, credential))
  const { connectionId } = first.sync
  const syncs: SyncRun[] = [{ ...first, requests: first.requests - requestsOfConnecting }]
  while (syncs.length < options.syncs) {
    syncs.push(await measureSync({ connector, counted, say }, () => connector.requestSync(connectionId)))
  }
  await drained.stop()
  // The next hour has forgotten it; here no limit held back so many requests that their leases would show.
  await forgetBudgets(connector)
  const totals = await createFactStore(connector.redis, connector.keys).readTotals(connectionId)
  return {
    grants: totals.grants + totals.nestings,
    events: drained.events,
    floor,
    syncs,
    idleMiB,
    simulatorMiB: await memoryMiB(bitbucket.pid),
    bytesByKey: await bytesByKey(connector, connectionId),
    redisBytes: (await usedBytes(connector)) - emptyBytes,
  }
}

/** `2R + 2P + c(U) + c(P) + c(R) + 2`, as docs/architecture.md says. */
function floorOf({ members, projects, repositories }: z.infer<typeof Truth>): number {
  const pages = ({ length }: readonly unknown[]) => Math.max(1, Math.ceil(length / 100))
  return 2 * (repositories.length + projects.length) + pages(members) + pages(projects) + pages(repositories) + 2
}

interface Watched {
  readonly connector: RunningConnector
  readonly counted: () => Promise<number>
  readonly say: (line: string) => void
}

async function measureSync({ connector, counted, say }: Watched, request: () => Promise<Sync>) {
  const worker = connector.workers[0]?.pid ?? 0
  const [requestsBefore, cpuBefore, startedAt] = [await counted(), await cpuSeconds(worker), performance.now()]
  const sync = await request()
  const over = new AbortController()
  const watching = watch(connector, sync, say, over.signal)
  await connector.completed(sync, 250).finally(() => over.abort())
  await watching
  return {
    sync,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (await cpuSeconds(worker)) - cpuBefore,
    requests: (await counted()) - requestsBefore,
    peakMiB: await peakMiB(worker),
  }
}

/** Tells of the sync and of the memory until the sync is over. */
async function watch(connector: RunningConnector, sync: Sync, say: Watched['say'], signal: AbortSignal): Promise<void> {
  const pid = connector.workers[0]?.pid ?? 0
  while (await delay(everyMs, true, { signal }).catch(() => false)) {
    const { progress } = await connector.readSync(sync)
    const phase = progress.phases.findLast(({ total }) => total !== null)
    const redisMiB = Math.round((await usedBytes(connector)) / 1024 / 1024)
    say(
      `${phase?.phase} ${phase?.done}/${phase?.total}, ${progress.requests} requests, ` +
        `worker ${await memoryMiB(pid)} MiB, peak ${await peakMiB(pid)} MiB, Redis ${redisMiB} MiB`,
    )
  }
}

async function usedBytes({ redis }: RunningConnector): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

async function bytesByKey({ redis, keys }: RunningConnector, connectionId: string): Promise<[string, number][]> {
  const { record } = keys.connection(connectionId)
  const found: [string, number][] = []
  for await (const page of scanKeys(redis, { match: `${record}*`, count: 1_000 })) {
    for (const key of page) {
      const bytes = Number(await redis.memory('USAGE', key, 'SAMPLES', 0))
      found.push([key.slice(record.length) || '(record)', bytes])
    }
  }
  return found.sort(([, one], [, other]) => other - one)
}

function printRun(run: WorkspaceRun): void {
  const { grants, syncs, bytesByKey: byKey } = run
  const inKeys = byKey.reduce((sum, [, bytes]) => sum + bytes, 0)
  printTable([
    ['key', 'bytes', 'per grant'],
    ...byKey.map(([key, bytes]) => [key, String(bytes), (bytes / grants).toFixed(2)]),
  ])
  printTable([
    ['what', 'figure'],
    ['grants and nestings', String(grants)],
    ['seconds of each sync', syncs.map(({ seconds }) => seconds.toFixed(0)).join(', ')],
    ['requests of each', syncs.map(({ requests }) => requests).join(', ')],
    ['requests that none can do without', String(run.floor)],
    ['events', String(run.events)],
    ['worker before, MiB resident', String(run.idleMiB)],
    ['worker at most, MiB resident, up to the end of each', syncs.map((sync) => sync.peakMiB).join(', ')],
    ['worker, seconds of CPU for each', syncs.map((sync) => sync.cpuSeconds.toFixed(1)).join(', ')],
    ['simulator, MiB resident', String(run.simulatorMiB)],
    ['Redis, bytes per grant: keys of the connection', (inKeys / grants).toFixed(1)],
    ['Redis, bytes per grant: all that it uses more', (run.redisBytes / grants).toFixed(1)],
  ])
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      repositories: { type: 'string', default: '50000' },
      users: { type: 'string', default: '2000' },
      'grants-per-repository': { type: 'string', default: '20' },
      syncs: { type: 'string', default: '1' },
      'node-flags': { type: 'string', default: '' },
    },
  })
  const size = {
    users: Number(values.users),
    groups: 40,
    projects: 200,
    repositories: Number(values.repositories),
    grantsPerRepository: Number(values['grants-per-repository']),
  }
  const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '')
  const say = (line: string) => process.stdout.write(`${line}\n`)
  printRun(await measureWorkspace({ size, syncs: Number(values.syncs), nodeFlags }, say))
}
