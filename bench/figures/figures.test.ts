import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chooseParts, parts } from '../parts.ts'
import { Figure, FigureName, isMet, specs, toFigure } from './figure.ts'
import { fillPage, renderCharts } from './performance.ts'
import { mergeFigures, mergePoints, readResults, readScaling, resultsFile, scalingFile, writeJson } from './results.ts'
import { renderMarkdown, renderTable } from './table.ts'

const rss = toFigure('worker.rss_mib_at_1m_grants', 190.4567, 'How it was.')
const ratio = toFigure('publisher.ratio_to_bare_kafkajs', 0.8, 'How | it was.')
const events = toFigure('publisher.events_per_second', 11_487.3, 'How it was.')

describe('figures', () => {
  test('each is given by exactly one part', () => {
    expect(parts.flatMap(({ figures }) => figures).toSorted()).toEqual(FigureName.options.toSorted())
  })

  test('have the names and targets that were agreed', () => {
    const targets = FigureName.options.map((name) => [name, specs[name].target])
    expect(Object.fromEntries(targets)).toEqual({
      'full_sync.requests_over_floor': 0,
      'worker.responses_per_second': 1_000,
      'worker.facts_per_second': 50_000,
      'publisher.ratio_to_bare_kafkajs': 0.9,
      'publisher.events_per_second': null,
      'latency.api_to_first_event_ms_p99': 250,
      'latency.commit_to_kafka_ms_p99': 50,
      'worker.rss_mib_at_1m_grants': 200,
      'redis.bytes_per_grant': 64,
      tenants_per_worker_core: 4_000,
      'fairness.small_tenant_p95_ratio': 1.5,
      'freshness.roles_and_groups_p95_minutes': 35,
      'freshness.project_grants_p95_minutes': 270,
      'freshness.repository_median_ratio_to_round_robin': 0.4,
      'freshness.repository_oldest_hours': 36,
      'access_view.events_per_second': 10_000,
      'access_view.who_can_ms_p95_at_1m_grants': 100,
      'api.read_requests_per_second': null,
    })
  })

  test('keep four digits, and are refused when nothing was measured', () => {
    expect(rss).toEqual({
      name: 'worker.rss_mib_at_1m_grants',
      value: 190.5,
      unit: 'MiB',
      method: 'How it was.',
      target: 200,
    })
    expect(() => toFigure('redis.bytes_per_grant', Number.NaN, 'x')).toThrow('nothing was measured')
    expect(Figure.safeParse({ ...rss, name: 'another' }).success).toBe(false)
    expect(Figure.safeParse({ ...rss, method: '' }).success).toBe(false)
  })

  test('are met on their own side of the target, the target itself included', () => {
    expect([rss, ratio, events].map(isMet)).toEqual([true, false, null])
    expect(isMet({ ...rss, value: 200 })).toBe(true)
    expect(isMet({ ...rss, value: 200.1 })).toBe(false)
    expect(isMet({ ...ratio, value: 0.9 })).toBe(true)
    expect(isMet(toFigure('full_sync.requests_over_floor', 1, 'x'))).toBe(false)
  })
})

test('parts are chosen by the beginning of their figures’ names', () => {
  expect(chooseParts('')).toEqual(parts)
  expect(chooseParts('freshness').map(({ figures }) => figures[0])).toEqual(['freshness.roles_and_groups_p95_minutes'])
  expect(chooseParts('latency')).toHaveLength(2)
  expect(chooseParts('x')).toEqual([])
})

test('the table has columns that stand below each other', () => {
  expect(renderTable([rss, ratio, events])).toBe(
    [
      'name                              value  unit   target        met',
      'worker.rss_mib_at_1m_grants       190.5  MiB    at most 200   yes',
      'publisher.ratio_to_bare_kafkajs     0.8  ratio  at least 0.9  no',
      'publisher.events_per_second      11,490  1/s    –             –',
      '',
    ].join('\n'),
  )
})

test('in Markdown it says how each was measured, between the marks of the page', () => {
  const page = 'a\n<!-- figures: made by pnpm run docs -->\nold\n<!-- end of figures -->\nb\n'
  const filled = fillPage(page, [ratio])
  expect(filled).toContain('| `publisher.ratio_to_bare_kafkajs` | 0.8 | ratio | at least 0.9 | no | How \\| it was. |')
  expect(filled).not.toContain('old')
  expect(fillPage(filled, [ratio])).toBe(filled)
  expect(() => fillPage('nothing', [ratio])).toThrow('marks')
  expect(renderMarkdown([]).split('\n')).toHaveLength(3)
})

describe('what is kept', () => {
  test('is replaced by name, in the order of the table', () => {
    const fresh = { ...rss, value: 180 }
    expect(mergeFigures([events, rss], [fresh])).toEqual([fresh, events])
  })

  test('is replaced by series and size, the smallest first', () => {
    const small = { series: 'redis_mib', size: 1_000, grants: 990, value: 1 } as const
    const large = { series: 'redis_mib', size: 1_000_000, grants: 1_009_134, value: 59 } as const
    const again = { ...small, grants: 1_010, value: 2 }
    expect(mergePoints([large, small], [again])).toEqual([again, large])
  })

  test('is read back as it was written, and a file that is not there is empty', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'figures-')), 'results.json')
    expect(readResults(file)).toEqual([])
    writeJson(file, [rss])
    expect(readResults(file)).toEqual([rss])
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([rss])
  })

  test('in this repository has its shape, each unit and target as agreed', () => {
    expect(existsSync(resultsFile)).toBe(true)
    for (const { name, unit, target, method } of readResults(resultsFile)) {
      expect({ unit, target }).toEqual({ unit: specs[name].unit, target: specs[name].target })
      expect(method).not.toMatch(/smaller form/)
    }
    expect(readScaling(scalingFile).length).toBeGreaterThan(0)
  })
})

test('a chart draws a line through its points, and what it should stay below', () => {
  const at = (size: number, value: number) => ({ series: 'worker_peak_mib' as const, size, grants: size, value })
  const charts = new Map(renderCharts([at(1_000, 130), at(1_000_000, 190)]))
  expect([...charts.keys()]).toEqual(['docs/performance/worker-memory.svg'])
  const svg = charts.get('docs/performance/worker-memory.svg') ?? ''
  expect(svg.match(/<circle/g)).toHaveLength(2)
  expect(svg).toContain('target 200')
  expect(svg).toContain('1,000,000')
  expect(svg).not.toMatch(/NaN|Infinity/)
})
