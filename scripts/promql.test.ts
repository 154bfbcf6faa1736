import { expect, test } from 'vitest'
import { parseQuery } from './promql.ts'

test('a query names its metrics, the labels that it chooses by and those that it groups by', () => {
  const query = 'sum by (le) (rate(a_bucket{scope=~"x|y", le!="3"}[6h])) > on (service) max_over_time(sum(b)[1d:5m])'
  expect(parseQuery(query)).toEqual({
    selectors: [
      { metric: 'a_bucket', labels: ['scope', 'le'] },
      { metric: 'b', labels: [] },
    ],
    grouping: ['le', 'service'],
  })
})

test.each(['sum(', 'rate(a[5m)', 'a >'])('%s is no query', (query) => {
  expect(() => parseQuery(query)).toThrow('no PromQL')
})
