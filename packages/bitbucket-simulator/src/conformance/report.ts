import type { Answer, Deviation } from './deviation.ts'
import type { KnownDeviation } from './known.ts'

export interface ConformanceReport {
  /** Answers that were held against the description. */
  readonly checked: number
  readonly endpoints: readonly Endpoint[]
  /** Answers of which the description says nothing. */
  readonly notDescribed: readonly NotDescribed[]
  /** Known deviations that were met. */
  readonly known: readonly (Pick<KnownDeviation, 'id' | 'reason' | 'source'> & { readonly count: number })[]
  /** Deviations that nothing explains, by kind. */
  readonly unknown: readonly UnknownDeviation[]
  /** Ids of known deviations that were not met: no answer needed them. */
  readonly unused: readonly string[]
}

interface Endpoint {
  readonly method: string
  readonly route: string
  answers: number
  readonly byStatus: Record<string, number>
}

export interface NotDescribed extends Pick<Answer, 'method' | 'route' | 'status'> {
  readonly what: 'route' | 'method' | 'status'
  answers: number
}

interface UnknownDeviation extends Pick<Deviation, 'method' | 'route' | 'status' | 'keyword'> {
  /** The JSON pointer, with `*` for the places in lists. */
  readonly place: string
  count: number
  /** The first few. */
  readonly examples: Pick<Deviation, 'pointer' | 'message'>[]
}

const examplesMax = 3

/** Counts answers and deviations. Keeps no body. */
export function createTally(known: readonly KnownDeviation[]) {
  const endpoints = new Map<string, Endpoint>()
  const notDescribed = new Map<string, NotDescribed>()
  const knownCounts = new Map<string, number>()
  const unknown = new Map<string, UnknownDeviation>()
  let checked = 0

  return {
    countChecked({ method, route, status }: Answer): void {
      checked += 1
      const endpoint = getOrAdd(
        endpoints,
        `${method} ${route}`,
        (): Endpoint => ({ method, route, answers: 0, byStatus: {} }),
      )
      endpoint.answers += 1
      endpoint.byStatus[status] = (endpoint.byStatus[status] ?? 0) + 1
    },
    countNotDescribed({ method, route, status }: Answer, what: NotDescribed['what']): void {
      const key = `${method} ${route} ${status}`
      getOrAdd(notDescribed, key, () => ({ method, route, status, what, answers: 0 })).answers += 1
    },
    countDeviation({ method, route, status, pointer, keyword, message, knownAs }: Deviation): void {
      if (knownAs !== null) {
        knownCounts.set(knownAs, (knownCounts.get(knownAs) ?? 0) + 1)
        return
      }
      const place = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*')
      const key = `${method} ${route} ${status} ${keyword} ${place}`
      const kind = getOrAdd(unknown, key, () => ({ method, route, status, keyword, place, count: 0, examples: [] }))
      kind.count += 1
      if (kind.examples.length < examplesMax) kind.examples.push({ pointer, message })
    },
    report(): ConformanceReport {
      const counted = known.map(({ id, reason, source }) => ({ id, reason, source, count: knownCounts.get(id) ?? 0 }))
      return structuredClone({
        checked,
        endpoints: [...endpoints.values()],
        notDescribed: [...notDescribed.values()],
        known: counted.filter(({ count }) => count > 0),
        unknown: [...unknown.values()],
        unused: counted.filter(({ count }) => count === 0).map(({ id }) => id),
      })
    },
  }
}

function getOrAdd<T>(map: Map<string, T>, key: string, make: () => T): T {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
