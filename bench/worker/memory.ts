// What a large workspace takes of a sync-worker's memory and of Redis: pnpm --filter @clarity/bench memory
//
//   --repositories 5000 --users 500                a smaller workspace
//   --syncs 2                                      as many full syncs, one after the other
//   --node-flags="--max-old-space-size=128"         other flags of Node for the worker

import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { callJson } from '@clarity/launcher/http'
import type { Sync } from '@clarity/shared/contract/syncs'
import { createFactStore } from '@clarity/shared/store/facts'
import { consumer, startBitbucket } from './bitbucket.ts'
import { type RunningConnector, startConnector } from './connector.ts'
import { drainOutboxes } from './drain.ts'
import { cpuSeconds, memoryMiB, printTable } from './load.ts'

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
const mib = 1024 * 1024
const everyMs = 10_000

/** The most that was resident, as the kernel has seen it. */
async function peakMiB(pid: number): Promise<number> {
  const kib = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}

async function usedBytes({ redis }: RunningConnector): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

/** What each key of the connection takes, to the byte, largest first. */
async function bytesByKey({ redis, keys }: RunningConnector, connectionId: string): Promise<[string, number][]> {
  const { record } = keys.connection(connectionId)
  const found: [string, number][] = []
  for await (const page of redis.scanStream({ match: `${record}*`, count: 1_000 })) {
    for (const key of page) {
      const bytes = Number(await redis.memory('USAGE', key, 'SAMPLES', 0))
      found.push([key.slice(record.length) || '(record)', bytes])
    }
  }
  return found.sort(([, one], [, other]) => other - one)
}

/** An hour later nothing counts any more; here no limit held back so many requests that their leases would show. */
async function forgetBudget({ redis }: RunningConnector): Promise<void> {
  const keys = await redis.keys('*:budget*')
  if (keys.length > 0) await redis.del(...keys)
}

/** Tells of the sync and of the memory until the sync is over. */
async function watch(connector: RunningConnector, sync: Sync, signal: AbortSignal): Promise<void> {
  const pid = connector.workers[0]?.pid ?? 0
  const startedAt = performance.now()
  while (await delay(everyMs, true, { signal }).catch(() => false)) {
    const { progress } = await connector.readSync(sync)
    const phase = progress.phases.findLast(({ total }) => total !== null)
    const cells = [
      `${Math.round((performance.now() - startedAt) / 1_000)} s`,
      `${phase?.phase} ${phase?.done}/${phase?.total}`,
      `${progress.requests} requests`,
      `worker ${await memoryMiB(pid)} MiB, peak ${await peakMiB(pid)} MiB`,
      `Redis ${Math.round((await usedBytes(connector)) / mib)} MiB`,
    ]
    process.stdout.write(`${cells.join(', ')}\n`)
  }
}

async function addWorkspace(url: string): Promise<void> {
  const startedAt = performance.now()
  const body = { slug: 'whale', seed: 1, ...size, consumer: { key: 'whale-key', secret: consumer.secret } }
  const { status } = await callJson(`${url}/_control/workspaces`, { body })
  if (status !== 201) throw new Error(`the workspace could not be made: ${status}`)
  process.stdout.write(`workspace made in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`)
}

await using bitbucket = await startBitbucket({ users: 8, groups: 2, projects: 1, repositories: 5 })
await addWorkspace(bitbucket.url)
const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '')
await using connector = await startConnector({ bitbucketUrl: bitbucket.url, workers: 1, nodeFlags })
const worker = connector.workers[0]?.pid ?? 0
const [idleMiB, emptyBytes] = [await memoryMiB(worker), await usedBytes(connector)]
const drained = drainOutboxes(connector)
const startedAt = performance.now()
const sync = await connector.connect('whale', { key: 'whale-key', secret: consumer.secret })
const over = new AbortController()
const watching = watch(connector, sync, over.signal)
const completed = await connector.completed(sync, 1_000).finally(() => over.abort())
const seconds = (performance.now() - startedAt) / 1_000
await watching
const peaks = [await peakMiB(worker)]
while (peaks.length < Number(values.syncs)) {
  await connector.completed(await connector.requestSync(sync.connectionId), 1_000)
  peaks.push(await peakMiB(worker))
}
await drained.stop()

await forgetBudget(connector)
const byKey = await bytesByKey(connector, sync.connectionId)
const totals = await createFactStore(connector.redis, connector.keys).readTotals(sync.connectionId)
const grants = totals.grants + totals.nestings
const inKeys = byKey.reduce((sum, [, bytes]) => sum + bytes, 0)
const inRedis = (await usedBytes(connector)) - emptyBytes
printTable([
  ['key', 'bytes', 'per grant'],
  ...byKey.map(([key, bytes]) => [key, String(bytes), (bytes / grants).toFixed(2)]),
])
printTable([
  ['what', 'figure'],
  ['grants and nestings', String(grants)],
  ['seconds', seconds.toFixed(0)],
  ['requests', String(completed.progress.requests)],
  ['events', String(drained.events)],
  ['worker before, MiB resident', String(idleMiB)],
  ['worker at most, MiB resident, up to the end of each sync', peaks.join(', ')],
  ['worker, seconds of CPU', (await cpuSeconds(worker)).toFixed(0)],
  ['simulator, MiB resident', String(await memoryMiB(bitbucket.pid))],
  ['Redis, bytes per grant: keys of the connection', (inKeys / grants).toFixed(1)],
  ['Redis, bytes per grant: all that it uses more', (inRedis / grants).toFixed(1)],
])
