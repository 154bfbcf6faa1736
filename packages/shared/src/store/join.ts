import type { ScopeId, SyncId } from '../contract/ids.ts'
import { scopesPerSyncMax } from '../contract/scopes.ts'
import type { Sync, SyncKind } from '../contract/syncs.ts'

/** What becomes of a request for a sync, given those of the connection that are not finished. */
export type RequestDecision =
  /** An open sync will deliver what is asked for. */
  | { readonly type: 'join'; readonly syncId: SyncId }
  /** One that has not begun reads these scopes as well. */
  | { readonly type: 'extend'; readonly syncId: SyncId; readonly scopes: readonly ScopeId[] }
  /** It gets a sync of its own, which waits for its turn. */
  | { readonly type: 'append' }

export interface WantedSync {
  readonly kind: SyncKind
  readonly scopes: readonly ScopeId[] | null
}

type OpenSync = Pick<Sync, 'id' | 'kind' | 'state' | 'scopes'>

/**
 * Joins where the open sync delivers as much: a full one delivers an incremental one too. A targeted one is asked for
 * because somebody wants to know how it is now, so it joins only what has not begun to read.
 */
export function decideRequest(open: readonly OpenSync[], wanted: WantedSync): RequestDecision {
  const delivering = open.find((sync) => delivers(sync, wanted))
  if (delivering !== undefined) return { type: 'join', syncId: delivering.id }
  const waiting = open.find(({ kind, state }) => kind === 'targeted' && state === 'requested')
  if (wanted.scopes === null || waiting === undefined) return { type: 'append' }
  const scopes = [...new Set([...(waiting.scopes ?? []), ...wanted.scopes])]
  return scopes.length > scopesPerSyncMax ? { type: 'append' } : { type: 'extend', syncId: waiting.id, scopes }
}

function delivers(open: OpenSync, wanted: WantedSync): boolean {
  switch (wanted.kind) {
    case 'preview':
      return open.kind === 'preview'
    case 'full':
      return open.kind === 'full'
    case 'incremental':
      return open.kind === 'full' || open.kind === 'incremental'
    case 'targeted':
      return (
        open.kind === 'targeted' &&
        open.state === 'requested' &&
        (wanted.scopes ?? []).every((scope) => open.scopes?.includes(scope))
      )
  }
}

/** How many of the open ones have their turn before this one; null when it does not wait for its first. */
export function countAhead(open: readonly OpenSync[], id: SyncId): number | null {
  const targeted = open.filter(({ kind }) => kind === 'targeted')
  const inTurn = [...targeted, ...open.filter(({ kind }) => kind !== 'targeted')]
  const at = inTurn.findIndex((sync) => sync.id === id)
  return inTurn[at]?.state === 'requested' ? at : null
}

/** Whose turn it is: targeted ones, for somebody waits for their answer, and else the oldest. */
export function nextInTurn(open: readonly OpenSync[]): OpenSync | null {
  return open.find(({ kind }) => kind === 'targeted') ?? open[0] ?? null
}
