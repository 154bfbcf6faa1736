/**
 * The preflight answers, before anything is saved, all that can stand in the way of a full sync, and what the sync will
 * cost. It is a value also when Bitbucket refuses everything: each step that fails says why, and what it would have led
 * to is not tried. It takes ten requests, fewer when something fails or there is no project or repository, and one more for each
 * further credential; where something is left out, also those of the lists of projects and repositories, at most twenty each.
 */

import type { Clock } from '@clarity/shared/runtime/clock'
import type { BitbucketClient } from './client.ts'
import type { BitbucketWorkspace } from './endpoints/workspaces.ts'
import { requestsOfFullSync } from './full-sync-cost.ts'
import {
  type CredentialCheck,
  type CredentialReport,
  checkCredential,
  type ScopeReport,
  toCredentialReport,
} from './preflight-credentials.ts'
import {
  type Counts,
  type IsIncluded,
  noSample,
  type Probe,
  type Probes,
  probeWorkspace,
  type Sample,
  syncEndpoints,
} from './preflight-probes.ts'
import { findProblems, findWarnings, type Problem } from './preflight-problems.ts'
import { type Reason, toReason } from './preflight-reason.ts'

export interface PreflightOptions {
  /** What each credential of the client is known by, in its order; those of the same name share one hourly budget. */
  readonly credentialIds: readonly string[]
  readonly clock: Pick<Clock, 'now'>
  /** What Bitbucket grants one credential in a rolling hour. */
  readonly requestsPerHour?: number
  /** What is to be read; null: everything. */
  readonly isIncluded?: IsIncluded | null
}

export type EndpointReport = { readonly endpoint: string } & (
  | { readonly state: 'readable' }
  | ({ readonly state: 'refused' } & Reason)
  | { readonly state: 'not-probed'; readonly reason: string }
)

/** How much of the workspace is to be read; null where that is not known. */
export interface InclusionReport {
  readonly projects: { readonly included: number | null; readonly of: number | null }
  readonly repositories: { readonly included: number | null; readonly of: number | null }
  /** Of a full sync of what is included, and how many it is fewer than one of everything. */
  readonly requests: number | null
  readonly saved: number | null
  /** Both lists were read whole. */
  readonly complete: boolean
}

export interface PreflightReport {
  /** Whether a full sync can read all that it needs: there is no problem. */
  readonly ready: boolean
  /** What stands in the way, each with the field of the connection or the endpoint that it is about. */
  readonly problems: Problem[]
  /** What need not be. */
  readonly warnings: Problem[]
  /** Of the first one, whether Bitbucket accepts it. `unknown` when Bitbucket did not answer. */
  readonly credential: { readonly state: 'works' } | ({ readonly state: 'refused' | 'unknown' } & Reason)
  /** All of them in their order, the first one first. */
  readonly credentials: CredentialReport[]
  /** Of the first one. */
  readonly scopes: ScopeReport
  readonly workspace:
    | ({ readonly state: 'found' } & BitbucketWorkspace)
    | ({ readonly state: 'refused' } & Reason)
    | { readonly state: 'not-probed'; readonly reason: string }
  /** Whether the credential administers the workspace; null when nothing tells. */
  readonly administrator: boolean | null
  readonly endpoints: EndpointReport[]
  readonly counts: Counts
  /** Null where everything is to be read, or nothing could be. */
  readonly included: InclusionReport | null
  /**
   * The requests of a full sync of what is included, of everything where that is not known; `hours` is what these take at the
   * budget of the credentials that work. Null when not known.
   */
  readonly fullSync: {
    readonly requests: number | null
    readonly requestsPerHour: number
    readonly hours: number | null
  }
  /** First rows of what was read. */
  readonly sample: Sample
  /** The calls that the preflight made; one that was tried again counts once. */
  readonly requests: number
}

const requestsPerHourDefault = 1_000
const nothingCounted: Counts = { members: null, groups: null, projects: null, repositories: null }

/** Runs the preflight. @throws the signal's reason when it aborts, and what is not Bitbucket's doing. */
export async function runPreflight(
  client: BitbucketClient,
  workspace: string,
  { credentialIds, clock, requestsPerHour = requestsPerHourDefault, isIncluded = null }: PreflightOptions,
  signal?: AbortSignal,
): Promise<PreflightReport> {
  let requests = 0
  const counting = countCalls(client, () => {
    requests += 1
  })
  const [first, ...others] = await Promise.all(
    credentialIds.map((_, place) => checkCredential(counting.withCredentials([place]), workspace, signal)),
  )
  if (first === undefined) throw new RangeError('a preflight needs a credential')
  const credentials = [first, ...others].map((check, place) =>
    toCredentialReport(credentialIds[place] ?? '', check, first.found, clock.now()),
  )
  const isFound = first.found?.state === 'readable'
  // The first one reads also what its scopes allow: each list says what it lacks.
  const readers = credentials.flatMap(({ state }, place) =>
    state === 'works' || (place === 0 && isFound) ? [place] : [],
  )
  const probes =
    first.found?.state === 'readable'
      ? await probeWorkspace(counting.withCredentials(readers), first.found.value, isIncluded, signal)
      : null
  const budget = requestsPerHour * new Set(readers.map((place) => credentialIds[place])).size
  const included = probes && isIncluded && toInclusion(probes)
  return {
    ...toReport(first, credentials, probes, clock.now()),
    ...costOf(probes, included, budget),
    included,
    requests,
  }
}

/** The same client, which tells of each call. */
function countCalls(client: BitbucketClient, onCall: () => void): BitbucketClient {
  return {
    get: (path, options) => {
      onCall()
      return client.get(path, options)
    },
    grantedScopes: (signal) => client.grantedScopes(signal),
    withCredentials: (places) => countCalls(client.withCredentials(places), onCall),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function toReport(
  first: CredentialCheck,
  credentials: CredentialReport[],
  probes: Probes | null,
  nowMs: number,
): Omit<PreflightReport, 'included' | 'fullSync' | 'requests'> {
  const { granted, found, scopes } = first
  const reason = found === null ? 'The credential gives no access' : 'The workspace cannot be read'
  const lists = probes ? [...probes.open, ...probes.guarded] : []
  const problems = findProblems(first, credentials, lists, nowMs)
  return {
    ready: problems.length === 0,
    problems,
    warnings: findWarnings(credentials, probes),
    credential: toAcceptance(granted, found, nowMs),
    credentials,
    scopes,
    workspace: toWorkspaceReport(found, reason, nowMs),
    administrator: probes && isAdministrator(probes),
    endpoints: probes
      ? lists.map((probe) => toEndpointReport(probe, nowMs))
      : syncEndpoints.map((endpoint) => ({ endpoint, state: 'not-probed', reason }) as const),
    counts: probes?.counts ?? nothingCounted,
    sample: probes?.sample ?? noSample,
  }
}

function costOf(probes: Probes | null, included: InclusionReport | null, requestsPerHour: number) {
  const requests = included?.requests ?? requestsOfFullSync(probes?.counts ?? nothingCounted)
  const isKnown = requests !== null && requestsPerHour > 0
  const hours = isKnown ? Math.ceil((requests / requestsPerHour) * 100) / 100 : null
  return { fullSync: { requests, requestsPerHour, hours } }
}

function toInclusion({ counts, projects, repositories }: Probes): InclusionReport {
  const of = { members: counts.members, projects: projects.of, repositories: repositories.of }
  const [everything, included] = [requestsOfFullSync(of), toIncluded(projects.included, repositories.included)]
  const requests = included && requestsOfFullSync({ ...of, included })
  return {
    projects: { included: projects.included, of: projects.of },
    repositories: { included: repositories.included, of: repositories.of },
    requests,
    saved: everything === null || requests === null ? null : everything - requests,
    complete: included !== null,
  }
}

function toIncluded(projects: number | null, repositories: number | null) {
  return projects === null || repositories === null ? null : { projects, repositories }
}

/** A credential that Bitbucket tells no scopes of is only tried by the first call. */
function toAcceptance(
  granted: CredentialCheck['granted'],
  found: CredentialCheck['found'],
  nowMs: number,
): PreflightReport['credential'] {
  const failed = granted.state === 'refused' ? granted : found
  if (failed?.state !== 'refused') return { state: 'works' }
  const { error } = failed
  if (error.retryable && (granted.state === 'refused' || granted.value === null)) {
    return { state: 'unknown', ...toReason(error, nowMs) }
  }
  return granted.state === 'refused' || error.kind === 'credential'
    ? { state: 'refused', ...toReason(error, nowMs) }
    : { state: 'works' }
}

function toWorkspaceReport(
  found: CredentialCheck['found'],
  reason: string,
  nowMs: number,
): PreflightReport['workspace'] {
  if (found === null) return { state: 'not-probed', reason }
  return found.state === 'readable'
    ? { state: 'found', ...found.value }
    : { state: 'refused', ...toReason(found.error, nowMs) }
}

/** By the credential's own role, and where that is not told, by whether it is given what only administrators are. */
function isAdministrator({ role, guarded }: Probes): boolean | null {
  if (role.state === 'readable') return role.value.permission === 'owner'
  if (guarded.some((probe) => probe.state === 'refused' && probe.error.code === 'not-permitted')) return false
  const [groups] = guarded
  return groups?.state === 'readable' && guarded.every(({ state }) => state !== 'refused') ? true : null
}

function toEndpointReport(probe: Probe, nowMs: number): EndpointReport {
  if (probe.state !== 'refused') return probe
  return { endpoint: probe.endpoint, state: 'refused', ...toReason(probe.error, nowMs) }
}
