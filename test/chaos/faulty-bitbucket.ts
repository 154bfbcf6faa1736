import { setTimeout as delay } from 'node:timers/promises'
import type { BitbucketControl } from '@clarity/e2e/bitbucket'
import { type FaultKind, type FaultRule, faultKinds, inOrderOfChances } from './faults.ts'
import type { FaultSlot } from './plan.ts'
import type { Random } from './random.ts'
import type { ChaosWorkspace } from './workspace.ts'

const pollMs = 250
/** How much longer than planned a slot lasts, at most, for its rules to fire as often as they must. */
const patienceMs = 60_000

/** How often each kind of fault has fired, and what did not fire as often as it must. */
export interface FaultTally {
  readonly fired: Partial<Record<FaultKind, number>>
  readonly unsatisfied: string[]
}

/** Goes through the slots; when it returns, Bitbucket is without a fault. */
export async function runFaults(
  slots: readonly FaultSlot[],
  bitbucket: BitbucketControl,
  workspaces: readonly ChaosWorkspace[],
  random: Random,
  signal: AbortSignal,
): Promise<FaultTally> {
  const tally: FaultTally = { fired: {}, unsatisfied: [] }
  for (const { kinds, lastsMs } of slots) {
    const made: { readonly kind: FaultKind; readonly rule: FaultRule }[] = []
    for (const { kind, workspace } of shareOut(kinds, workspaces, random)) {
      const target = { workspace: workspace.slug, repositories: await workspace.heldRepositories() }
      made.push(...faultKinds[kind](random, target).map((rule) => ({ kind, rule })))
    }
    const rules = inOrderOfChances(made)
    await bitbucket.break(...rules.map(({ rule }) => rule))
    await delay(lastsMs, undefined, { signal })
    const statuses = await satisfied(bitbucket)
    await bitbucket.clearFaults()
    statuses.forEach((status, index) => {
      const { kind, rule } = rules[index] ?? {}
      if (kind === undefined) return
      tally.fired[kind] = (tally.fired[kind] ?? 0) + status.fired
      if (!status.satisfied) tally.unsatisfied.push(`${kind}: fired ${status.fired} times, ${JSON.stringify(rule)}`)
    })
  }
  return tally
}

/**
 * A workspace for each kind, none twice while there are enough: where syncs fail at their first list, as for want of members,
 * nothing is asked of which another kind could be met.
 */
export function shareOut<Workspace>(kinds: readonly FaultKind[], workspaces: readonly Workspace[], random: Random) {
  const shuffled = random.shuffle(workspaces)
  return kinds.map((kind, index) => ({ kind, workspace: shuffled[index] ?? random.pick(workspaces) }))
}

/** The rules in force, once all have fired as often as they must, or after a while. */
async function satisfied(bitbucket: BitbucketControl) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const statuses = await bitbucket.faults()
    if (statuses.every((status) => status.satisfied) || performance.now() > deadline) return statuses
    await delay(pollMs)
  }
}
