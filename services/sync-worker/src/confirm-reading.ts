import type { ScopeId } from '@clarity/shared/contract/ids'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import {
  isGreatLoss,
  lacks,
  lossUnconfirmed,
  lostAllGroups,
  readsDiffer,
  sampleOf,
  suddenlyEmpty,
} from './core/confirm.ts'
import type { EventContext } from './core/events.ts'
import type { Facts, Holding, Reading } from './core/facts.ts'
import { lossOf } from './core/hold.ts'
import type { Look } from './scopes/look.ts'
import type { ScopeOutcome } from './scopes/reading.ts'

/** How a removal was confirmed. */
export type Evidence = NonNullable<EventContext['evidence']>

/** How a scope is read, again and again the same, and how it is looked at from another side. */
export interface ScopeSource {
  readonly read: () => Promise<ScopeOutcome>
  readonly look: Look
}

/** What may be believed; without evidence there is nothing missing in it. */
export type Confirmed =
  | { readonly reading: Reading; readonly evidence: Evidence | null }
  | { readonly error: UpstreamError }

/** A loss that two lists made up agrees with nothing else: a few looks find it out. */
export const looksMax = 10

/**
 * Believes a reading that lacks something only when a second, independent one lacks it too, and when, where very much is
 * missing, looks by id agree.
 */
export async function confirmReading(
  scopeId: ScopeId,
  { before, first, source, now }: { before: Facts; first: Reading; source: ScopeSource; now: () => string },
): Promise<Confirmed> {
  if (lostAllGroups(before, first.facts)) return { error: suddenlyEmpty(scopeId) }
  if (!lacks(before, first.facts)) return { reading: first, evidence: null }
  const second = await source.read()
  if (second.state === 'incomplete') return second
  if (lacks(first.facts, second.reading.facts)) return { error: readsDiffer(scopeId) }
  const { holdings: lost } = lossOf(before, second.reading.facts)
  const isGreat = isGreatLoss(before.holdings.size, lost.length)
  const error = isGreat ? await lookByIds(scopeId, lost, source.look) : null
  if (error !== null) return { error }
  // It has all that the first one has, so what it lacks, both lack; and it is newer.
  return { reading: second.reading, evidence: { reads: isGreat ? 3 : 2, confirmedAt: now() } }
}

/** Why a great loss is not believed; null when every look says that it is so. */
async function lookByIds(scopeId: ScopeId, lost: readonly Holding[], look: Look): Promise<UpstreamError | null> {
  try {
    for (const holding of sampleOf(lost, looksMax)) if (await look(holding)) return readsDiffer(scopeId)
    return null
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    // The lists were shown a moment ago: that this is not says nothing of what the scope shows.
    return error.kind === 'permission' ? lossUnconfirmed(scopeId, error) : error
  }
}
