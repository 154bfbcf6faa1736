// A picture of two strategies: for each kind of fact a bar from the median to the 95th percentile, on a logarithmic axis.

import type { FactKind } from './changes.ts'
import { type Delay, toDuration } from './measure.ts'

export interface Series {
  readonly name: string
  readonly colour: string
  readonly delays: ReadonlyMap<FactKind, Delay>
}

const left = 200
const width = 900
const rowHeight = 44
const top = 64
const marks = [60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 48 * 3_600]
const [shortest, longest] = [60, 48 * 3_600]

/** The chart as an SVG document. */
export function drawChart(title: string, kinds: readonly FactKind[], series: readonly Series[]): string {
  const height = top + kinds.length * rowHeight + 40
  const bottom = height - 36
  const axis = marks.map((seconds) => {
    const x = toX(seconds)
    return `<line x1="${x}" y1="${top - 8}" x2="${x}" y2="${bottom}" stroke="#d0d5dd"/>${text(x, bottom + 18, toDuration(seconds), 'middle')}`
  })
  const legend = series.map(({ name, colour }, index) => {
    const x = left + index * 230
    return `<rect x="${x}" y="34" width="24" height="10" rx="2" fill="${colour}"/>${text(x + 32, 43, name, 'start')}`
  })
  const rows = kinds.map((kind, index) => {
    const y = top + index * rowHeight
    const bars = series.map(({ colour, delays }, which) => drawBar(delays.get(kind), y + 6 + which * 14, colour))
    return [text(left - 12, y + 22, kind, 'end'), ...bars].join('\n')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="22" font-size="14" font-weight="bold">${title}</text>`,
    ...legend,
    ...axis,
    ...rows,
    '</svg>',
    '',
  ].join('\n')
}

function drawBar(delay: Delay | undefined, y: number, colour: string): string {
  if (delay === undefined) return ''
  const [from, to] = [toX(delay.medianSeconds), toX(delay.p95Seconds)]
  return [
    `<rect x="${from}" y="${y}" width="${round(to - from)}" height="10" rx="2" fill="${colour}" fill-opacity="0.45"/>`,
    `<circle cx="${from}" cy="${y + 5}" r="5" fill="${colour}"/>`,
  ].join('')
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#344054">${content}</text>`
}

function toX(seconds: number): number {
  const share = Math.log(Math.max(shortest, seconds) / shortest) / Math.log(longest / shortest)
  return round(left + share * (width - left - 40))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
