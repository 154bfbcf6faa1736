import type { Answer, Finding } from './deviation.ts'

/** A place where Bitbucket itself differs from its description, so that the simulator has to as well. */
export interface KnownDeviation {
  readonly id: string
  /** All that is given must fit, of a list one. In routes and pointers `*` is one segment, `**` any number of them. */
  readonly match: {
    readonly keyword: string
    readonly routes?: readonly string[]
    readonly pointers?: readonly string[]
    readonly status?: number
    /** What is there instead, as a finding has it. */
    readonly found?: string
  }
  readonly reason: string
  /** Where the difference can be seen: public documentation, an issue, the source of a client. */
  readonly source: string
}

/** Tells which known deviation explains a finding, if any: the first in the list that fits. */
export function createKnownMatcher(known: readonly KnownDeviation[]) {
  const entries = known.map(({ id, match }) => ({
    id,
    match,
    routes: match.routes?.map((each) => toPattern(withoutNames(each))) ?? [/^/],
    pointers: match.pointers?.map(toPattern) ?? [/^/],
  }))
  return ({ route, status }: Answer, { pointer, keyword, found }: Finding): string | undefined => {
    const place = withoutNames(route)
    return entries.find(
      ({ match, routes, pointers }) =>
        match.keyword === keyword &&
        (match.status ?? status) === status &&
        (match.found ?? found) === found &&
        pointers.some((each) => each.test(pointer)) &&
        routes.some((each) => each.test(place)),
    )?.id
  }
}

/** The names of parameters are nobody's promise. */
function withoutNames(route: string): string {
  return route.replaceAll(/\{[^}]*\}/g, '{}')
}

function toPattern(glob: string): RegExp {
  const segments = glob.split('/').slice(1)
  const patterns = segments.map((each) => {
    if (each === '**') return '(/[^/]*)*'
    return each === '*' ? '/[^/]*' : `/${each.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`
  })
  return new RegExp(`^${patterns.join('')}$`)
}
