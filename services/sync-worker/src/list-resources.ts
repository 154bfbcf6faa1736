import { type BitbucketClient, listBegin, listChanged } from '@clarity/bitbucket'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { List, ListedKind, ListedRow, ListingStore } from '@clarity/shared/store/listings'
import type { ScopeCommitter } from './commit-scope.ts'
import { looksMax } from './confirm-reading.ts'
import { isGreatLoss, lossUnconfirmed, readsDiffer, sampleOf, suddenlyEmpty } from './core/confirm.ts'
import { resourceLook } from './scopes/look.ts'
import { readResourcePage, toListedResource } from './scopes/resources.ts'
import type { SliceBounds } from './slice-bounds.ts'
import type { ListEvidence, ListProgress } from './sync-cursor.ts'

/**
 * The list of the projects or of the repositories, page by page, over as many slices as it takes:
 *
 *   reading -> comparing -> (something is missing?) reading-again -> comparing-again -> applying -> removing
 *
 * What is known and not on the list counts as gone only when a second whole list lacks it too, and has all that the first
 * one has; where most of what is known would be gone, some of it is asked for by id besides. Until the list is whole
 * nothing of it is believed; if it does not become whole, all stays as it was.
 */
export interface ListPhase {
  readonly client: BitbucketClient
  readonly listings: ListingStore
  readonly committer: ScopeCommitter
  readonly clock: Clock
  readonly bounds: SliceBounds
  readonly workspaceSlug: string
  readonly list: Omit<List, 'again'>
  readonly token: string
  readonly isPreview: boolean
  /** Writes down how far it is, so that somebody else can go on from there. */
  readonly save: (progress: ListProgress) => Promise<void>
}

export type ListOutcome =
  | { readonly state: 'complete'; readonly again: boolean; readonly evidence: ListEvidence }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

/** How often a list that changes while it is read is read anew. */
const restartsMax = 1

/** Goes on with a list; @throws SliceOver between two steps, FencedError, and the signal's reason */
export async function runListPhase(
  phase: ListPhase,
  from: ListProgress | null,
  signal: AbortSignal,
): Promise<ListOutcome> {
  let progress = from ?? { step: 'reading', page: listBegin, wasReadAgain: false, restarts: 0 }
  const go = async (change: Partial<ListProgress>) => {
    progress = { ...progress, ...change }
    await phase.save(progress)
    phase.bounds.check()
  }
  for (;;) {
    const again = progress.step === 'reading-again' || progress.step === 'comparing-again'
    switch (progress.step) {
      case 'reading':
      case 'reading-again': {
        const outcome = await readOn(phase, progress, again, signal)
        if (outcome.state === 'incomplete') return outcome
        await go(
          outcome.state === 'complete'
            ? { page: outcome.page, step: again ? 'comparing-again' : 'comparing' }
            : outcome,
        )
        break
      }
      case 'comparing': {
        const missing = await findMissing(phase, { again: false })
        if (missing === 'all') return { state: 'incomplete', error: suddenlyEmpty(scopeOf(phase.list.kind)) }
        await go(missing === 'none' ? { step: 'applying' } : { step: 'reading-again', page: listBegin, restarts: 0 })
        break
      }
      case 'comparing-again': {
        if (!(await hasAllOfFirst(phase))) return { state: 'incomplete', error: readsDiffer(scopeOf(phase.list.kind)) }
        const error = await lookByIds(phase, signal)
        if (error !== null) return { state: 'incomplete', error }
        await go({ step: 'applying', wasReadAgain: true })
        break
      }
      case 'applying':
        await applyRows(phase, progress.wasReadAgain, signal)
        await go({ step: 'removing' })
        break
      case 'removing': {
        await removeMissing(phase, signal)
        await phase.committer.note(scopeOf(phase.list.kind))
        const { reported, rows, pages } = progress.page
        return {
          state: 'complete',
          again: progress.wasReadAgain,
          evidence: { bitbucketReported: reported, read: rows, pages },
        }
      }
    }
  }
}

/** The scope that the list itself is. */
export function scopeOf(kind: ListedKind): ScopeId {
  return kind === 'project' ? 'workspace/projects' : 'workspace/repositories'
}

async function readOn(phase: ListPhase, { page, restarts }: ListProgress, again: boolean, signal: AbortSignal) {
  const { client, listings, workspaceSlug, list } = phase
  if (page.pages === 0) await listings.forget({ ...list, again })
  const keep = (rows: readonly ListedRow[]) => listings.add({ ...list, again }, rows)
  const outcome = await readResourcePage(client, { kind: list.kind, workspaceSlug, from: page, keep }, signal)
  if (outcome.state !== 'incomplete') return { state: outcome.state, page: outcome.cursor }
  if (outcome.error.code !== listChanged || restarts === restartsMax) return outcome
  return { state: 'more' as const, page: listBegin, restarts: restarts + 1 }
}

/** Whether what is known is on the list: all of it, some of it, or nothing at all where there was something. */
async function findMissing(phase: ListPhase, { again }: { again: boolean }): Promise<'none' | 'some' | 'all'> {
  let [known, missing] = [0, 0]
  for await (const scopeIds of knownScopes(phase)) {
    known += scopeIds.length
    missing += (await phase.listings.lacking({ ...phase.list, again }, scopeIds)).length
  }
  if (missing === 0) return 'none'
  return missing === known && (await isEmpty(phase, again)) ? 'all' : 'some'
}

async function isEmpty({ listings, list }: ListPhase, again: boolean): Promise<boolean> {
  const { rows, next } = await listings.readListed({ ...list, again }, '0')
  return rows.length === 0 && next === null
}

/** One that lacks what the other has is not whole, and nobody knows which. */
async function hasAllOfFirst({ listings, list }: ListPhase): Promise<boolean> {
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const { rows, next } = await listings.readListed({ ...list, again: false }, cursor)
    const lacking = await listings.lacking(
      { ...list, again: true },
      rows.map(([scopeId]) => scopeId),
    )
    if (lacking.length > 0) return false
    cursor = next
  }
  return true
}

/** Why it is not believed that most of what is known is gone; null when it is, or when less is missing. */
async function lookByIds(phase: ListPhase, signal: AbortSignal): Promise<UpstreamError | null> {
  const { client, listings, list, workspaceSlug } = phase
  const scope = scopeOf(list.kind)
  let [known, gone] = [0, 0]
  const sample: ScopeId[] = []
  for await (const scopeIds of knownScopes(phase)) {
    known += scopeIds.length
    const missing = await listings.lacking({ ...list, again: true }, scopeIds)
    gone += missing.length
    sample.push(...sampleOf(missing, looksMax - sample.length))
  }
  if (!isGreatLoss(known, gone)) return null
  try {
    for (const row of await listings.find(list.connectionId, null, sample)) {
      if (await resourceLook(client, workspaceSlug, toListedResource(row), signal)) return readsDiffer(scope)
    }
    return null
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    return error.kind === 'permission' ? lossUnconfirmed(scope, error) : error
  }
}

/** Notes what is new on the list, and tells what has changed. */
async function applyRows(phase: ListPhase, again: boolean, signal: AbortSignal): Promise<void> {
  const { listings, list, committer, token, isPreview } = phase
  if (isPreview) return
  for (let cursor: string | null = '0'; cursor !== null; ) {
    signal.throwIfAborted()
    const { rows, next } = await listings.readListed({ ...list, again }, cursor)
    const known = await committer.readResources(rows.map(([scopeId]) => scopeId))
    await listings.learn(
      list.connectionId,
      token,
      rows.filter((_, index) => known[index] === null),
    )
    for (const [index, [scopeId, resource]] of rows.entries()) {
      const before = known[index]
      if (before != null && JSON.stringify(before) !== JSON.stringify(resource))
        await committer.describe(scopeId, resource)
    }
    cursor = next
  }
}

/** Takes away what neither list has. */
async function removeMissing(phase: ListPhase, signal: AbortSignal): Promise<void> {
  const { listings, list, committer, clock, bounds } = phase
  for await (const scopeIds of knownScopes(phase)) {
    const missing = await listings.lacking({ ...list, again: false }, scopeIds)
    const gone = await listings.lacking({ ...list, again: true }, missing)
    for (const scopeId of gone) {
      signal.throwIfAborted()
      await committer.remove(scopeId, { reads: 2, confirmedAt: toInstant(clock.now()) })
    }
    // What is gone by now is known no more, so the next slice goes on with the rest.
    bounds.check()
  }
}

async function* knownScopes({ listings, list }: ListPhase): AsyncGenerator<ScopeId[]> {
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const { rows, next } = await listings.readKnown(list.connectionId, list.kind, cursor)
    yield rows.map(([scopeId]) => scopeId)
    cursor = next
  }
}
