import { type PreflightReport, runPreflight } from '@clarity/bitbucket'
import type { CredentialRef } from '@clarity/shared/contract/connections'
import type { Cadences } from '@clarity/shared/contract/freshness'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import { manualSchedule, type Schedule } from '@clarity/shared/contract/schedule'
import { isIncluded, settingsOf } from '@clarity/shared/contract/settings'
import { cadencesOf } from '@clarity/shared/store/cadences'
import { toCredentialRef } from '@clarity/shared/store/credentials'
import { requestsOfIncremental } from '@clarity/shared/store/estimate'
import { includesAll } from '@clarity/shared/store/inclusion'
import { askBitbucket, type BitbucketOptions } from './bitbucket.ts'
import { toPreview } from './preflight-preview.ts'

/** What Bitbucket grants a consumer or a person in a rolling hour, whatever an installation allows itself. */
const grantedPerHour = 1_000

/**
 * Tries at Bitbucket all that a full sync of a workspace would read; what is refused is told in the answer.
 * It rejects with an UpstreamError only when no whole answer comes within the time.
 */
export function createPreflightCheck(options: BitbucketOptions) {
  return async (request: PreflightRequest): Promise<Preflight> => {
    const { credential, moreCredentials = [], workspace } = request
    const credentials = [credential, ...moreCredentials] as const
    const refs = credentials.map(toCredentialRef)
    const { include } = settingsOf(request)
    const report = await askBitbucket(options, credentials, (client, signal) =>
      runPreflight(
        client,
        workspace,
        {
          credentialIds: refs.map(({ key }) => key),
          clock: options.clock,
          requestsPerHour: Math.min(grantedPerHour, options.budgetOf(toCredentialRef(credential)).limit),
          isIncluded: includesAll(include) ? null : (what) => isIncluded(include, what),
        },
        signal,
      ),
    )
    return toPreflight(report, request, refs)
  }
}

function toPreflight(report: PreflightReport, request: PreflightRequest, refs: readonly CredentialRef[]): Preflight {
  const { sample, credentials, ...rest } = report
  const cadences = cadencesFor(report)
  return {
    ...rest,
    credentials: credentials.flatMap(({ id: _, ...checked }, place) => {
      const ref = refs[place]
      return ref === undefined ? [] : [{ ...ref, ...checked }]
    }),
    cadences,
    scheduledRun: runOf(request.schedule ?? manualSchedule, cadences, report.fullSync.requests),
    preview: toPreview(sample, request),
  }
}

function cadencesFor({ counts, included, fullSync: { requestsPerHour } }: PreflightReport): Cadences | null {
  if (requestsPerHour < 1) return null
  const { projects, repositories } = included ?? {}
  const some = projects?.included != null && repositories?.included != null
  const size = some
    ? { ...counts, included: { projects: projects.included, repositories: repositories.included } }
    : counts
  return cadencesOf(size, requestsPerHour, null)
}

/** What one run by that schedule reads, and what that takes. */
function runOf(schedule: Schedule, cadences: Cadences | null, full: number | null): Preflight['scheduledRun'] {
  if (schedule.mode === 'manual') return null
  const everySeconds = schedule.mode === 'interval' ? schedule.minutes * 60 : null
  const requests = schedule.kind === 'full' ? full : cadences && requestsOfIncremental(cadences, schedule)
  return requests === null ? null : { kind: schedule.kind, requests, everySeconds }
}
