import type { EntityKind } from '@clarity/shared/contract/syncs'
import type { Sync } from './queries.ts'

/** How it is with a sync, in the words that a reader is told. */
export type SyncResult = 'queued' | 'running' | 'waiting-for-budget' | 'waiting-for-stream' | Ended
type Ended = 'complete' | 'partial' | 'failed' | 'cancelled'

export const resultNames: Readonly<Record<SyncResult, string>> = {
  queued: 'Queued',
  running: 'Running',
  'waiting-for-budget': 'Waiting for budget',
  'waiting-for-stream': 'Waiting for the stream',
  complete: 'Complete',
  partial: 'Partial',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

export const kindNames: Readonly<Record<Sync['kind'], string>> = {
  full: 'Full',
  incremental: 'Incremental',
  targeted: 'Targeted',
  preview: 'Preview',
}

export const triggerNames: Readonly<Record<Sync['trigger'], string>> = {
  saved: 'Connection saved',
  api: 'Asked for',
  schedule: 'Schedule',
  verification: 'Verification of removals',
  webhook: 'Webhook',
}

export const entityNames: Readonly<Record<EntityKind, string>> = {
  serviceUsers: 'People',
  entitlements: 'Entitlements',
  grants: 'Grants',
  nestings: 'Permissions of groups',
}

type OfResult = Pick<Sync, 'state' | 'waitingFor' | 'coverage'>

export function resultOf(sync: OfResult): SyncResult {
  switch (sync.state) {
    case 'requested':
      return 'queued'
    case 'running':
      if (sync.waitingFor === null) return 'running'
      return sync.waitingFor === 'stream' ? 'waiting-for-stream' : 'waiting-for-budget'
    case 'completed':
      return notReadBy(sync) > 0 ? 'partial' : 'complete'
    default:
      return sync.state
  }
}

export function isOver({ state }: Pick<Sync, 'state'>): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled'
}

/** How many scopes it could not read; those that the settings leave out are none of them. */
export function notReadBy({ coverage }: Pick<Sync, 'coverage'>): number {
  if (coverage === null) return 0
  return coverage.stale + coverage.unobservable - (coverage.notIncluded ?? 0)
}

/** How many scopes it has tried, and how many of them it has read. */
export function coverageOf(sync: Pick<Sync, 'coverage'>): { readonly read: number; readonly of: number } {
  const read = sync.coverage?.complete ?? 0
  return { read, of: read + notReadBy(sync) }
}

export interface Changes {
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** How many changes of every kind it has told; of a preview, how many it would. */
export function changesOf({ stats }: Pick<Sync, 'stats'>): Changes {
  const sum = { added: 0, changed: 0, removed: 0 }
  for (const { added, changed, removed } of Object.values(stats)) {
    sum.added += added
    sum.changed += changed
    sum.removed += removed
  }
  return sum
}

/** Such as "12 added, 3 removed"; "none". */
export function sayChanges({ added, changed, removed }: Changes, format = String as (count: number) => string): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${format(count)} ${word}`)
  return said.length === 0 ? 'none' : said.join(', ')
}

/** How long it has run, in seconds; null before it has begun. */
export function secondsOf({ startedAt, finishedAt }: Pick<Sync, 'startedAt' | 'finishedAt'>, nowMs: number) {
  if (startedAt === null) return null
  const endMs = finishedAt === null ? nowMs : Date.parse(finishedAt)
  return Math.max(0, (endMs - Date.parse(startedAt)) / 1_000)
}
