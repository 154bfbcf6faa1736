import { setTimeout as delay } from 'node:timers/promises'
import type { BitbucketControl } from '@clarity/e2e/bitbucket'
import type { Connector } from '@clarity/e2e/connector'
import type { ShiftableClocks } from '@clarity/launcher/shiftable-clock'
import { type Disturbed, disturb, type Subjects } from './disturb.ts'
import { type FaultTally, runFaults } from './faulty-bitbucket.ts'
import type { ChaosPlan } from './plan.ts'
import { createRandom, type Random } from './random.ts'
import type { RecordedStream } from './stream.ts'
import { SyncRounds } from './syncs.ts'
import { ChaosWorkspace } from './workspace.ts'

/** What a run is made of. */
export interface ChaosOptions {
  readonly plan: ChaosPlan
  readonly random: Random
  readonly subjects: Subjects
  /** Null where no clock is to be shifted. */
  readonly clocks: Pick<ShiftableClocks, 'shift'> | null
  readonly bitbucket: BitbucketControl
  /** Of a tenant each; the workspaces are shared out among them. */
  readonly connectors: readonly Connector[]
  readonly stream: RecordedStream
  /** How long the last syncs may take, once everything is healed. */
  readonly settleMs: number
  /** Called with what there is to say, now and then. */
  readonly onProgress: (connections: readonly SyncRounds[]) => void
}

export interface ChaosResult {
  readonly connections: readonly SyncRounds[]
  readonly disturbed: Disturbed
  readonly faults: FaultTally
  /** Why a connection had no clean full sync at the end; empty when all had. */
  readonly unclean: readonly string[]
}

const slugs = ['north', 'east', 'south']
const progressEveryMs = 10_000

/**
 * Connects some workspaces and syncs each in peace; then changes, syncs, faults and disturbances, all at the same time, as
 * the plan says; then, with everything healed, one clean full sync of each, and waits until the stream has told its end.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { plan, subjects, clocks, bitbucket, stream, settleMs, random } = options
  const connections = await connectAll(options)
  const workspaces = connections.map(({ workspace }) => workspace)
  const over = new AbortController()
  const { signal } = over
  // Each has its own chance, so that none draws from another's.
  const own = () => createRandom(random.int(0, 2 ** 31))
  const planned = Promise.all([
    disturb(plan.disturbances, subjects, clocks, signal),
    runFaults(plan.slots, bitbucket, workspaces, own(), signal),
  ])
  const meanwhile = [
    changeAll(workspaces, plan.changeEveryMs, own(), signal),
    ...connections.map((each) => each.run(own(), signal)),
    tellProgress(options, connections, signal),
  ]
  const [[disturbed, faults]] = await Promise.all([planned.finally(() => over.abort()), ...meanwhile]).finally(() =>
    over.abort(),
  )
  return { connections, disturbed, faults, unclean: await syncCleanly(connections, stream, settleMs) }
}

/** A clean full sync of each, read from the stream to its end; answers what came in between. */
async function syncCleanly(connections: readonly SyncRounds[], stream: RecordedStream, settleMs: number) {
  const settled = AbortSignal.timeout(settleMs)
  const outcomes = await Promise.allSettled(
    connections.map(async (each) => {
      const syncId = await each.clean(settled)
      await stream.until(({ name, subject }) => name === 'sync.completed' && subject === syncId, settled)
    }),
  )
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
}

function connectAll({ bitbucket, connectors, random }: ChaosOptions): Promise<SyncRounds[]> {
  const connect = async (slug: string, index: number, chance: Random) => {
    const connector = connectors[index % connectors.length]
    if (connector === undefined) throw new Error('there is no tenant')
    const { workspace, consumer } = await ChaosWorkspace.create(bitbucket, slug, chance)
    const { connectionId, syncId } = await connector.connect({ workspace: slug, ...consumer })
    const rounds = new SyncRounds(connector, connectionId, workspace)
    await rounds.first(syncId)
    return rounds
  }
  return Promise.all(slugs.map((slug, index) => connect(slug, index, createRandom(random.int(0, 2 ** 31)))))
}

/** Changes now this workspace and now that one, until `signal` aborts. */
async function changeAll(
  workspaces: readonly ChaosWorkspace[],
  everyMs: number,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await random.pick(workspaces).change()
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

async function tellProgress(
  { onProgress }: ChaosOptions,
  connections: readonly SyncRounds[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await delay(progressEveryMs, undefined, { signal }).catch(() => {})
    onProgress(connections)
  }
}
