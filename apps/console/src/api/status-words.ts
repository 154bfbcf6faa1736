import type { Connection } from './queries.ts'
import { explainReason, type Reason } from './reasons.ts'

type Stated = Pick<Connection, 'status' | 'health'>

/** Why the state of a connection is what it is, in a sentence, and what to do about it. */
export function whyOf({ status: { state, reason }, health }: Stated): Reason {
  switch (state) {
    case 'paused':
      return { means: 'Nothing is read until somebody resumes it. What was told stays as last known.', remedy: null }
    case 'action-required':
      return toSentence(reason, health.remedy, 'The last sync did not come to its end.')
    case 'held':
      return {
        means: 'More removals came in a day than the limit allows. They wait for a decision; additions go on.',
        remedy: 'Decide under Held removals.',
      }
    case 'waiting-for-budget':
      return { means: 'The requests of the hour are used up. It goes on by itself.', remedy: null }
    case 'delayed':
      return { means: lateBecause(reason), remedy: null }
    case 'on-track':
      return { means: underWay(reason), remedy: null }
    case 'never-synced':
      return { means: 'No sync has come to its end yet.', remedy: null }
    case 'up-to-date':
      return { means: 'The last sync came to its end.', remedy: null }
  }
}

function toSentence(reason: string | null, remedy: string | undefined, otherwise: string): Reason {
  if (reason === null) return { means: otherwise, remedy: remedy ?? null }
  const known = explainReason(reason)
  return { means: `${known.means}. What is known stays as last read.`, remedy: remedy ?? known.remedy }
}

function lateBecause(reason: string | null): string {
  if (reason === 'sync-not-begun') return 'A sync was due and has not begun.'
  const late = 'No sync has come to its end for twice the interval of the schedule.'
  return reason === null || reason === 'no-sync-in-time' ? late : `${late} ${explainReason(reason).means}.`
}

function underWay(reason: string | null): string {
  if (reason === null) return 'A sync is under way.'
  if (reason === 'stream') return 'A sync is under way; it waits until the stream has taken what was found.'
  return `The last sync failed: ${explainReason(reason).means}. It is tried again by schedule.`
}
