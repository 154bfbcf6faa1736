import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { RunningProcess } from '@clarity/launcher/processes'
import { type ShiftableClocks, shiftSeenMs } from '@clarity/launcher/shiftable-clock'
import { type Disturbance, type DisturbanceKind, disturbanceKinds, type SubjectName } from './plan.ts'

/** Does what the plan says to processes, and keeps count. */
export interface Disturbed {
  readonly happened: Partial<Record<DisturbanceKind, number>>
  /** Processes that were found ended although nobody had ended them. */
  readonly endedByThemselves: string[]
}

/** The processes that a disturbance may be meant for, as they are at that moment. */
export type Subjects = Readonly<
  Record<SubjectName, () => Promise<readonly RunningProcess[]> | readonly RunningProcess[]>
>

/** Carries out all disturbances in their order; when it returns, all processes run again. */
export async function disturb(
  disturbances: readonly Disturbance[],
  subjects: Subjects,
  clocks: Pick<ShiftableClocks, 'shift'> | null,
  signal: AbortSignal,
): Promise<Disturbed> {
  const disturbed: Disturbed = { happened: {}, endedByThemselves: [] }
  const beganAt = performance.now()
  for (const disturbance of disturbances) {
    const { kind, atMs, which } = disturbance
    await delay(Math.max(0, beganAt + atMs - performance.now()), undefined, { signal })
    const { subject: name, action } = disturbanceKinds[kind]
    const candidates = await subjects[name]()
    const subject = candidates[Math.floor(which * candidates.length)]
    if (subject === undefined) throw new Error(`there is nothing to disturb: ${kind}`)
    if (await hasEnded(subject)) disturbed.endedByThemselves.push(subject.name)
    await actions[action](subject, disturbance, clocks)
    disturbed.happened[kind] = (disturbed.happened[kind] ?? 0) + 1
  }
  for (const list of Object.values(subjects)) {
    for (const each of await list()) if (await hasEnded(each)) disturbed.endedByThemselves.push(each.name)
  }
  return disturbed
}

/** Each leaves the process as it was before. */
const actions = {
  async pause(subject: RunningProcess, { awayMs }: Disturbance) {
    subject.pause()
    await delay(awayMs)
    subject.resume()
  },
  async shift(
    { name }: RunningProcess,
    { awayMs, shiftSeconds }: Disturbance,
    clocks: Pick<ShiftableClocks, 'shift'> | null,
  ) {
    if (clocks === null) throw new Error('the clocks of this run cannot be shifted')
    for (const seconds of [shiftSeconds, 0]) {
      await clocks.shift(name, seconds)
      await delay(shiftSeenMs + awayMs)
    }
  },
  async kill(subject: RunningProcess, { awayMs }: Disturbance) {
    await subject.kill()
    await delay(awayMs)
    await subject.restart()
  },
}

function hasEnded({ exited }: RunningProcess): Promise<boolean> {
  return Promise.race([exited.then(() => true), nextTurn(false)])
}
