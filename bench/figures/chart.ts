// Cost against size, both on logarithmic axes: what grows in proportion is a straight line as steep as the grid.

export interface Line {
  readonly name: string
  readonly colour: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface Chart {
  readonly title: string
  readonly xAxis: string
  readonly yAxis: string
  readonly lines: readonly Line[]
  /** What it should stay below, drawn across. */
  readonly target?: number
}

const [width, height] = [760, 380]
const frame = { left: 76, right: 740, top: 74, bottom: 330 }

/** The chart as an SVG document. */
export function drawChart({ title, xAxis, yAxis, lines, target }: Chart): string {
  const points = lines.flatMap((line) => line.points)
  const x = toScale(
    points.map(([value]) => value),
    [frame.left, frame.right],
  )
  const y = toScale(
    [...points.map(([, value]) => value), ...(target === undefined ? [] : [target])],
    [frame.bottom, frame.top],
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(frame.left, 22, title, 'start', 'font-size="14" font-weight="bold"'),
    ...lines.map(({ name, colour }, index) => drawName(name, colour, index, lines.length)),
    ...x.decades.map((value) => drawGrid([x.at(value), frame.top], [x.at(value), frame.bottom])),
    ...x.decades.map((value) => text(x.at(value), frame.bottom + 18, value.toLocaleString('en'), 'middle')),
    ...y.decades.map((value) => drawGrid([frame.left, y.at(value)], [frame.right, y.at(value)])),
    ...y.decades.map((value) => text(frame.left - 8, y.at(value) + 4, value.toLocaleString('en'), 'end')),
    text((frame.left + frame.right) / 2, height - 12, xAxis, 'middle'),
    text(frame.left, frame.top - 10, yAxis, 'start'),
    ...(target === undefined ? [] : [drawTarget(y.at(target), target)]),
    ...lines.map(({ colour, points: own }) =>
      drawLine(
        own.map(([a, b]) => [x.at(a), y.at(b)] as const),
        colour,
      ),
    ),
    '</svg>',
    '',
  ].join('\n')
}

/** From the decade below the least to the one above the most. */
function toScale(values: readonly number[], [from, to]: readonly [number, number]) {
  const positive = values.filter((value) => value > 0)
  const first = Math.floor(Math.log10(Math.min(...positive)) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...positive)) - 0.02))
  const decades = Array.from({ length: last - first + 1 }, (_, index) => Number((10 ** (first + index)).toPrecision(1)))
  const at = (value: number) => {
    const share = (Math.log10(Math.max(value, 10 ** first)) - first) / (last - first)
    return round(from + Math.min(1.02, share) * (to - from))
  }
  return { decades, at }
}

function drawName(name: string, colour: string, index: number, count: number): string {
  const x = frame.left + (index * (frame.right - frame.left)) / Math.max(2, count)
  return `<rect x="${round(x)}" y="36" width="18" height="4" rx="2" fill="${colour}"/>${text(x + 24, 42, name, 'start')}`
}

function drawGrid([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#e4e7ec"/>`
}

function drawTarget(y: number, target: number): string {
  const line = `<line x1="${frame.left}" y1="${y}" x2="${frame.right}" y2="${y}" stroke="#b42318" stroke-dasharray="6 4"/>`
  return `${line}${text(frame.right, y - 6, `target ${target.toLocaleString('en')}`, 'end')}`
}

function drawLine(points: readonly (readonly [number, number])[], colour: string): string {
  const path = points.map(([x, y]) => `${x},${y}`).join(' ')
  const dots = points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`)
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  const attributes = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#344054"${more && ` ${more}`}`
  return `<text ${attributes}>${content}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
