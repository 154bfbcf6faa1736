// What was measured last, as it is kept: bench/results.json (figures) and bench/scaling.json (cost against size).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { Figure, FigureName } from './figure.ts'
import { ScalingPoint } from './scaling.ts'

export const resultsFile = new URL('../results.json', import.meta.url)
export const scalingFile = new URL('../scaling.json', import.meta.url)

/** Those of one file, in the order of their names in the table. Empty when there is no file. */
export function readResults(file: URL | string): Figure[] {
  return existsSync(file) ? z.array(Figure).parse(JSON.parse(readFileSync(file, 'utf8'))) : []
}

export function readScaling(file: URL | string): ScalingPoint[] {
  return existsSync(file) ? z.array(ScalingPoint).parse(JSON.parse(readFileSync(file, 'utf8'))) : []
}

/** The kept figures with the new ones in the place of those of the same name, in order. */
export function mergeFigures(kept: readonly Figure[], fresh: readonly Figure[]): Figure[] {
  const byName = new Map([...kept, ...fresh].map((figure) => [figure.name, figure]))
  return FigureName.options.flatMap((name) => byName.get(name) ?? [])
}

/** The same of points, by what they tell and their size. */
export function mergePoints(kept: readonly ScalingPoint[], fresh: readonly ScalingPoint[]): ScalingPoint[] {
  const byKey = new Map([...kept, ...fresh].map((point) => [`${point.series} ${point.size}`, point]))
  return [...byKey.values()].sort((a, b) => (a.series === b.series ? a.size - b.size : a.series < b.series ? -1 : 1))
}

export function writeJson(file: URL | string, rows: readonly unknown[]): void {
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
}
