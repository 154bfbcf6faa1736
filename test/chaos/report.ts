import { revocationsOf } from '@clarity/testkit/oracles/revocations'
import type { StreamRecord } from '@clarity/testkit/oracles/stream'
import type { ChaosResult } from './run.ts'
import type { SyncRounds } from './syncs.ts'

/** One line on how a run is getting on. */
export function progressLine(connections: readonly SyncRounds[], records: readonly StreamRecord[]): string {
  const changes = connections.reduce((sum, { workspace }) => sum + workspace.changes, 0)
  return `${changes} changes, ${syncsOf(connections)}, ${records.length} records, ${revocationsOf(records).length} revocations`
}

/** What happened in a run, in a few lines. */
export function reportOf({ connections, disturbed, faults }: ChaosResult, records: readonly StreamRecord[]): string {
  return [
    progressLine(connections, records),
    `syncs failed: ${counts(sumOf(connections.map(({ errors }) => errors)))}`,
    `disturbances: ${counts(disturbed.happened)}`,
    `faults: ${counts(faults.fired)}`,
    `survived: ${total(disturbed.happened)} disturbances and ${total(faults.fired)} faults of Bitbucket`,
  ].join('\n')
}

function syncsOf(connections: readonly SyncRounds[]): string {
  return `syncs: ${counts(sumOf(connections.map(({ ends }) => ends)))}`
}

function total(by: Readonly<Record<string, number>>): number {
  return Object.values(by).reduce((sum, count) => sum + count, 0)
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const [what, count] of all.flatMap(Object.entries<number>)) sum[what] = (sum[what] ?? 0) + count
  return sum
}

function counts(by: Readonly<Record<string, number>>): string {
  return Object.entries(by)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')
}
