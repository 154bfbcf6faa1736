import type { EventData } from '@clarity/shared/contract/events'
import { countOf, formatCount } from '../../ui/time.tsx'
import { describeChanged } from './changed-fields.ts'
import { scopeName } from './entity-names.ts'
import type { KnownEvent } from './read-event.ts'
import { type Names, type Sentence, say, type Text } from './sentence.ts'

/** Events about scopes, syncs, the connection and the stream. Null: the event is about something else. */
export function describeLifecycle(event: KnownEvent, names: Names): Sentence | null {
  return describeScope(event, names) ?? describeSync(event) ?? describeHold(event) ?? describeConnection(event)
}

function describeScope({ name, data }: KnownEvent, names: Names): Sentence | null {
  if (name !== 'scope.unobservable' && name !== 'scope.observable') return null
  const scope = data.scope === null ? say`Something` : scopeName(names, data.scope)
  if (name === 'scope.observable') {
    const since = say`It could not be since ${{ at: data.unobservableSince }}.`
    return { tone: 'neutral', text: say`${scope} can be read again`, details: [since] }
  }
  const { reason, factsKept, lastGoodAt } = data
  const good = lastGoodAt === null ? say` It was never read.` : say` It was last read ${{ at: lastGoodAt }}.`
  const kept = say`${countOf(factsKept, 'fact stays', 'facts stay')} as last known; nothing was taken away.${good}`
  if (reason === 'not-included') {
    return { tone: 'neutral', text: say`${scope} is left out by the settings`, details: [kept] }
  }
  const status = /^http-(\d+)$/.exec(reason)?.[1]
  const why = status === undefined ? say`Reason: ${reason}.` : say`Bitbucket answers ${status}.`
  return { tone: 'attention', text: say`${scope} cannot be read`, details: [why, kept] }
}

const syncNames = { full: 'full sync', incremental: 'incremental sync', targeted: 'targeted sync', preview: 'preview' }
const triggers: Record<EventData<'sync.requested'>['trigger'], string> = {
  saved: 'because the connection was saved',
  api: 'by somebody',
  schedule: 'by the schedule',
  verification: 'to verify removals',
  webhook: 'by a hint of Bitbucket',
}

function describeSync({ name, data }: KnownEvent): Sentence | null {
  switch (name) {
    case 'sync.requested': {
      const scopes = data.scopes ? [say`It reads ${countOf(data.scopes.length, 'scope')}.`] : []
      const text = say`${aSync(data.kind)} was asked for ${triggers[data.trigger]}`
      return { tone: 'neutral', text, details: scopes }
    }
    case 'sync.started': {
      const { plan } = data
      const details = plan
        ? [say`It will take ${countOf(plan.requests, 'request')}, until about ${{ at: plan.expectedEnd }}.`]
        : []
      return { tone: 'neutral', text: say`${aSync(data.kind)} began`, details }
    }
    case 'sync.completed': {
      const { stats, coverage, requests } = data
      const all = Object.values(stats)
      const sum = (of: 'added' | 'changed' | 'removed') => all.reduce((total, counts) => total + counts[of], 0)
      const found = (['added', 'changed', 'removed'] as const).map((of) => `${formatCount(sum(of))} ${of}`).join(', ')
      return {
        tone: 'neutral',
        text: say`${aSync(data.kind)} came to its end`,
        details: [say`${found}. ${countOf(requests, 'request')}.`, ...coverageOf(coverage)],
      }
    }
    case 'sync.failed': {
      const { error, coverage } = data
      const details = [say`${error.remedy}`, say`Nothing was removed because of it.`, ...coverageOf(coverage)]
      return { tone: 'attention', text: say`${aSync(data.kind)} failed: ${error.title}`, details }
    }
    case 'sync.cancelled':
      return {
        tone: 'neutral',
        text: say`${aSync(data.kind)} was cancelled`,
        details: [say`What it had read until then is told.`, ...coverageOf(data.coverage)],
      }
    default:
      return null
  }
}

const decisions: Record<EventData<'sync.released'>['decision'], string> = {
  approved: 'Held removals were approved',
  partly: 'Some held removals were approved',
  rejected: 'Held removals were rejected',
  restored: 'Held removals are there again in Bitbucket',
  expired: 'Nobody decided on held removals in time, so they count as rejected',
}

function describeHold({ name, data }: KnownEvent): Sentence | null {
  if (name === 'sync.held') {
    const { grants, nestings, of, share } = data.wouldRemove
    const limit = say`The limit is ${percent(data.limit.share)}, or ${formatCount(data.limit.count)}.`
    return {
      tone: 'attention',
      text: say`${countOf(grants + nestings, 'removal is', 'removals are')} held: ${percent(share)} of ${formatCount(of)}`,
      details: [limit, say`Without a decision until ${{ at: data.expiresAt }} they count as rejected.`],
    }
  }
  if (name !== 'sync.released') return null
  const { removed, kept } = data.counts
  const details = [say`${formatCount(removed)} removed, ${formatCount(kept)} stay as they were told.`]
  return { tone: removed > 0 ? 'loss' : 'neutral', text: say`${decisions[data.decision]}`, details }
}

function describeConnection({ name, data }: KnownEvent): Sentence | null {
  switch (name) {
    case 'connection.created':
      return {
        tone: 'gain',
        text: say`The workspace ${{ name: data.connection.workspace.slug }} was connected`,
        details: [],
      }
    case 'connection.updated':
      return { tone: 'neutral', text: say`The settings were changed`, details: describeChanged(data.changed) }
    case 'connection.degraded':
      return {
        tone: 'attention',
        text: say`The connection tells nothing new: ${data.reason}`,
        details: [say`${data.remedy}`, say`Nothing was taken back.`],
      }
    case 'connection.recovered':
      return {
        tone: 'gain',
        text: say`The connection tells what is new again`,
        details: [say`It did not since ${{ at: data.since }} (${data.reason}).`],
      }
    case 'connection.paused':
      return {
        tone: 'attention',
        text: say`The connection was paused`,
        details: [say`Nothing is read; what was told stays as last known.`],
      }
    case 'connection.resumed':
      return {
        tone: 'neutral',
        text: say`The connection goes on`,
        details: [say`It was paused since ${{ at: data.since }}.`],
      }
    case 'connection.removed': {
      const { serviceUsers, entitlements, grants, nestings } = data.ended
      const total = serviceUsers + entitlements + grants + nestings
      const details = [say`${countOf(total, 'record was', 'records were')} withdrawn before.`]
      return { tone: 'loss', text: say`The connection was removed`, details }
    }
    case 'stream.event-withheld': {
      const state = data.stateTold ? say`What it changed is told all the same.` : say`What it changed is missing here.`
      return {
        tone: 'attention',
        text: say`An event could not be told, and is missing here`,
        details: [say`${data.detail}.`, state, say`The operator knows of it.`],
      }
    }
    case 'stream.verification':
      return { tone: 'neutral', text: say`Somebody tried the stream: “${data.text}”`, details: [] }
    default:
      return null
  }
}

function coverageOf({ stale, unobservable }: EventData<'sync.completed'>['coverage']): readonly Text[] {
  const parts = [
    ...(stale > 0 ? [`${countOf(stale, 'scope')} could not be read this time`] : []),
    ...(unobservable > 0 ? [`${countOf(unobservable, 'scope is', 'scopes are')} not shown or left out`] : []),
  ]
  return parts.length === 0 ? [] : [say`${parts.join('; ')}.`]
}

function aSync(kind: keyof typeof syncNames): string {
  return kind === 'incremental' ? `An ${syncNames[kind]}` : `A ${syncNames[kind]}`
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`
}
