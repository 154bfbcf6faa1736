// docs/performance.md and its charts, from what was measured last.
import { type Chart, drawChart, type Line } from './chart.ts'
import type { Figure } from './figure.ts'
import { readResults, readScaling, resultsFile, scalingFile } from './results.ts'
import type { ScalingPoint } from './scaling.ts'
import { renderMarkdown } from './table.ts'

type Series = ScalingPoint['series']
type Drawn = Omit<Chart, 'lines' | 'xAxis'> & { readonly lines: readonly (readonly [name: string, series: Series])[] }

const colours = ['#175cd3', '#b54708', '#067647', '#6941c6']

const charts: Readonly<Record<string, Drawn>> = {
  requests: {
    title: 'Requests of a full sync',
    yAxis: 'requests to Bitbucket',
    lines: [['a full sync', 'requests']],
  },
  'worker-memory': {
    title: 'Memory of a sync-worker',
    yAxis: 'MiB resident, at most',
    target: 200,
    lines: [['over two full syncs', 'worker_peak_mib']],
  },
  'sync-cpu': {
    title: 'Processor time of a full sync',
    yAxis: 'seconds of the worker',
    lines: [
      ['the first one', 'first_sync_cpu_seconds'],
      ['nothing has changed', 'unchanged_sync_cpu_seconds'],
    ],
  },
  'commit-cpu': {
    title: 'Processor time of difference and commit',
    yAxis: 'seconds of the worker',
    lines: [
      ['all facts are new', 'commit_new_cpu_seconds'],
      ['one of twenty has changed', 'commit_changed_cpu_seconds'],
    ],
  },
  'redis-memory': {
    title: 'Memory of Redis',
    yAxis: 'MiB more than empty, at rest',
    lines: [['one connection', 'redis_mib']],
  },
  'access-view': {
    title: 'Who can do what on a repository',
    yAxis: 'ms, 95th percentile',
    target: 100,
    lines: [['first 50 people, with paths', 'access_view_who_can_ms_p95']],
  },
}

/** The generated files by their path from the root; `page` is docs/performance.md as it is now. */
export function renderPerformance(page: string): ReadonlyMap<string, string> {
  const [figures, points] = [readResults(resultsFile), readScaling(scalingFile)]
  return new Map([['docs/performance.md', fillPage(page, figures)], ...renderCharts(points)])
}

/** The page with the table of these figures between its marks. */
export function fillPage(page: string, figures: readonly Figure[]): string {
  const [begin, end] = ['<!-- figures: made by pnpm run docs -->', '<!-- end of figures -->']
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error('docs/performance.md has lost the marks of its figures')
  return `${page.slice(0, from + begin.length)}\n\n${renderMarkdown(figures)}\n${page.slice(to)}`
}

/** Of those of which there are points. */
export function renderCharts(points: readonly ScalingPoint[]): [path: string, svg: string][] {
  return Object.entries(charts).flatMap(([name, { lines, ...chart }]) => {
    const drawn = lines.flatMap(([label, series], index) => toLine(label, colours[index] ?? '#344054', points, series))
    if (drawn.length === 0) return []
    const svg = drawChart({ ...chart, xAxis: 'grants and nestings', lines: drawn })
    return [[`docs/performance/${name}.svg`, svg]]
  })
}

function toLine(name: string, colour: string, points: readonly ScalingPoint[], series: Series): Line[] {
  const own = points.filter((point) => point.series === series && point.value > 0)
  if (own.length === 0) return []
  return [{ name, colour, points: own.map(({ grants, value }) => [grants, value] as const) }]
}
