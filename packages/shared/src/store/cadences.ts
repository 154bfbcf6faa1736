// How often incremental syncs read what: the cadence of every tier, as an optimum and not as a setting.
//
// A tier that takes c requests and is read every T has its changes known after T/2 on average and costs c/T. With w changes
// an hour in each tier, the sum of w T/2 is smallest, for a given sum of c/T, at T = k sqrt(c/w): the square-root law. Three
// things bend it, and it stays an optimum (the rest is shared by the law again): no tier is read more often than is of
// use, none less often than its target allows, and k is found so that the budget is used and never exceeded. Where the
// targets alone would take more than their share of the budget, all of them are stretched by the same factor, so that a
// poor budget makes everything late in proportion and the law still decides about something.
//
// Whether the list of effective permissions serves as detector of changes is not a threshold either: both plans are
// made and the one that tells of changes sooner is taken.

import type { Cadences, ChangeDetector, Tier, TierCadence } from '../contract/freshness.ts'
import type { WorkspaceSize } from './connections.ts'

/** What the cadences follow from. */
export interface WorkspaceShape {
  readonly members: number
  readonly projects: number
  readonly repositories: number
  /** How many of those are to be read; their lists are read whole. Absent: all. */
  readonly included?: { readonly projects: number; readonly repositories: number } | undefined
  /** Rows of the effective-permission list, one for each user and repository; null: not seen yet. */
  readonly effectiveRows: number | null
  /** Of all credentials together. */
  readonly requestsPerHour: number
}

/** What reading the permissions of one takes: its users and its groups. */
export const requestsPerRepository = 2

interface Demand {
  readonly tier: Tier
  readonly requests: number
  /** Changes an hour that wait for this tier. */
  readonly changes: number
  readonly minSeconds: number
  readonly maxSeconds: number
}

/** Shares of the budget that no tier gets; looking again costs most where lists have lost something, and after a hint. */
const keptBack = { interactive: 0.02, secondReads: 0.02 }
/** An incremental sync starts this often, and nothing is read more often: sooner is of no use to anybody. */
const runEverySeconds = 300
/**
 * The longest cadences that keep the targets: lists within 35 minutes, what is held on projects within 4.5 hours (both 95 of
 * 100 changes), every repository read again within 36 hours. The 95th percentile is 95 % of a cadence, so a cadence as long as
 * its target would leave 5 % for waiting and second reads. A list that lost something is read twice at once, so lists
 * get 5 % more and come in whole runs; of the repositories all have to keep the target, so they get 3 %.
 */
const targetSeconds = {
  lists: Math.floor((0.95 * 35 * 60) / runEverySeconds) * runEverySeconds,
  projectPermissions: 4.5 * 3_600,
  repositoryPermissions: 0.97 * 36 * 3_600,
}
/** What the targets may claim together; the law decides about the rest. */
const targetsShareMax = 0.75
const yearSeconds = 365 * 86_400
const lists = new Set<Tier | undefined>(['members', 'groups', 'projects', 'repositories'])

/** Changes a week for each member, project or repository: what the weights of the law are made of. */
const changesPerWeek = {
  members: 0.01,
  memberships: 0.075,
  projects: 0.01,
  repositories: 0.004,
  projectPermissions: 0.2,
  repositoryPermissions: 0.08,
}
/**
 * Of the changes on repositories those that leave what everybody can do as it was, so that no detector sees them: the cadences
 * assume fewer of them, what is expected more, so that an expectation is rather kept than missed.
 */
const hiddenShare = { assumed: 0.05, expected: 0.1 }

/**
 * The cadence of every tier for a workspace of this shape, what it costs, and what freshness is to be expected. What the
 * tiers take, with what is kept back, never exceeds the budget. Plan anew whenever the shape changes.
 */
export function planCadences(shape: WorkspaceShape): Cadences {
  if (!(shape.requestsPerHour >= 1)) throw new RangeError('A budget of less than a request an hour plans nothing')
  const without = solve(shape, null)
  const detector = chooseDetector(shape, without)
  const plan = detector.plan
  const total = shape.requestsPerHour
  return {
    requestsPerHour: {
      total,
      interactive: total * keptBack.interactive,
      secondReads: total * keptBack.secondReads,
      planned: sum(plan.tiers, (tier) => tier.requestsPerHour),
    },
    runEverySeconds,
    requestsPerRun: Math.max(1, Math.floor((total * (1 - keptBack.interactive) * runEverySeconds) / 3_600)),
    stretch: plan.stretch,
    detector: { kind: detector.kind, reason: detector.reason },
    tiers: plan.tiers,
  }
}

/** The cadences of a workspace of that size; null as long as nobody knows it. */
export function cadencesOf(size: WorkspaceSize, perHour: number, effectiveRows: number | null): Cadences | null {
  const { members, projects, repositories, included } = size
  if (members === null || projects === null || repositories === null) return null
  const shape = { members, projects, repositories, included, effectiveRows, requestsPerHour: perHour }
  return planCadences(shape)
}

interface Solution {
  readonly tiers: TierCadence[]
  readonly stretch: number
  /** Of all tiers: changes an hour times how long they wait. */
  readonly delay: number
}

function chooseDetector(shape: WorkspaceShape, without: Solution): ChangeDetector & { plan: Solution } {
  const none = (reason: ChangeDetector['reason']) => ({ kind: 'none' as const, reason, plan: without })
  const { repositories } = toBeRead(shape)
  if (repositories === 0) return none('no-repositories')
  if (shape.effectiveRows === null) return none('rows-unknown')
  const requests = pages(shape.effectiveRows)
  if (requests >= repositories * requestsPerRepository) return none('dearer-than-explicit')
  const turn = without.tiers.find(({ tier }) => tier === 'repository-permissions')
  const plan = solve(shape, requests)
  if (turn?.everySeconds === runEverySeconds || plan.delay >= without.delay) return none('no-gain')
  return { kind: 'effective-permissions', reason: 'fresher', plan }
}

function solve(shape: WorkspaceShape, detectorRequests: number | null): Solution {
  const demands = demandsOf(shape, detectorRequests)
  const budget = plannable(shape)
  const targets = sum(demands, ({ requests, maxSeconds }) => perHour(requests, maxSeconds))
  const stretch = Math.max(1, targets / (budget * targetsShareMax))
  const cadencesAt = (k: number) =>
    demands.map(({ requests, changes, minSeconds, maxSeconds }) =>
      Math.min(maxSeconds * stretch, Math.max(minSeconds, k * Math.sqrt(requests / changes))),
    )
  const costAt = (k: number) =>
    cadencesAt(k).reduce((cost, seconds, index) => cost + perHour(demands[index]?.requests ?? 0, seconds), 0)
  const cadences = cadencesAt(smallest((k) => costAt(k) <= budget)).map((seconds, index) =>
    // A list is read by whole runs; the permissions of one project or repository when their turn comes.
    lists.has(demands[index]?.tier) ? Math.ceil(seconds / runEverySeconds) * runEverySeconds : Math.ceil(seconds),
  )
  const tiers = demands.map(({ tier, requests }, index) => toCadence(tier, requests, cadences[index] ?? 1))
  const withDetector = tiers.map((tier) =>
    tier.tier === 'repository-permissions' ? foundSooner(tier, tiers.find(isDetector)?.everySeconds) : tier,
  )
  return { tiers: withDetector, stretch, delay: delayOf(demands, withDetector) }
}

function demandsOf(shape: WorkspaceShape, detectorRequests: number | null): Demand[] {
  const { members, projects, repositories } = shape
  const demand = (tier: Tier, requests: number, weekly: number, maxSeconds: number, minSeconds = runEverySeconds) => {
    return { tier, requests, changes: Math.max(weekly, 1e-3) / 168, minSeconds, maxSeconds }
  }
  const read = toBeRead(shape)
  const onRepositories = read.repositories * changesPerWeek.repositoryPermissions
  const target = targetSeconds
  const demands = [
    demand('members', pages(members) + 1, members * changesPerWeek.members, target.lists),
    demand('groups', 1, members * changesPerWeek.memberships, target.lists),
    demand('projects', pages(projects), projects * changesPerWeek.projects, target.lists),
    demand('repositories', pages(repositories), repositories * changesPerWeek.repositories, target.lists),
  ]
  if (read.projects > 0) {
    const weekly = read.projects * changesPerWeek.projectPermissions
    demands.push(demand('project-permissions', 2 * read.projects, weekly, target.projectPermissions))
  }
  if (read.repositories > 0) {
    const seen = detectorRequests === null ? 0 : 1 - hiddenShare.assumed
    if (detectorRequests !== null) {
      demands.push(demand('effective-permissions', detectorRequests, onRepositories * seen, yearSeconds))
    }
    const requests = read.repositories * requestsPerRepository
    demands.push(demand('repository-permissions', requests, onRepositories * (1 - seen), target.repositoryPermissions))
  }
  return demands
}

/** Of how many projects and repositories the permissions are read. */
function toBeRead({ projects, repositories, included }: WorkspaceShape) {
  return { projects, repositories, ...included }
}

/** The smallest factor that fits, to a millionth; `fits` is false for small ones and true for large ones. */
function smallest(fits: (factor: number) => boolean): number {
  let low = 0
  if (fits(low)) return low
  let high = 1
  while (!fits(high)) high *= 2
  while (high - low > high * 1e-6) {
    const middle = (low + high) / 2
    if (fits(middle)) high = middle
    else low = middle
  }
  return high
}

function toCadence(tier: Tier, requests: number, everySeconds: number): TierCadence {
  return {
    tier,
    everySeconds,
    requests,
    requestsPerHour: perHour(requests, everySeconds),
    expectedMedianSeconds: everySeconds / 2,
    expectedP95Seconds: everySeconds * 0.95,
  }
}

/** With a detector a change is known when the detector or the turn of its repository comes, whichever is sooner. */
function foundSooner(tier: TierCadence, detectorSeconds: number | undefined): TierCadence {
  if (detectorSeconds === undefined) return tier
  const unknownAfter = (seconds: number) => {
    const turn = Math.max(0, 1 - seconds / tier.everySeconds)
    const detection = Math.max(0, 1 - seconds / detectorSeconds)
    return turn * (hiddenShare.expected + (1 - hiddenShare.expected) * detection)
  }
  return {
    ...tier,
    expectedMedianSeconds: smallest((seconds) => unknownAfter(seconds) <= 0.5),
    expectedP95Seconds: smallest((seconds) => unknownAfter(seconds) <= 0.05),
  }
}

/** Of the changes on repositories a detector's share waits for it or for the turn, the sooner one, the rest for the turn. */
function delayOf(demands: readonly Demand[], tiers: readonly TierCadence[]): number {
  const turn = tiers.find(({ tier }) => tier === 'repository-permissions')?.everySeconds ?? 0
  return demands.reduce((delay, { tier, changes }, index) => {
    const seconds = tiers[index]?.everySeconds ?? 0
    if (tier !== 'effective-permissions') return delay + (changes * seconds) / 2
    const [sooner, later] = seconds < turn ? [seconds, turn] : [turn, seconds]
    return delay + changes * (sooner / 2 - sooner ** 2 / (6 * later))
  }, 0)
}

function isDetector({ tier }: TierCadence): boolean {
  return tier === 'effective-permissions'
}

function plannable({ requestsPerHour }: WorkspaceShape): number {
  return requestsPerHour * (1 - keptBack.interactive - keptBack.secondReads)
}

function pages(rows: number): number {
  return Math.max(1, Math.ceil(rows / 100))
}

function perHour(requests: number, everySeconds: number): number {
  return (requests * 3_600) / everySeconds
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
