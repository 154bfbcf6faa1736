import type { Answer } from '../../api/client.ts'

type Coverage = Answer<'getCoverage'>
/** A scope that cannot be read, and since when. */
export type Unreadable = Coverage['unobservable'][number]

/** What is not covered. */
export interface Uncovered {
  readonly state: Coverage['state']
  readonly unobservable: readonly Unreadable[]
}

/** Why a list is empty: four answers that must not be taken for one another. */
export type Emptiness =
  | { readonly because: 'nothing-fits' | 'not-read' | 'nobody' }
  | { readonly because: 'unreadable'; readonly scope: Unreadable }

/** @param scopes what the list would have been read from */
export function emptinessOf(coverage: Uncovered, scopes: readonly string[], hasFilters: boolean): Emptiness {
  const scope = unreadableOf(coverage, scopes)
  if (scope !== undefined) return { because: 'unreadable', scope }
  if (coverage.state === 'none') return { because: 'not-read' }
  return { because: hasFilters ? 'nothing-fits' : 'nobody' }
}

/** The first of the scopes that cannot be read. */
export function unreadableOf(
  { unobservable }: Pick<Uncovered, 'unobservable'>,
  scopes: readonly string[],
): Unreadable | undefined {
  return unobservable.find(({ id }) => scopes.includes(id))
}

/** "Could not be read since Tuesday (403)". */
export function unreadableInWords({ since, reason }: Pick<Unreadable, 'since' | 'reason'>, nowMs: number): string {
  const days = (nowMs - Date.parse(since)) / 86_400_000
  const day = new Intl.DateTimeFormat(undefined, days < 6 ? { weekday: 'long' } : { dateStyle: 'medium' })
  const when = days < 1 ? new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }) : day
  return `Could not be read since ${when.format(new Date(since))} (${reasonInWords(reason)})`
}

function reasonInWords(reason: string): string {
  if (reason === 'not-included') return 'left out by the settings'
  return reason.replace(/^http-/, '')
}
