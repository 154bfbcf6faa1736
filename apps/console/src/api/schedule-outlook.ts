import type { Schedule } from '@clarity/shared/contract/schedule'
import { countOf, formatDuration } from '../ui/time.tsx'
import type { Answer } from './client.ts'

type Cadences = NonNullable<Answer<'getFreshness'>['cadences']>
type Tier = Cadences['tiers'][number]['tier']

export interface Outlook {
  /** What the schedule costs and gives, a sentence each. */
  readonly sentences: readonly string[]
  /** The schedule asks for more than the budget gives. */
  readonly isTooMuch: boolean
  /** Within which time a change in Bitbucket is told, 19 of 20 of them. */
  readonly knownWithin: readonly (readonly [what: string, seconds: number])[]
}

const told: readonly (readonly [what: string, tiers: readonly Tier[]])[] = [
  ['People, groups, lists', ['members', 'groups', 'projects', 'repositories']],
  ['Permissions on projects', ['project-permissions']],
  ['Permissions on repositories', ['repository-permissions']],
]
/** An incremental sync makes at most the requests of an hour. */
const runSecondsMax = 3_600

/** What is to be expected of a schedule, for the workspace and the budget that `cadences` were made for. */
export function outlookOf(schedule: Schedule, cadences: Cadences): Outlook {
  if (schedule.mode === 'manual') {
    const sentences = ['It syncs only when somebody asks for it. What is known grows as old as the last sync.']
    return { sentences, isTooMuch: false, knownWithin: [] }
  }
  const everySeconds = schedule.mode === 'interval' ? schedule.minutes * 60 : null
  return schedule.kind === 'full' ? ofFull(everySeconds, cadences) : ofIncremental(everySeconds, cadences)
}

function ofFull(everySeconds: number | null, cadences: Cadences): Outlook {
  const { requestsPerHour } = cadences
  const requests = requestsOfAll(cadences)
  const takesSeconds = (requests * 3_600) / requestsPerHour.total
  const cost = `Each run reads everything: ${countOf(requests, 'request')}, about ${formatDuration(takesSeconds)} of your budget of ${countOf(Math.round(requestsPerHour.total), 'request')} an hour.`
  if (everySeconds === null) return { sentences: [cost, gapsOfPattern], isTooMuch: false, knownWithin: [] }
  const isTooMuch = takesSeconds > everySeconds
  const oldest = Math.max(takesSeconds, everySeconds) + Math.min(takesSeconds, everySeconds)
  const warning = `Every ${formatDuration(everySeconds)} is more than your budget allows: facts would be up to ${formatDuration(2 * takesSeconds)} old. Add a consumer, or choose a longer time.`
  return {
    sentences: isTooMuch ? [cost, warning] : [cost],
    isTooMuch,
    knownWithin: isTooMuch ? [] : [['Everything', oldest]],
  }
}

function ofIncremental(everySeconds: number | null, cadences: Cadences): Outlook {
  const { tiers, stretch, requestsPerRun, runEverySeconds } = cadences
  const seconds = Math.min(runSecondsMax, everySeconds ?? runSecondsMax)
  const requests = Math.min(Math.floor((requestsPerRun * seconds) / runEverySeconds), requestsOfAll(cadences))
  const cost = `Each run makes up to ${countOf(requests, 'request')}: the lists first, then what promises most.`
  const isTooMuch = stretch > 1
  const factor = stretch.toLocaleString(undefined, { maximumFractionDigits: 1 })
  const warning = `The budget is small for this workspace: everything is read ${factor} times less often than we aim at. Add a consumer.`
  const sentences = isTooMuch ? [cost, warning] : [cost]
  if (everySeconds === null) return { sentences: [...sentences, gapsOfPattern], isTooMuch, knownWithin: [] }
  // Runs that are further apart than an hour have the requests of an hour for all that time.
  const slower = Math.max(1, everySeconds / runSecondsMax)
  const knownWithin = told.flatMap(([what, of]) => {
    const those = tiers.filter(({ tier }) => of.includes(tier))
    if (those.length === 0) return []
    const isList = of.includes('members')
    const within = those.map(({ expectedP95Seconds }) =>
      Math.max(everySeconds, isList ? expectedP95Seconds : expectedP95Seconds * slower),
    )
    return [[what, Math.max(...within)] as const]
  })
  return { sentences, isTooMuch, knownWithin }
}

/** That reading everything once takes; the effective permissions only hint at what to read. */
function requestsOfAll({ tiers }: Cadences): number {
  return tiers.reduce((sum, tier) => (tier.tier === 'effective-permissions' ? sum : sum + tier.requests), 0)
}

const gapsOfPattern = 'Between two runs nothing is read: what is known grows as old as the gap.'
