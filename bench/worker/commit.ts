import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { readStartScript } from '@clarity/launcher/start-script'
import { toFigure } from '../figures/figure.ts'
import type { Context, Measured, Part } from '../figures/part.ts'
import { type ScalingPoint, toPoint } from '../figures/scaling.ts'
import { CommitResult, type CommitRun, factsPerScope } from './commit-options.ts'

const sizes = [1_000, 10_000, 100_000, 1_000_000]
const loop = fileURLToPath(new URL('./commit-loop.ts', import.meta.url))
const workerFolder = fileURLToPath(new URL('../../services/sync-worker', import.meta.url))

/** What difference and commit cost, without Bitbucket. */
export const part: Part = { figures: ['worker.facts_per_second'], measure }

async function measure({ quick, say }: Context): Promise<Measured> {
  const points: ScalingPoint[] = []
  let last: CommitResult | null = null
  for (const facts of quick ? sizes.slice(0, 2) : sizes) {
    last = await measureLoop(facts / factsPerScope)
    const where = { size: facts, grants: facts }
    points.push(toPoint('commit_new_cpu_seconds', where, last.fresh.cpuSeconds))
    points.push(toPoint('commit_changed_cpu_seconds', where, last.changed.cpuSeconds))
    say(`${facts} facts: ${describe(last.fresh)} all new, ${describe(last.changed)} when one of twenty has changed`)
  }
  if (last === null) throw new Error('nothing was measured')
  const { fresh, changed, unchanged } = last
  const method =
    `Facts for each second of the process's own time, through ScopeCommitter against a real Redis with appendfsync always, ` +
    `${changed.facts.toLocaleString('en')} facts in scopes of ${factsPerScope} of which one has changed, so that every scope is read, compared and committed; ` +
    `${perSecond(changed).toFixed(0)} a second by the clock. When all are new, each fact an event: ${perCpuSecond(fresh).toFixed(0)}; ` +
    `when none has changed: ${perCpuSecond(unchanged).toFixed(0)}.`
  return { figures: [toFigure('worker.facts_per_second', perCpuSecond(changed), method)], points }
}

/** In a process of its own, with the worker's flags of Node. */
async function measureLoop(scopes: number): Promise<CommitResult> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-commit-'))
  const redis = await startRedis({ dir, persistent: false })
  const result = Promise.withResolvers<CommitResult>()
  const flags = (await readStartScript(workerFolder)).slice(0, -1)
  try {
    await using running = await startProcess({
      name: 'commit loop',
      command: process.execPath,
      args: [...flags, loop, redis.url, String(scopes)],
      logFile: join(dir, 'commit.log'),
      onLine: (line) => {
        if (line.startsWith('{')) result.resolve(CommitResult.parse(JSON.parse(line)))
      },
    })
    const died = running.exited.then(({ code, signal }) => {
      if (code !== 0) throw new Error(`the commit loop ended with ${signal ?? code}`)
      return result.promise
    })
    return await Promise.race([result.promise, died])
  } finally {
    await redis.process.stop()
    await rm(dir, { recursive: true })
  }
}

function describe(run: CommitRun): string {
  return `${perCpuSecond(run).toFixed(0)}/s`
}

function perCpuSecond({ facts, cpuSeconds }: CommitRun): number {
  return facts / cpuSeconds
}

function perSecond({ facts, seconds }: CommitRun): number {
  return facts / seconds
}
