import type { Connection } from '@clarity/shared/contract/connections'
import { type PendingEvent, toConnectionRef } from '@clarity/shared/contract/events'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { settingsOf } from '@clarity/shared/contract/settings'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { FactStore, Step } from '@clarity/shared/store/facts'
import type { HeldScope, HoldStore } from '@clarity/shared/store/holds'
import { diffScope, mentionedEntities } from './core/diff.ts'
import { levelsToldAnyway } from './core/entitlements.ts'
import { type EventContext, scopeObservable } from './core/events.ts'
import { decodeFacts, type Reading } from './core/facts.ts'
import { withoutApproved } from './core/hold.ts'

export interface ReleaseOptions {
  readonly connection: Connection
  readonly token: string
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly clock: Clock
}

const attemptsMax = 20

/**
 * Makes the removals that somebody has approved, as they were observed then. Each scope's go in one commit with their
 * entry in the hold, so that whoever dies on the way has made and told what is gone from it. @throws FencedError
 */
export async function releaseApproved(options: ReleaseOptions): Promise<void> {
  const { holds, connection } = options
  const approved = await holds.readApproved(connection.id)
  if (approved.size === 0) return
  for (const [scopeId, entry] of approved) await release(options, scopeId, entry)
  await holds.settleRelease(connection.id)
}

async function release(options: ReleaseOptions, scopeId: ScopeId, entry: HeldScope): Promise<void> {
  const { facts, connection, token } = options
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const stored = await facts.readFacts(connection.id, scopeId)
    const before = decodeFacts(scopeId, stored.fields)
    const own = resourceIdOf(scopeId)
    const { publishLevels } = settingsOf(connection)
    const levels = entry.kind === 'resource-gone' ? [] : levelsToldAnyway(scopeId, publishLevels)
    const after = withoutApproved(before, entry, { own, levels })
    const isGone = entry.kind === 'resource-gone' && after.holdings.size === 0
    const reading: Reading = { facts: after, resource: null, users: new Map(), groups: new Map() }
    const ids = mentionedEntities(before, reading)
    const found = await facts.readEntities(connection.id, ids)
    const entities = new Map(ids.map((id, index) => [id, found[index] ?? null]))
    const [resource = null] = await facts.readResources(connection.id, [scopeId])
    const context = contextOf(connection, scopeId, entry, stored.record.readAt)
    const difference = diffScope({ scopeId, before, after: reading, resource, entities, context })
    const { notRead } = stored.record
    const isSeen = isGone && notRead?.state === 'unobservable'
    const observable = isSeen ? [{ events: [scopeObservable(context, notRead.since)] }] : []
    const steps = recordedAt(toInstant(options.clock.now()), difference, observable)
    const result = await facts.commit({
      connectionId: connection.id,
      tenantId: connection.tenantId,
      syncId: releaseId,
      scopeId,
      token,
      stored,
      steps,
      record: isGone ? 'remove' : 'keep',
      counts: null,
      hold: { clear: ['approved'] },
    })
    if (result.state === 'committed') return
  }
  throw new InvariantError('Approved removals could not be made: the scope changed with every try', { scopeId })
}

/** The steps, with events that say when they were decided: it was read long before. */
function* recordedAt(at: string, ...parts: readonly Iterable<Step>[]): Generator<Step, void> {
  const dated = (events: readonly PendingEvent[]) => events.map((event) => ({ ...event, recordedAt: at }))
  for (const steps of parts) {
    for (const { events, gone, kept, ...rest } of steps) {
      yield {
        ...rest,
        ...(events && { events: dated(events) }),
        ...(gone && { gone: dated(gone) }),
        ...(kept && { kept: { ...kept, events: dated(kept.events) } }),
      }
    }
  }
}

/** What belongs to no sync any more. */
const releaseId = 'syn_released'

function contextOf(
  connection: Connection,
  scopeId: ScopeId,
  { kind, observedAt, evidence }: HeldScope,
  previouslyObservedAt: string | null,
): EventContext {
  const removals = {
    'no-longer-listed': 'removed',
    'resource-gone': 'resource-removed',
    'left-the-workspace': 'user-left',
  } as const
  return {
    connection: toConnectionRef(connection),
    cause: 'release',
    observedAt,
    previouslyObservedAt,
    scope: scopeId,
    evidence,
    removal: removals[kind],
    membersOf: () => null,
  }
}
