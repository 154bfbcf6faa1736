import { parser } from '@prometheus-io/lezer-promql'

/** A metric that a query asks for, with the labels by which it chooses. */
export interface Selector {
  readonly metric: string
  readonly labels: readonly string[]
}

/** What a query in PromQL is about. */
export interface Query {
  readonly selectors: readonly Selector[]
  /** Labels that stand outside selectors: those that it groups or joins by. */
  readonly grouping: readonly string[]
}

/**
 * Reads a query as far as names go.
 * @throws Error with the place, when it is not PromQL
 */
export function parseQuery(text: string): Query {
  const selectors: { metric: string; labels: string[] }[] = []
  const grouping: string[] = []
  parser.parse(text).iterate({
    enter(node) {
      const word = text.slice(node.from, node.to)
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${text}`)
      if (node.name === 'VectorSelector') selectors.push({ metric: '', labels: [] })
      const selector = selectors.at(-1)
      if (node.name === 'Identifier' && node.matchContext(['VectorSelector']) && selector) selector.metric = word
      if (node.name !== 'LabelName') return
      if (node.matchContext(['LabelMatchers', 'UnquotedLabelMatcher'])) selector?.labels.push(word)
      else grouping.push(word)
    },
  })
  return { selectors, grouping }
}
