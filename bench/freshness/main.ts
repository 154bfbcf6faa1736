// Simulates the weeks and puts their figures into docs/freshness.md and docs/freshness.svg: pnpm --filter @clarity/bench freshness
import { readFileSync, writeFileSync } from 'node:fs'
import { factKinds } from './changes.ts'
import { drawChart } from './chart.ts'
import { measureAll } from './measure.ts'
import { measureShape, toAges, toRates, toSection, toSummary, toUnsorted } from './report.ts'
import { shapeNames, shapes } from './shapes.ts'

const seeds = [1, 2, 3, 4, 5] as const
const page = new URL('../../docs/freshness.md', import.meta.url)
const chart = new URL('../../docs/freshness.svg', import.meta.url)

/** Puts the text between the marks of that name. */
function fill(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/freshness.md has lost the marks of its ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
}

const first = measureShape(shapes.first, seeds)
const figures = [
  toSection(shapeNames.first, shapes.first, first),
  toAges(first.freshness),
  toUnsorted(measureShape(shapes.first, seeds, false)),
]
for (const name of ['few', 'everybody', 'three'] as const) {
  figures.push(toSection(shapeNames[name], shapes[name], measureShape(shapes[name], seeds)))
}

let text = readFileSync(page, 'utf8')
text = fill(text, 'summary', toSummary(shapes.first, first))
text = fill(text, 'rates', toRates(shapes.first))
writeFileSync(page, fill(text, 'figures', figures.join('\n\n')))

const series = [
  { name: 'round-robin full syncs', colour: '#b54708', delays: measureAll(first.roundRobin.found) },
  { name: 'planned incremental syncs', colour: '#175cd3', delays: measureAll(first.planned.found) },
]
writeFileSync(chart, drawChart('From a change to its event: median (dot) to 95th percentile', factKinds, series))
