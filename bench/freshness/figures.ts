import { toFigure } from '../figures/figure.ts'
import type { Context, Measured, Part } from '../figures/part.ts'
import { measureDelay } from './measure.ts'
import { groups, measureShape } from './report.ts'
import { shapes } from './shapes.ts'

/** How soon changes are told, of the first shape of docs/freshness.md. */
export const part: Part = {
  figures: [
    'freshness.roles_and_groups_p95_minutes',
    'freshness.project_grants_p95_minutes',
    'freshness.repository_median_ratio_to_round_robin',
    'freshness.repository_oldest_hours',
  ],
  measure,
}

async function measure({ quick }: Context): Promise<Measured> {
  const seeds = quick ? ([1] as const) : ([1, 2, 3, 4, 5] as const)
  const { planned, roundRobin } = measureShape(shapes.first, seeds)
  const [, lists] = groups[0] ?? ['', []]
  const of = (found: typeof planned.found, kinds: typeof lists) => measureDelay(found, kinds)
  const onProjects = of(planned.found, ['project grants', 'project nestings'])
  const [before, after] = [roundRobin, planned].map(({ found }) => of(found, ['repository grants'])?.medianSeconds)
  const world =
    `${seeds.length} simulated week(s) of 2,000 members, 200 projects, 5,000 repositories and 1,000 requests an hour, ` +
    'by the planner and the detector of the worker'
  return {
    figures: [
      toFigure(
        'freshness.roles_and_groups_p95_minutes',
        (of(planned.found, lists)?.p95Seconds ?? Number.NaN) / 60,
        `From a change of members, roles, groups, memberships or lists to its event: ${world}.`,
      ),
      toFigure(
        'freshness.project_grants_p95_minutes',
        (onProjects?.p95Seconds ?? Number.NaN) / 60,
        `From a change of what is held on a project to its event: ${world}.`,
      ),
      toFigure(
        'freshness.repository_median_ratio_to_round_robin',
        (after ?? Number.NaN) / (before ?? Number.NaN),
        `Median wait of a repository's grants, to that with full syncs one after the other in the same weeks: ${world}.`,
      ),
      toFigure(
        'freshness.repository_oldest_hours',
        planned.longestUnreadSeconds / 3_600,
        `The longest between two readings of one repository: ${world}.`,
      ),
    ],
  }
}
