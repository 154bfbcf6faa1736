import { toFigure } from '../figures/figure.ts'
import type { Context, Measured, Part } from '../figures/part.ts'
import { type ScalingPoint, toPoint } from '../figures/scaling.ts'
import { measureWorkspace, type WorkspaceRun } from './memory.ts'

/** Workspaces of a thousand to a million grants, each twenty on a repository. */
const sizes = [
  { grants: 1_000, users: 100, groups: 10, projects: 5, repositories: 50 },
  { grants: 10_000, users: 300, groups: 20, projects: 20, repositories: 500 },
  { grants: 100_000, users: 1_000, groups: 40, projects: 100, repositories: 5_000 },
  { grants: 1_000_000, users: 2_000, groups: 40, projects: 200, repositories: 50_000 },
]
const grantsPerRepository = 20

/** What full syncs cost by the size of the workspace. */
export const part: Part = {
  figures: [
    'full_sync.requests_over_floor',
    'worker.responses_per_second',
    'worker.rss_mib_at_1m_grants',
    'redis.bytes_per_grant',
  ],
  measure,
}

async function measure({ quick, say }: Context): Promise<Measured> {
  const points: ScalingPoint[] = []
  const over: number[] = []
  const runs: WorkspaceRun[] = []
  const measured = quick ? sizes.slice(0, 2) : sizes
  for (const { grants: about, ...size } of measured) {
    say(`a workspace of ${size.repositories} repositories, two full syncs`)
    const run = await measureWorkspace({ size: { ...size, grantsPerRepository }, syncs: 2 }, say)
    over.push(...run.syncs.map(({ requests }) => requests - run.floor))
    runs.push(run)
    points.push(...toPoints(about, run))
  }
  const [middle, largest] = [runs.at(-2), runs.at(-1)]
  const again = middle?.syncs.at(-1)
  if (largest === undefined || middle === undefined || again === undefined) throw new Error('nothing was measured')
  const grants = largest.grants.toLocaleString('en')
  const peak = Math.max(...largest.syncs.map(({ peakMiB }) => peakMiB))
  const figures = [
    toFigure(
      'full_sync.requests_over_floor',
      // Whichever way it is off.
      over.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0),
      `Requests that the simulator counted for a full sync less 2R + 2P + c(U) + c(P) + c(R) + 2, the worst of ${over.length} ` +
        `full syncs (a first one and one in which nothing had changed) of ${measured.map((each) => each.repositories.toLocaleString('en')).join('; ')} repositories.`,
    ),
    toFigure(
      'worker.responses_per_second',
      again.requests / again.cpuSeconds,
      `Answers of Bitbucket for each second of the worker's own processor time in a full sync of ${again.requests.toLocaleString('en')} requests ` +
        `in which nothing had changed (${middle.grants.toLocaleString('en')} grants); it took ${again.seconds.toFixed(1)} s beside simulator, Redis and API.`,
    ),
    toFigure(
      'worker.rss_mib_at_1m_grants',
      peak,
      `The most that the kernel saw resident (VmHWM) of a sync-worker with its own start script and what the image sets (sources compiled beforehand, two heaps of the C library), over a first and a second full sync of ${grants} grants and nestings.`,
    ),
    toFigure(
      'redis.bytes_per_grant',
      largest.redisBytes / largest.grants,
      `used_memory of Redis less that of an empty one, for each of ${grants} grants and nestings, after two full syncs, with the outbox empty and the hour's budget forgotten.`,
    ),
  ]
  return { figures, points }
}

function toPoints(size: number, { grants, syncs, redisBytes }: WorkspaceRun): ScalingPoint[] {
  const [first, again] = syncs
  if (first === undefined || again === undefined) throw new Error('there were no two syncs')
  const peak = Math.max(first.peakMiB, again.peakMiB)
  return [
    toPoint('requests', { size, grants }, first.requests),
    toPoint('first_sync_cpu_seconds', { size, grants }, first.cpuSeconds),
    toPoint('unchanged_sync_cpu_seconds', { size, grants }, again.cpuSeconds),
    toPoint('worker_peak_mib', { size, grants }, peak),
    toPoint('redis_mib', { size, grants }, redisBytes / 1024 / 1024),
  ]
}
