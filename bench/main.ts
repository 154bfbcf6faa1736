// All figures, one part after the other: npm run bench
//
//   -- --only worker          those whose name begins so; the others stay in the file as they were
//   -- --quick                a smaller form, for trying; writes no file unless --out says which
//   -- --out figures.json     another file than bench/results.json
import { parseArgs } from 'node:util'
import { type Figure, FigureName } from './figures/figure.ts'
import {
  mergeFigures,
  mergePoints,
  readResults,
  readScaling,
  resultsFile,
  scalingFile,
  writeJson,
} from './figures/results.ts'
import { renderTable } from './figures/table.ts'
import { chooseParts, parts } from './parts.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const { only, quick } = values
const chosen = chooseParts(only)
if (chosen.length === 0) {
  process.stderr.write(`No figure begins with "${only}". There are:\n${FigureName.options.join('\n')}\n`)
  process.exit(2)
}
const out = values.out ?? (quick ? null : resultsFile)
const startedAt = performance.now()
const fresh: Figure[] = []
for (const part of chosen) {
  say(`${part.figures.join(', ')}${quick ? ' (quick)' : ''}`)
  const { figures, points = [] } = await part.measure({ quick, say: (line) => say(`  ${line}`) })
  fresh.push(
    ...figures.map((figure) => (quick ? { ...figure, method: `In a smaller form: ${figure.method}` } : figure)),
  )
  // After each part: what was measured is kept when a later one fails.
  if (out !== null) writeJson(out, mergeFigures(readResults(out), fresh))
  if (out === resultsFile) writeJson(scalingFile, mergePoints(readScaling(scalingFile), points))
}
process.stdout.write(`\n${renderTable(mergeFigures([], fresh))}`)
say(out === null ? 'written nowhere' : `written to ${out}`)
if (chosen.length < parts.length) say(`measured ${chosen.length} of ${parts.length} parts`)

function say(line: string): void {
  process.stdout.write(`${String(Math.round((performance.now() - startedAt) / 1_000)).padStart(4)} s  ${line}\n`)
}
