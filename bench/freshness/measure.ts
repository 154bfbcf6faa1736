import { type FactKind, factKinds } from './changes.ts'
import type { Found } from './run.ts'

export interface Delay {
  readonly count: number
  readonly medianSeconds: number
  readonly p95Seconds: number
}

/** How long the changes of these kinds waited for their events; null when there were none. Percentiles by nearest rank. */
export function measureDelay(found: readonly Found[], kinds: readonly FactKind[]): Delay | null {
  const seconds = found.filter(({ kind }) => kinds.includes(kind)).map((each) => each.seconds)
  const sorted = Float64Array.from(seconds).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  const [medianSeconds, p95Seconds] = [at(0.5), at(0.95)]
  if (medianSeconds === undefined || p95Seconds === undefined) return null
  return { count: sorted.length, medianSeconds, p95Seconds }
}

export function measureAll(found: readonly Found[]): ReadonlyMap<FactKind, Delay> {
  const delays = new Map<FactKind, Delay>()
  for (const kind of factKinds) {
    const delay = measureDelay(found, [kind])
    if (delay !== null) delays.set(kind, delay)
  }
  return delays
}

export function toDuration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`
  if (seconds < 90 * 60) return `${(seconds / 60).toFixed(0)} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}
