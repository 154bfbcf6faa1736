import {
  type AgeCount,
  ageBoundsSeconds,
  type Freshness,
  type ScopeAgeKind,
  type ScopeAges,
} from '../contract/freshness.ts'

/** A scope and when its facts were last read, in milliseconds since 1970; null: never. */
export interface ScopeRead {
  readonly kind: ScopeAgeKind
  readonly readAt: number | null
}

/**
 * How old the facts of each kind of scope are at `now`. A percentile is the age of a scope (nearest rank), so half of the
 * scopes are at most as old as the median. Scopes never read are counted and have no age; a clock that went back gives 0.
 */
export function measureFreshness(scopes: Iterable<ScopeRead>, now: number): Freshness {
  const ages: Record<ScopeAgeKind, Ages> = {
    members: new Ages(),
    groups: new Ages(),
    projects: new Ages(),
    repositories: new Ages(),
    project: new Ages(),
    repository: new Ages(),
  }
  for (const { kind, readAt } of scopes) ages[kind].add(readAt === null ? null : Math.max(0, now - readAt))
  return {
    members: ages.members.summarise(),
    groups: ages.groups.summarise(),
    projects: ages.projects.summarise(),
    repositories: ages.repositories.summarise(),
    project: ages.project.summarise(),
    repository: ages.repository.summarise(),
  }
}

/** The smallest of the sorted values that at least this share of them does not exceed; null of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

class Ages {
  readonly #seconds: number[] = []
  #neverRead = 0

  add(ageMs: number | null): void {
    if (ageMs === null) this.#neverRead++
    else this.#seconds.push(ageMs / 1_000)
  }

  summarise(): ScopeAges {
    const sorted = Float64Array.from(this.#seconds).sort()
    return {
      count: sorted.length + this.#neverRead,
      neverRead: this.#neverRead,
      medianSeconds: percentile(sorted, 0.5),
      p95Seconds: percentile(sorted, 0.95),
      oldestSeconds: percentile(sorted, 1),
      ages: countAges(sorted),
    }
  }
}

/** How many of the sorted ages are below each bound and not below the one before, and last how many are older than all. */
function countAges(sorted: Float64Array): AgeCount[] {
  let counted = 0
  const upTo = (end: number) => {
    const count = end - counted
    counted = end
    return count
  }
  return [
    ...ageBoundsSeconds.map((underSeconds) => {
      const first = sorted.findIndex((seconds) => seconds >= underSeconds)
      return { underSeconds, count: upTo(first < 0 ? sorted.length : first) }
    }),
    { underSeconds: null, count: upTo(sorted.length) },
  ]
}
