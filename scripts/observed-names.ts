import { metricsOfServices } from './metrics-docs.ts'
import { parseQuery } from './promql.ts'

/** What Prometheus itself adds to a series, and our registry to every metric. */
const labelsOfAll = ['instance', 'job', 'service']

/** Metrics that are not ours, with their labels: Prometheus's own, those that Node has everywhere, redis_exporter's. */
const others: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  process_cpu_seconds_total: [],
  process_resident_memory_bytes: [],
  nodejs_eventloop_lag_p99_seconds: [],
  redis_memory_used_bytes: [],
  redis_memory_max_bytes: [],
  redis_aof_enabled: [],
  redis_aof_last_write_status: [],
}

/** Name of a series -> the labels that it has, of all that can be asked for. */
export function knownSeries(): ReadonlyMap<string, readonly string[]> {
  const known = new Map(Object.entries(others))
  for (const metrics of metricsOfServices().values()) {
    for (const { name, type, labelNames } of metrics) {
      if (type !== 'histogram') known.set(name, labelNames)
      else {
        known.set(`${name}_bucket`, [...labelNames, 'le'])
        known.set(`${name}_sum`, labelNames)
        known.set(`${name}_count`, labelNames)
      }
    }
  }
  return known
}

/** Every name in a query that no service has, as a line that says which; none when all is well. */
export function unknownNames(query: string, known: ReadonlyMap<string, readonly string[]>): string[] {
  const { selectors, grouping } = parseQuery(query)
  const faults = selectors.flatMap(({ metric, labels }) => {
    const has = known.get(metric)
    if (has === undefined) return [`${metric || 'a selector without a name'}: no service has it`]
    const unknown = labels.filter((label) => !has.includes(label) && !labelsOfAll.includes(label))
    return unknown.map((label) => `${metric}: has no label ${label}`)
  })
  const groupable = [...labelsOfAll, ...selectors.flatMap(({ metric }) => known.get(metric) ?? [])]
  return [...faults, ...grouping.filter((label) => !groupable.includes(label)).map((label) => `nothing has ${label}`)]
}
