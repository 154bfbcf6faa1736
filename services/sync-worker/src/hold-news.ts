import type { Connection } from '@clarity/shared/contract/connections'
import { defaultRemovalLimit } from '@clarity/shared/contract/holds'
import type { SyncKind } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import type { FactStore } from '@clarity/shared/store/facts'
import { summarizeHold } from '@clarity/shared/store/hold-summary'
import { HoldRecord, type HoldStore, type OpenHold } from '@clarity/shared/store/holds'
import { syncHeld, syncReleased } from './core/events.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import { causes, contextOf } from './transitions.ts'

export interface HoldNewsOptions {
  readonly holds: HoldStore
  readonly facts: FactStore
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<SyncWorkerMetrics, 'told' | 'removalsHeld'>
  readonly connection: Connection
  readonly kind: SyncKind
  /** At the end of a sync more is told than that something is held: how much. */
  readonly isEnd: boolean
}

const attemptsMax = 5

/**
 * Tells that removals are held: as soon as there are any, and again at the end of a sync that has found others. A hold in
 * which nothing is left, for Bitbucket shows it all again, ends as restored.
 */
export async function announceHold(options: HoldNewsOptions): Promise<void> {
  const { holds, facts, connection, kind, clock, isEnd } = options
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const hold = await holds.read(connection.id)
    if (hold === null) return
    const held = countHeld(hold)
    const { record } = hold
    const isNews = record.announced === null || (isEnd && record.announced !== held)
    if (held > 0 && !isNews) return
    const totals = await facts.readTotals(connection.id)
    const context = contextOf(connection, causes[kind], clock)
    const { wouldRemove, causes: held20, sample } = summarizeHold(hold, totals)
    const news = {
      wouldRemove,
      limit: connection.removalLimit ?? defaultRemovalLimit,
      causes: held20,
      sample,
      expiresAt: record.expiresAt,
    }
    const events =
      held > 0
        ? [syncHeld(context, record.syncId, news)]
        : [syncReleased(context, record.syncId, { decision: 'restored', counts: { removed: 0, kept: 0 } })]
    const { tenantId, id: connectionId } = connection
    const after = HoldRecord.parse({ ...record, announced: held })
    if (!(await holds.change({ tenantId, connectionId, hold, moves: [], record: after, events }))) continue
    return tell(options, { held, heldBefore: record.announced ?? 0, syncId: record.syncId })
  }
}

function tell(
  { connection: { tenantId, id: connectionId }, log, metrics }: HoldNewsOptions,
  { held, heldBefore, syncId }: { readonly held: number; readonly heldBefore: number; readonly syncId: string },
): void {
  metrics.told([held > 0 ? 'sync.held' : 'sync.released'])
  metrics.removalsHeld(Math.max(0, held - heldBefore))
  const ids = { tenantId, connectionId, syncId }
  if (held > 0) log.error({ event: 'sync.held', ...ids, held }, 'removals are held: somebody must decide')
  else log.info({ event: 'sync.released', ...ids, decision: 'restored' }, 'nothing is held any more')
}

function countHeld({ scopes }: OpenHold): number {
  return [...scopes.values()].reduce((sum, { removals }) => sum + removals.length, 0)
}
