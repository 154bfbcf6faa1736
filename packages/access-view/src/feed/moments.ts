import type { Point } from './version.ts'

/** Where the time moved on: the later of two events may tell of an earlier reading, but nobody knew it earlier. */
export interface Moment {
  readonly sequence: bigint
  readonly time: string
}

/** The moments of some points in order, after what was known until `latest`, and the latest time then. */
export function toMoments(
  points: readonly Point[],
  latest: string | null,
): { readonly moments: Moment[]; readonly latest: string | null } {
  let last = latest
  const moments: Moment[] = []
  for (const { sequence, time } of points) {
    if (time === null || (last !== null && Date.parse(time) <= Date.parse(last))) continue
    last = time
    moments.push({ sequence, time })
  }
  return { moments, latest: last }
}
