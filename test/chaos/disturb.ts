import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { RunningProcess } from '@clarity/launcher/processes'
import type { RunningSystem } from '@clarity/launcher/system'
import type { Disturbance, DisturbanceKind } from './plan.ts'

/** Does what the plan says to processes, and keeps count. */
export interface Disturbed {
  readonly happened: Partial<Record<DisturbanceKind, number>>
  /** Processes that were found ended although nobody had ended them. */
  readonly endedByThemselves: string[]
}

type Processes = Pick<RunningSystem, 'processes' | 'workers'> & { readonly redis: RunningProcess }

/** Carries out all disturbances in their order; when it returns, all processes run again. */
export async function disturb(
  disturbances: readonly Disturbance[],
  system: Processes,
  signal: AbortSignal,
): Promise<Disturbed> {
  const disturbed: Disturbed = { happened: {}, endedByThemselves: [] }
  const beganAt = performance.now()
  for (const disturbance of disturbances) {
    const { kind, atMs, awayMs } = disturbance
    await delay(Math.max(0, beganAt + atMs - performance.now()), undefined, { signal })
    const subject = subjectOf(disturbance, system)
    if (await hasEnded(subject)) disturbed.endedByThemselves.push(subject.name)
    if (kind === 'block Bitbucket') {
      subject.pause()
      await delay(awayMs)
      subject.resume()
    } else {
      await subject.kill()
      await delay(awayMs)
      await subject.restart()
    }
    disturbed.happened[kind] = (disturbed.happened[kind] ?? 0) + 1
  }
  for (const each of [...Object.values(system.processes), ...system.workers, system.redis]) {
    if (await hasEnded(each)) disturbed.endedByThemselves.push(each.name)
  }
  return disturbed
}

function subjectOf({ kind, which }: Disturbance, { processes, workers, redis }: Processes): RunningProcess {
  switch (kind) {
    case 'kill a worker':
      return workers[Math.floor(which * workers.length)] ?? processes['sync-worker']
    case 'kill the publisher':
      return processes.publisher
    case 'kill Redis':
      return redis
    case 'block Bitbucket':
      return processes.simulator
  }
}

function hasEnded({ exited }: RunningProcess): Promise<boolean> {
  return Promise.race([exited.then(() => true), nextTurn(false)])
}
