/**
 * The preflight answers, before anything is saved, all that can stand in the way of a full sync, and what the sync will
 * cost. It is a value also when Bitbucket refuses everything: each step that fails says why, and what it would have led
 * to is not tried. It takes ten requests, fewer when something fails or there is no project or repository.
 */

import type { UpstreamError } from '@clarity/shared/runtime/errors'
import { workspaceNotFound } from './check.ts'
import type { BitbucketClient } from './client.ts'
import { type BitbucketWorkspace, getWorkspace } from './endpoints/workspaces.ts'
import {
  type Counts,
  type Outcome,
  outcomeOf,
  type Probe,
  type Probes,
  probeWorkspace,
  syncEndpoints,
} from './preflight-probes.ts'
import { missingScopes, requiredScopes } from './scopes.ts'

export interface PreflightOptions {
  /** The kind of each credential that the client reads with; each has an hourly budget of its own. */
  readonly credentialKinds: readonly string[]
  /** What Bitbucket grants one credential in a rolling hour. */
  readonly requestsPerHour?: number
}

export interface Reason {
  readonly code: string
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

export type EndpointReport = { readonly endpoint: string } & (
  | { readonly state: 'readable' }
  | ({ readonly state: 'refused' } & Reason)
  | { readonly state: 'not-probed'; readonly reason: string }
)

export interface Problem extends Reason {
  readonly field: 'credential' | 'workspace' | null
  readonly endpoint: string | null
}

export interface PreflightReport {
  /** Whether a full sync can read all that it needs: there is no problem. */
  readonly ready: boolean
  /** What stands in the way, each with the field of the connection or the endpoint that it is about. */
  readonly problems: Problem[]
  /** `unknown` when Bitbucket did not answer. */
  readonly credential: { readonly state: 'works' } | ({ readonly state: 'refused' | 'unknown' } & Reason)
  /** `granted` is null where Bitbucket does not tell. */
  readonly scopes: { readonly granted: string[] | null; readonly missing: string[] }
  readonly workspace:
    | ({ readonly state: 'found' } & BitbucketWorkspace)
    | ({ readonly state: 'refused' } & Reason)
    | { readonly state: 'not-probed'; readonly reason: string }
  /** Whether the credential administers the workspace; null when nothing tells. */
  readonly administrator: boolean | null
  readonly endpoints: EndpointReport[]
  readonly counts: Counts
  /** The requests of a full sync; `hours` is what these take at the budget of all credentials. Null when not known. */
  readonly fullSync: {
    readonly requests: number | null
    readonly requestsPerHour: number
    readonly hours: number | null
  }
  /** The calls that the preflight made; one that was tried again counts once. */
  readonly requests: number
}

const requestsPerHourDefault = 1_000
const nothingCounted: Counts = { members: null, groups: null, projects: null, repositories: null }

/** Runs the preflight. @throws the signal's reason when it aborts, and what is not Bitbucket's doing. */
export async function runPreflight(
  client: BitbucketClient,
  workspace: string,
  { credentialKinds, requestsPerHour = requestsPerHourDefault }: PreflightOptions,
  signal?: AbortSignal,
): Promise<PreflightReport> {
  let requests = 0
  const counting: BitbucketClient = {
    get: (path, options) => {
      requests += 1
      return client.get(path, options)
    },
    grantedScopes: (aborted) => client.grantedScopes(aborted),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
  const granted = await outcomeOf(client.grantedScopes(signal))
  const found = granted.state === 'readable' ? await outcomeOf(readWorkspace(counting, workspace, signal)) : null
  const probes = found?.state === 'readable' ? await probeWorkspace(counting, found.value, signal) : null
  const budget = requestsPerHour * credentialKinds.length
  return toReport(granted, found, probes, budget, requests)
}

/**
 * The requests that a full sync takes, pages of a hundred rows given; null when a number is not known. Lists are read whole,
 * also where only what is `included` is read of them.
 */
export function requestsOfFullSync({ members, projects, repositories, included }: ToBeRead): number | null {
  if (members === null || projects === null || repositories === null) return null
  const pages = (rows: number) => Math.max(1, Math.ceil(rows / 100))
  const lists = pages(members) + pages(projects) + pages(repositories) + 2
  return 2 * (included?.repositories ?? repositories) + 2 * (included?.projects ?? projects) + lists
}

type ToBeRead = Pick<Counts, 'members' | 'projects' | 'repositories'> & {
  /** Absent: all of them. */
  readonly included?: { readonly projects: number; readonly repositories: number } | undefined
}

async function readWorkspace(client: BitbucketClient, workspace: string, signal: AbortSignal | undefined) {
  try {
    return await getWorkspace(client, workspace, signal)
  } catch (cause) {
    throw workspaceNotFound(workspace, cause)
  }
}

function toReport(
  granted: Outcome<readonly string[] | null>,
  found: Outcome<BitbucketWorkspace> | null,
  probes: Probes | null,
  requestsPerHour: number,
  requests: number,
): PreflightReport {
  const scopes = granted.state === 'readable' ? granted.value : null
  const missing = scopes === null ? [] : missingScopes(scopes)
  const reason = found === null ? 'The credential gives no access' : 'The workspace cannot be read'
  const endpoints = probes
    ? [...probes.open, ...probes.guarded].map(toEndpointReport)
    : syncEndpoints.map((endpoint) => ({ endpoint, state: 'not-probed', reason }) as const)
  const problems = findProblems(granted, found, missing, endpoints)
  const counts = probes?.counts ?? nothingCounted
  const cost = requestsOfFullSync(counts)
  return {
    ready: problems.length === 0,
    problems,
    credential: toCredentialReport(granted, found),
    scopes: { granted: scopes && [...scopes], missing },
    workspace: toWorkspaceReport(found, reason),
    administrator: probes && isAdministrator(probes),
    endpoints,
    counts,
    fullSync: {
      requests: cost,
      requestsPerHour,
      hours: cost === null ? null : Math.ceil((cost / requestsPerHour) * 100) / 100,
    },
    requests,
  }
}

function findProblems(
  granted: Outcome<unknown>,
  found: Outcome<unknown> | null,
  missing: readonly string[],
  endpoints: readonly EndpointReport[],
): Problem[] {
  const problems: Problem[] = []
  if (granted.state === 'refused') {
    problems.push({ field: 'credential', endpoint: null, ...toReason(granted.error) })
  }
  if (missing.length > 0) problems.push({ field: 'credential', endpoint: null, ...lackingScopes(missing) })
  if (found?.state === 'refused') {
    const field = found.error.kind === 'credential' ? 'credential' : 'workspace'
    problems.push({ field, endpoint: null, ...toReason(found.error) })
  }
  for (const report of endpoints) {
    // What the scopes explain is told once.
    if (report.state !== 'refused' || (missing.length > 0 && report.code === 'scope-missing')) continue
    const { endpoint, code, message, remedy } = report
    problems.push({ field: null, endpoint, code, message, remedy })
  }
  return problems
}

function lackingScopes(missing: readonly string[]): Reason {
  const labels = missing.map((scope) => requiredScopes[scope] ?? scope).join(', ')
  return {
    code: 'scope-missing',
    message: `The credential lacks permissions: ${labels}`,
    remedy: `Grant ${labels} and save. The permissions to administer do not include those to read.`,
  }
}

/** A credential that Bitbucket tells no scopes of is only tried by the first call. */
function toCredentialReport(
  granted: Outcome<readonly string[] | null>,
  found: Outcome<unknown> | null,
): PreflightReport['credential'] {
  const failed = granted.state === 'refused' ? granted : found
  if (failed?.state !== 'refused') return { state: 'works' }
  const { error } = failed
  if (error.retryable && (granted.state === 'refused' || granted.value === null)) {
    return { state: 'unknown', ...toReason(error) }
  }
  return granted.state === 'refused' || error.kind === 'credential'
    ? { state: 'refused', ...toReason(error) }
    : { state: 'works' }
}

function toWorkspaceReport(found: Outcome<BitbucketWorkspace> | null, reason: string): PreflightReport['workspace'] {
  if (found === null) return { state: 'not-probed', reason }
  return found.state === 'readable'
    ? { state: 'found', ...found.value }
    : { state: 'refused', ...toReason(found.error) }
}

/** By the credential's own role, and where that is not told, by whether it is given what only administrators are. */
function isAdministrator({ role, guarded }: Probes): boolean | null {
  if (role.state === 'readable') return role.value.permission === 'owner'
  if (guarded.some((probe) => probe.state === 'refused' && probe.error.code === 'not-permitted')) return false
  const [groups] = guarded
  return groups?.state === 'readable' && guarded.every(({ state }) => state !== 'refused') ? true : null
}

function toEndpointReport(probe: Probe): EndpointReport {
  if (probe.state !== 'refused') return probe
  return { endpoint: probe.endpoint, state: 'refused', ...toReason(probe.error) }
}

function toReason({ code, message, remedy }: UpstreamError): Reason {
  return { code, message, remedy }
}
