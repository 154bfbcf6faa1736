import type { HoldDecision } from '../contract/holds.ts'
import { heldId } from './hold-summary.ts'
import { digestOfRemovals, type HeldScope, type HoldMove, type OpenHold } from './holds.ts'

/** What a decision does to a hold, before it is made. */
export interface DecisionPlan {
  readonly decision: HoldDecision
  readonly moves: readonly HoldMove[]
  readonly counts: { readonly removed: number; readonly kept: number }
  /** Ids that were named and are not held. */
  readonly unknown: readonly string[]
}

/**
 * Approves what is held, or just the scopes, grants and nestings that are named. What is not named waits on.
 */
export function planApproval(hold: OpenHold, only?: readonly string[]): DecisionPlan {
  const named = only && new Set(only)
  const known = new Set<string>()
  const moves: HoldMove[] = []
  let [removed, kept] = [0, 0]
  for (const [scopeId, entry] of hold.scopes) {
    const isNamed = ([field, level]: readonly [string, string]) => {
      const id = heldId(scopeId, field, level)
      const found = named?.has(scopeId) ? scopeId : named?.has(id) ? id : null
      if (found !== null) known.add(found)
      return named === undefined || found !== null
    }
    const approved = entry.removals.filter(isNamed)
    const rest = entry.removals.filter((removal) => !approved.includes(removal))
    kept += rest.length
    removed += approved.length
    if (approved.length === 0) continue
    const left = rest.length === 0 ? null : part(entry, rest, [])
    moves.push({ scopeId, held: left, approved: part(entry, approved, rest.length === 0 ? entry.groups : []) })
  }
  const unknown = (only ?? []).filter((id) => !known.has(id))
  return { decision: kept === 0 ? 'approved' : 'partly', moves, counts: { removed, kept }, unknown }
}

/** Rejects all that is held: it stays as it was last told, and the same is not asked about again until it changes. */
export function planRejection(hold: OpenHold, decision: 'rejected' | 'expired'): DecisionPlan {
  const moves = [...hold.scopes].map(([scopeId, entry]) => ({
    scopeId,
    held: null,
    rejected: digestOfRemovals(entry),
  }))
  const kept = [...hold.scopes.values()].reduce((sum, { removals }) => sum + removals.length, 0)
  return { decision, moves, counts: { removed: 0, kept }, unknown: [] }
}

function part(entry: HeldScope, removals: HeldScope['removals'], groups: string[]): HeldScope {
  return { ...entry, removals, groups }
}
