import type { ScopeId } from '@clarity/shared/contract/ids'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Facts } from './facts.ts'

/** True when `after` lacks something that `before` has: then nothing is believed before a second read. */
export function lacks(before: Facts, after: Facts): boolean {
  return isMissing(before.holdings.keys(), after.holdings) || isMissing(before.groups, after.groups)
}

function isMissing(had: Iterable<string>, now: { has(key: string): boolean }): boolean {
  for (const key of had) if (!now.has(key)) return true
  return false
}

/** True when all of so many would go, or more than half and more than five: then it is looked at once more. */
export function isGreatLoss(held: number, lost: number): boolean {
  return lost > 0 && (lost === held || (lost > held / 2 && lost > 5))
}

/** Some of them, evenly spread: as many as are worth a request each. */
export function sampleOf<T>(items: readonly T[], max: number): T[] {
  const step = Math.max(1, items.length / max)
  return Array.from({ length: Math.min(max, items.length) }, (_, index) => items[Math.floor(index * step)]).filter(
    (item) => item !== undefined,
  )
}

/** True when there were groups and now there is none at all: nobody takes all of them away, but answers have been empty. */
export function lostAllGroups(before: Facts, after: Facts): boolean {
  return before.groups.size > 0 && after.groups.size === 0
}

/** A listing that is empty where there was something, or where there always is something. It is not believed. */
export function suddenlyEmpty(scopeId: ScopeId): UpstreamError {
  return new UpstreamError('contract', 'suddenly-empty', `Bitbucket lists nothing at all in ${scopeId}`, {
    remedy: 'Look at the workspace in Bitbucket; the facts stay as they were until something is listed again.',
    context: { scopeId },
  })
}

/**
 * Two complete reads of which the second lacks what the first one has. Pages shift while they are read, and answers have
 * been empty: one of the two is not whole, and nobody knows which, so neither proves that something is gone.
 */
export function readsDiffer(scopeId: ScopeId): UpstreamError {
  return new UpstreamError('contract', 'reads-differ', `Two reads of ${scopeId} in a row do not agree`, {
    remedy: 'Nothing to do: the facts stay as they were, and the next sync reads it again.',
    context: { scopeId },
  })
}

/** A great loss that two lists agree on, and that a look from another side could not confirm. */
export function lossUnconfirmed(scopeId: ScopeId, cause: UpstreamError): UpstreamError {
  return new UpstreamError('contract', 'loss-unconfirmed', `What ${scopeId} would lose could not be looked at by id`, {
    remedy: 'Nothing to do: the facts stay as they were, and the next sync looks again.',
    context: { scopeId },
    cause,
  })
}
