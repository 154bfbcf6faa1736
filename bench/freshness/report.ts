// The figures of docs/freshness.md, as Markdown.

import type { Cadences, Freshness } from '@clarity/shared/contract/freshness'
import { type FactKind, factKinds, happenings } from './changes.ts'
import { type Delay, measureAll, measureDelay, toDuration } from './measure.ts'
import { runPlanned } from './planned.ts'
import { runRoundRobin } from './round-robin.ts'
import type { Found, Run, Shape } from './run.ts'

export interface Strategy {
  readonly found: readonly Found[]
  readonly requestsPerHour: number
  readonly longestUnreadSeconds: number
}

export interface Measurement {
  readonly roundRobin: Strategy
  readonly planned: Strategy
  readonly cadences: Cadences
  readonly freshness: Freshness
  /** Repositories named by the detector a week. */
  readonly hints: number
  /** Of the changes on repositories, those that left what everybody can do as it was. */
  readonly hiddenShare: number
}

/** Measures both strategies on the same changes, a week for each seed. */
export function measureShape(shape: Shape, seeds: readonly [number, ...number[]], sorted = true): Measurement {
  const planned = seeds.map((seed) => runPlanned(shape, seed, { sorted }))
  const [first] = planned
  if (first === undefined) throw new RangeError('Without a seed there is nothing to measure')
  const runs = planned.map(({ run }) => run)
  const hidden = runs.reduce((sum, { onRepositories }) => sum + onRepositories.hidden, 0)
  const all = runs.reduce((sum, { onRepositories }) => sum + onRepositories.hidden + onRepositories.visible, 0)
  return {
    roundRobin: toStrategy(seeds.map((seed) => runRoundRobin(shape, seed))),
    planned: toStrategy(runs),
    cadences: first.cadences,
    freshness: first.freshness,
    hints: planned.reduce((sum, { hints }) => sum + hints, 0) / seeds.length,
    hiddenShare: hidden / Math.max(1, all),
  }
}

function toStrategy(runs: readonly Run[]): Strategy {
  const seconds = runs.reduce((sum, { now }) => sum + now, 0)
  return {
    found: runs.flatMap(({ found }) => found),
    requestsPerHour: (runs.reduce((sum, { requests }) => sum + requests, 0) / seconds) * 3_600,
    longestUnreadSeconds: Math.max(...runs.map(({ longestUnread }) => longestUnread)),
  }
}

/** Rows of the tables: what the targets are about is put together. */
export const groups: readonly (readonly [name: string, kinds: readonly FactKind[]])[] = [
  ['**all of the lists**', ['members', 'roles', 'groups', 'memberships', 'project list', 'repository list']],
  ['**all on projects**', ['project grants', 'project nestings']],
  ['**all on repositories**', ['repository grants', 'repository nestings']],
]

/** What was aimed at for the first shape, and what was reached. */
export function toSummary(shape: Shape, { roundRobin, planned }: Measurement): string {
  const [lists, onProjects] = groups.map(([, kinds]) => measureDelay(planned.found, kinds)?.p95Seconds ?? Number.NaN)
  const [before, after] = [roundRobin, planned].map(
    ({ found }) => measureDelay(found, ['repository grants'])?.medianSeconds ?? Number.NaN,
  )
  const ratio = ((after ?? Number.NaN) / (before ?? Number.NaN)).toFixed(2)
  const rows = [
    ['members, roles, groups, memberships, lists', '95 % within 35 min', toDuration(lists ?? Number.NaN)],
    ['what is held on projects', '95 % within 4.5 h', toDuration(onProjects ?? Number.NaN)],
    ['grants on repositories', 'median at most 0.4 of round robin’s', `${toDuration(after ?? Number.NaN)}: ${ratio}`],
    ['every repository read again explicitly', 'within 36 h', toDuration(planned.longestUnreadSeconds)],
  ]
  return `${describe(shape)}:\n\n${toTable(['what', 'target', 'measured'], rows)}`
}

/** What happens in a week of a workspace of this shape, on average. */
export function toRates(shape: Shape): string {
  const counts = {
    member: shape.members,
    project: shape.projects,
    repository: shape.repositories,
    workspace: 1,
  }
  const rows = Object.entries(happenings).map(([name, { per, weekly }]) => {
    return [name, `${weekly} for each ${per}`, (weekly * counts[per]).toFixed(0)]
  })
  return toTable(['what', 'a week', 'in all'], rows)
}

export function toSection(name: string, shape: Shape, measured: Measurement): string {
  const { planned, roundRobin, cadences, hints, hiddenShare } = measured
  return [
    `### ${name}`,
    `${describe(shape)}. Detector: ${cadences.detector.kind} (${cadences.detector.reason}).`,
    toDelayTable(measured),
    `Longest between two readings of a repository: ${toDuration(planned.longestUnreadSeconds)} (round robin: ` +
      `${toDuration(roundRobin.longestUnreadSeconds)}). Requests an hour: ${planned.requestsPerHour.toFixed(0)} ` +
      `(${roundRobin.requestsPerHour.toFixed(0)}). Of the changes on repositories ${(hiddenShare * 100).toFixed(0)} % ` +
      `left what everybody can do as it was. The detector named ${hints.toFixed(0)} repositories a week.`,
    'Cadences that the planner chose, and what it expects of them:',
    toCadenceTable(cadences),
  ].join('\n\n')
}

export function toAges(freshness: Freshness): string {
  return `Ages of the facts at the end of a week:\n\n${toAgeTable(freshness)}`
}

export function toUnsorted({ planned }: Measurement): string {
  const delay = measureDelay(planned.found, ['repository grants'])
  return (
    'Where the list of effective permissions does not come sorted by repository, and so gives its hints only at its ' +
    `end: repository grants at a median of ${toDuration(delay?.medianSeconds ?? Number.NaN)}, 95 % within ` +
    `${toDuration(delay?.p95Seconds ?? Number.NaN)}.`
  )
}

function describe({ members, projects, repositories, usersPerRepository, requestsPerHour }: Shape): string {
  const count = (value: number) => value.toLocaleString('en')
  const users = usersPerRepository === null ? 'everybody' : `${usersPerRepository} users`
  return (
    `${count(members)} members, ${count(projects)} projects, ${count(repositories)} repositories, ${users} on each, ` +
    `${count(requestsPerHour)} requests an hour`
  )
}

function toDelayTable({ roundRobin, planned }: Measurement): string {
  const [before, after] = [measureAll(roundRobin.found), measureAll(planned.found)]
  const rows = factKinds.map((kind) => toRow(kind, before.get(kind) ?? null, after.get(kind) ?? null))
  const sums = groups.map(([name, kinds]) =>
    toRow(name, measureDelay(roundRobin.found, kinds), measureDelay(planned.found, kinds)),
  )
  return toTable(
    ['change', 'number', 'round robin: median', '95 %', 'planned: median', '95 %', 'median to round robin’s'],
    [...rows, ...sums],
  )
}

function toRow(name: string, before: Delay | null, after: Delay | null): string[] {
  if (before === null || after === null) return [name, '0', '', '', '', '', '']
  const cells = [before.medianSeconds, before.p95Seconds, after.medianSeconds, after.p95Seconds].map(toDuration)
  return [name, String(after.count), ...cells, (after.medianSeconds / before.medianSeconds).toFixed(2)]
}

function toCadenceTable({ tiers }: Cadences): string {
  const rows = tiers.map((tier) => [
    tier.tier,
    toDuration(tier.everySeconds),
    String(tier.requests),
    tier.requestsPerHour.toFixed(0),
    toDuration(tier.expectedMedianSeconds),
    toDuration(tier.expectedP95Seconds),
  ])
  return toTable(['tier', 'every', 'requests', 'an hour', 'expected: median', '95 %'], rows)
}

function toAgeTable(freshness: Freshness): string {
  const duration = (seconds: number | null) => (seconds === null ? '' : toDuration(seconds))
  const rows = Object.entries(freshness).map(([kind, ages]) => {
    const { count, medianSeconds, p95Seconds, oldestSeconds } = ages
    return [kind, String(count), ...[medianSeconds, p95Seconds, oldestSeconds].map(duration)]
  })
  return toTable(['scope', 'number', 'age: median', '95 %', 'oldest'], rows)
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
