import { countOf, formatCount, formatDuration } from '../../ui/time.tsx'
import type { Preflight } from './preflight.ts'

/** "Connected to Acme: 2,000 people, 41 groups, 200 projects, 5,000 repositories." Null where no workspace was found. */
export function connectedSentence({ workspace, counts }: Preflight): string | null {
  if (workspace.state !== 'found') return null
  const told = [
    counted(counts.members, 'person', 'people'),
    counted(counts.groups, 'group'),
    counted(counts.projects, 'project'),
    counted(counts.repositories, 'repository', 'repositories'),
  ].filter((part) => part !== null)
  return told.length === 0 ? `Connected to ${workspace.name}.` : `Connected to ${workspace.name}: ${told.join(', ')}.`
}

/** What a full sync takes, and how much sooner it ends with one credential more. Null where that is not known. */
export function costSentence({ fullSync: { requests, requestsPerHour }, credentials }: Preflight): string | null {
  if (requests === null || requestsPerHour <= 0) return null
  const needs = `A full sync needs about ${countOf(requests, 'request')}`
  if (requests <= requestsPerHour)
    return `${needs}: a few minutes, as long as nothing else uses the hour's ${formatCount(requestsPerHour)}.`
  const working = Math.max(1, credentials.filter(({ state }) => state === 'works').length)
  const lasts = (count: number) => formatDuration((requests / ((requestsPerHour / working) * count)) * 3_600)
  const withOf = (count: number) =>
    `${lasts(count)} with ${count === 1 ? 'one credential' : `${inWords(count)} credentials`}`
  return `${needs}: ${withOf(working)}, ${withOf(working + 1)}.`
}

function counted(count: number | null, one: string, many?: string): string | null {
  return count === null ? null : countOf(count, one, many)
}

function inWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six'][count] ?? String(count)
}
