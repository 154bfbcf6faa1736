import type { ScopeAges } from '../../api/insight.ts'
import type { Bin } from '../../ui/histogram.tsx'

type AgeCount = ScopeAges['ages'][number]

/** The ages of several kinds of scope together; all have the same bounds. */
export function sumAges(kinds: readonly Pick<ScopeAges, 'ages'>[]): AgeCount[] {
  const [first = []] = kinds.map(({ ages }) => ages)
  return first.map(({ underSeconds }, index) => ({
    underSeconds,
    count: kinds.reduce((sum, { ages }) => sum + (ages[index]?.count ?? 0), 0),
  }))
}

/** Bins of a histogram, each labelled by what it goes up to. */
export function toBins(ages: readonly AgeCount[], format: (count: number) => string): Bin[] {
  return ages.map(({ underSeconds, count }, index) => {
    const from = ages[index - 1]?.underSeconds ?? null
    const scopes = `${format(count)} ${count === 1 ? 'scope' : 'scopes'}`
    return {
      label: underSeconds === null ? 'older' : sayLength(underSeconds),
      count,
      text: `${scopes}, ${between(from, underSeconds)}`,
    }
  })
}

function between(from: number | null, under: number | null): string {
  if (under === null) return `read ${sayLength(from ?? 0)} ago or longer`
  if (from === null) return `read less than ${sayLength(under)} ago`
  return `read ${sayLength(from)} to ${sayLength(under)} ago`
}

function sayLength(seconds: number): string {
  if (seconds < 3_600) return `${seconds / 60} min`
  return `${seconds / 3_600} h`
}
