import {
  type ConnectionId,
  entitlementId,
  entitlementParts,
  holdingParts,
  type ScopeId,
  type SyncId,
  scopeOfResource,
} from '@clarity/shared/contract/ids'
import type { VerificationRequest, Verified } from '@clarity/shared/contract/syncs'
import { holdingField } from '@clarity/shared/store/fact-fields'
import type { FactStore } from '@clarity/shared/store/facts'
import type { HoldStore } from '@clarity/shared/store/holds'
import { wasTriedBy } from '@clarity/shared/store/scope-record'
import { decodeFacts } from './core/facts.ts'

export interface VerifyOptions {
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly connectionId: ConnectionId
  readonly syncId: SyncId
}

/**
 * What became of grants and nestings whose scopes this sync has read: gone, still there, or, where the scope could not be
 * read whole, not observable. A level that was exchanged for another is gone, and the other is named.
 */
export async function verify(options: VerifyOptions, ids: VerificationRequest['ids']): Promise<Verified[]> {
  const scopes = new Map<ScopeId, ReturnType<typeof readScope>>()
  return Promise.all(
    ids.map(async (id): Promise<Verified> => {
      const { holder, entitlement } = holdingParts(id)
      const { resource, level } = entitlementParts(entitlement)
      const scopeId = scopeOfResource(resource)
      const reading = scopes.get(scopeId) ?? readScope(options, scopeId)
      scopes.set(scopeId, reading)
      const { notObservable, holdings, removals } = await reading
      if (notObservable !== null) return { id, state: 'not-observable', reason: notObservable }
      const field = holdingField(holder, resource)
      const now = holdings.get(field)?.level
      if (now === undefined) return { id, state: 'gone' }
      if (removals.has(field)) return { id, state: 'gone', held: true }
      return now === level ? { id, state: 'still-there' } : { id, state: 'gone', now: entitlementId(resource, now) }
    }),
  )
}

async function readScope({ facts, holds, connectionId, syncId }: VerifyOptions, scopeId: ScopeId) {
  const { record, fields } = await facts.readFacts(connectionId, scopeId)
  const { held, approved } = await holds.readScope(connectionId, scopeId)
  const isRead = wasTriedBy(record, syncId)
  const notObservable = isRead
    ? (record.notRead?.reason ?? null)
    : record.readAt === null
      ? 'unknown-scope'
      : 'not-read'
  const removals = new Set([...(held?.removals ?? []), ...(approved?.removals ?? [])].map(([field]) => field))
  return { notObservable, holdings: decodeFacts(scopeId, fields).holdings, removals }
}
