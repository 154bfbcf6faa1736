import { defaultRemovalLimit, type Hold, type HoldApproval, type HoldRejection } from '@clarity/shared/contract/holds'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError, InvariantError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { FactStore } from '@clarity/shared/store/facts'
import { type DecisionPlan, planApproval, planRejection } from '@clarity/shared/store/hold-decisions'
import { scopesToLookAgain, summarizeHold } from '@clarity/shared/store/hold-summary'
import type { HoldStore, OpenHold } from '@clarity/shared/store/holds'
import type { Audit, RequestedBy } from '../audit.ts'
import type { FindConnection } from '../connections/find-connection.ts'
import { syncReleased } from '../events.ts'
import { type HeldRemovalPage, type HeldRemovalQuery, readHeldRemovals } from './held-removals.ts'

export interface HoldServiceOptions {
  readonly find: FindConnection
  readonly audit: Audit
  readonly holds: HoldStore
  readonly facts: FactStore
  readonly clock: Clock
  readonly log: Logger
}

/** What became of a decision. */
export interface Decided {
  readonly decision: DecisionPlan['decision']
  readonly removed: number
  readonly kept: number
}

/** Who decides, what, and why. */
interface Decider {
  readonly by: RequestedBy
  readonly reason: string
  readonly action: 'removals.approved' | 'removals.rejected'
}

/** Each try reads the hold anew: a sync may change it meanwhile. */
const attemptsMax = 10

/** Removals that wait for somebody: shows them, and takes the decision. The workers make what is approved. */
export class HoldService {
  readonly #options: HoldServiceOptions

  constructor(options: HoldServiceOptions) {
    this.#options = options
  }

  /** @throws InputError 404 when nothing is held */
  async read(tenantId: TenantId, connectionId: ConnectionId): Promise<Hold> {
    const { connection } = await this.#options.find(tenantId, connectionId)
    const hold = await this.#open(connectionId)
    const { id, syncId, openedAt, expiresAt } = hold.record
    const summary = summarizeHold(hold, await this.#options.facts.readTotals(connectionId))
    return {
      id,
      syncId,
      openedAt,
      expiresAt,
      ...summary,
      scopes: hold.scopes.size,
      lookAgain: scopesToLookAgain(hold),
      limit: connection.removalLimit ?? defaultRemovalLimit,
      reason: holdReason,
    }
  }

  /** A page of all that is held; none while nothing is. */
  async list(tenantId: TenantId, connectionId: ConnectionId, query: HeldRemovalQuery): Promise<HeldRemovalPage> {
    await this.#options.find(tenantId, connectionId)
    return readHeldRemovals(this.#options, connectionId, query)
  }

  /** Approves everything that is held, or just what is named. @throws InputError 422 for ids that are not held */
  approve(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    { only, reason }: HoldApproval,
  ): Promise<Decided> {
    return this.#decide({ by, reason, action: 'removals.approved' }, tenantId, connectionId, (hold) =>
      planApproval(hold, only),
    )
  }

  /** Rejects everything that is held; the same is not asked about again until it changes. */
  reject(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId, { reason }: HoldRejection): Promise<Decided> {
    return this.#decide({ by, reason, action: 'removals.rejected' }, tenantId, connectionId, (hold) =>
      planRejection(hold, 'rejected'),
    )
  }

  async #decide(
    { by, reason, action }: Decider,
    tenantId: TenantId,
    connectionId: ConnectionId,
    plan: (hold: OpenHold) => DecisionPlan,
  ): Promise<Decided> {
    const { find, holds, clock, log, audit } = this.#options
    const { connection } = await find(tenantId, connectionId)
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const hold = await this.#open(connectionId)
      const { decision, moves, counts, unknown } = plan(hold)
      if (unknown.length > 0) throw notHeld(unknown)
      const event = syncReleased(connection, hold.record.syncId, { decision, counts }, toInstant(clock.now()))
      const target = { kind: 'sync' as const, id: hold.record.syncId }
      const record = audit(by, { tenantId, connectionId, action, target, after: { decision, counts }, reason })
      const forgivesRemovals = decision === 'approved' || decision === 'partly'
      if (!(await holds.change({ tenantId, connectionId, hold, moves, events: [record, event], forgivesRemovals })))
        continue
      log.info({ event: 'hold.decided', tenantId, connectionId, decision, ...counts }, 'held removals decided')
      return { decision, ...counts }
    }
    throw new InvariantError('A decision could not be made: the hold changed with every try', { connectionId })
  }

  async #open(connectionId: ConnectionId): Promise<OpenHold> {
    const hold = await this.#options.holds.read(connectionId)
    if (hold !== null) return hold
    throw new InputError('nothing-held', 'No removals of this connection are held', {
      remedy: 'Nothing to do: every removal that was found has been told.',
    })
  }
}

const holdReason = 'Within a day more grants and nestings would go than the limit of the connection lets pass unasked.'

function notHeld(ids: readonly string[]): InputError {
  const remedy = 'Name scopes, grants or nestings that are held now; leave `only` out to approve everything.'
  return new InputError('not-held', `${ids.length} of the named ids are not held`, {
    remedy,
    mistakes: ids.slice(0, 20).map((id) => ({ field: 'only', message: `${id} is not held`, remedy })),
  })
}
