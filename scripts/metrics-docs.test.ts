import { expect, test } from 'vitest'
import { metricsOfServices } from './metrics-docs.ts'

const metrics = [...metricsOfServices()].flatMap(([service, all]) => all.map((metric) => ({ service, ...metric })))

test.each(metrics)(
  '$service: $name is named as Prometheus asks for, with its unit, and says what it means',
  (metric) => {
    const { name, type, help } = metric
    expect(name).toMatch(/^clarity_[a-z_]+$/)
    expect(help.length).toBeGreaterThan(10)
    expect(help).not.toMatch(/[.|]$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    if (type === 'histogram') expect(name).toMatch(/_(seconds|events)$/)
  },
)

/** What can be a label: each has a few values, none of them made up by a caller, and none says whose it is. */
const labels = [
  'coverage',
  'dependency',
  'endpoint',
  'event',
  'kind',
  'method',
  'outcome',
  'reason',
  'result',
  'route',
  'scope',
  'state',
  'status',
  'used',
]

test('no label says whose it is', () => {
  for (const { name, labelNames } of metrics) for (const label of labelNames) expect(labels, name).toContain(label)
})

test('what two services count has one meaning', () => {
  const meanings = new Map<string, string>()
  for (const { name, help } of metrics) expect(meanings.set(name, meanings.get(name) ?? help).get(name)).toBe(help)
  expect(metrics.length).toBeGreaterThan(meanings.size)
})
