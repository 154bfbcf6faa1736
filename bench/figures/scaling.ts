import { z } from 'zod'

/** What costs are drawn against the number of grants. */
export const seriesNames = [
  'requests',
  'first_sync_cpu_seconds',
  'unchanged_sync_cpu_seconds',
  'worker_peak_mib',
  'redis_mib',
  'commit_new_cpu_seconds',
  'commit_changed_cpu_seconds',
  'access_view_who_can_ms_p95',
] as const

export const ScalingPoint = z.strictObject({
  series: z.enum(seriesNames),
  /** Near to this many grants: 1,000, 10,000, ... so that a later run takes the place of this one. */
  size: z.int().positive(),
  /** Grants and nestings that there were. */
  grants: z.int().positive(),
  value: z.number().nonnegative(),
})
export type ScalingPoint = z.infer<typeof ScalingPoint>

/** A point with four digits of its value. */
export function toPoint(
  series: ScalingPoint['series'],
  { size, grants }: Pick<ScalingPoint, 'size' | 'grants'>,
  value: number,
): ScalingPoint {
  return { series, size, grants, value: Number(value.toPrecision(4)) }
}
