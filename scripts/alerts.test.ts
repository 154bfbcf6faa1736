import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { knownSeries, unknownNames } from './observed-names.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

const duration = z.string().regex(/^\d+[smhd]$/)
const Alert = z.strictObject({
  alert: z.string().regex(/^Clarity[A-Za-z]+$/),
  expr: z.string(),
  for: duration.optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(20), runbook: z.string() }),
})
const RuleFile = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Alert) })) })

const alerts = ['rules.yml', 'redis.rules.yml'].flatMap((file) =>
  RuleFile.parse(parse(read(`deploy/prometheus/${file}`))).groups.flatMap(({ rules }) => rules),
)
const known = knownSeries()

test.each(alerts)('$alert asks for what the services show, and Prometheus understands it', ({ expr }) => {
  expect(unknownNames(expr, known)).toEqual([])
})

test.each(alerts)(
  '$alert has a place in the runbook that says what it means and what to do',
  ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
    const [, section = ''] = read('docs/runbook.md').split(`\n#### ${alert}\n`)
    const text = section.split(/\n#+ /)[0] ?? ''
    for (const part of ['**Means**', '**Look**', '**Do**']) expect(text).toContain(part)
  },
)

test.each(alerts)('$alert shows in its texts only labels that its query leaves', ({ expr, annotations }) => {
  const { summary, description } = annotations
  const shown = [...`${summary} ${description}`.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
  for (const label of shown) expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b|absent\\(|^up\\{`))
})

test('each alert has a name of its own, and each fires in a test of the rules', () => {
  const names = alerts.map(({ alert }) => alert)
  expect(new Set(names).size).toBe(names.length)
  const tests = read('deploy/prometheus/rules.test.yml')
  for (const name of names) expect(tests).toContain(`alertname="${name}"`)
})

test('the runbook has no alert that there is not', () => {
  const headings = [...read('docs/runbook.md').matchAll(/^#### (Clarity\w+)$/gm)].map(([, name]) => name)
  expect(headings.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
})

test('the runbook speaks of what the services log', () => {
  const spoken = [...read('docs/runbook.md').matchAll(/"event":"([^"]+)"/g)].map(([, name = '']) => name)
  const logged = readSources().flatMap((text) => [...text.matchAll(/\bevent: '([^']+)'/g)].map(([, name]) => name))
  expect(spoken.filter((name) => !logged.includes(name))).toEqual([])
})

function readSources(): string[] {
  return ['services', 'packages'].flatMap((folder) => {
    const all = readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
    const sources = all.filter((path) => /^[^/]+\/src\/.*(?<!\.test)\.ts$/.test(path))
    return sources.map((path) => read(`${folder}/${path}`))
  })
}

test.each([
  ['clarity_outbox_entrys > 0', 'clarity_outbox_entrys: no service has it'],
  ['clarity_outbox_entries{shard="1"} > 0', 'clarity_outbox_entries: has no label shard'],
  ['sum by (tenant) (clarity_outbox_entries)', 'nothing has tenant'],
  ['rate(clarity_publisher_batch_seconds[5m])', 'clarity_publisher_batch_seconds: no service has it'],
])('%s is found to ask for what is not there', (query, fault) => {
  expect(unknownNames(query, known)).toEqual([fault])
})

const Target = z.object({ expr: z.string(), legendFormat: z.string() })
const Panel = z.object({
  id: z.int(),
  type: z.enum(['row', 'stat', 'timeseries', 'heatmap']),
  title: z.string(),
  gridPos: z.object({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
  targets: z.array(Target).default([]),
})
const Dashboard = z.object({
  uid: z.literal('clarity-bitbucket'),
  schemaVersion: z.int(),
  panels: z.array(Panel),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
})
const dashboard = Dashboard.parse(JSON.parse(read('deploy/grafana/clarity-bitbucket.json')))
const shown = dashboard.panels.filter(({ type }) => type !== 'row')

/** What Grafana puts in for its variables. */
const filled = (expr: string) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$service', '.*')

test.each(shown)('the panel "$title" asks for what the services show', ({ targets }) => {
  expect(targets).not.toEqual([])
  for (const { expr } of targets) expect(unknownNames(filled(expr), known)).toEqual([])
})

test('the panels of the dashboard have places and ids of their own', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x}/${y}`)
  expect(new Set(places).size).toBe(places.length)
  for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
})

test('every metric of ours is on the dashboard', () => {
  const queries = shown.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n')
  const names = [...known.keys()].filter((name) => name.startsWith('clarity_'))
  const families = new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))
  expect([...families].filter((name) => !queries.includes(name))).toEqual([])
})
