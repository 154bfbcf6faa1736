import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { groupsEndpoint, listGroups } from './endpoints/groups.ts'
import { getOwnWorkspaceAccess, type OwnWorkspaceAccess } from './endpoints/own-access.ts'
import { projectGroupListing, projectListing, projectUserListing } from './endpoints/projects.ts'
import { repositoryGroupListing, repositoryListing, repositoryUserListing } from './endpoints/repositories.ts'
import { type BitbucketWorkspace, workspacePermissionListing } from './endpoints/workspaces.ts'
import { type ListingSpec, readFirstRow } from './pages.ts'

/** What a read of Bitbucket gave, or why it gave nothing. */
export type Outcome<T> =
  | { readonly state: 'readable'; readonly value: T }
  | { readonly state: 'refused'; readonly error: UpstreamError }

/** A list that a full sync reads, and whether it could be read. */
export type Probe = { readonly endpoint: string } & (
  | { readonly state: 'readable' }
  | { readonly state: 'refused'; readonly error: UpstreamError }
  | { readonly state: 'not-probed'; readonly reason: string }
)

export interface Probes {
  readonly role: Outcome<OwnWorkspaceAccess>
  /** The lists that any member may read. */
  readonly open: readonly Probe[]
  /** The lists that only an administrator may read; the first one, of the groups, only that of the workspace. */
  readonly guarded: readonly Probe[]
  readonly counts: Counts
}

/** How many there are; null where Bitbucket does not tell. */
export interface Counts {
  readonly members: number | null
  readonly groups: number | null
  readonly projects: number | null
  readonly repositories: number | null
}

interface FirstRow<Row> {
  readonly first: Row | null
  readonly count: number | null
}

/** The lists that a full sync reads, by endpoint. */
export const syncEndpoints: readonly string[] = [
  workspacePermissionListing('').endpoint,
  projectListing('').endpoint,
  repositoryListing('').endpoint,
  groupsEndpoint,
  projectUserListing('', '').endpoint,
  projectGroupListing('', '').endpoint,
  repositoryUserListing('', '').endpoint,
  repositoryGroupListing('', '').endpoint,
]

/** Waits for a read. @throws what is not Bitbucket's doing. */
export async function outcomeOf<T>(read: Promise<T>): Promise<Outcome<T>> {
  try {
    return { state: 'readable', value: await read }
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'refused', error }
    throw error
  }
}

/**
 * Tries each list that a full sync reads, by one row, in nine requests: the groups come whole, and of all projects and
 * repositories the permissions of the first are tried.
 */
export async function probeWorkspace(
  client: BitbucketClient,
  { uuid, slug }: BitbucketWorkspace,
  signal: AbortSignal | undefined,
): Promise<Probes> {
  const [role, members, projects, repositories, groups] = await Promise.all([
    outcomeOf(getOwnWorkspaceAccess(client, uuid, signal)),
    readFirst(client, workspacePermissionListing(uuid), signal),
    readFirst(client, projectListing(uuid), signal),
    readFirst(client, repositoryListing(uuid), signal),
    listGroups(client, slug, signal),
  ])
  const project = firstOf(projects)?.key ?? ''
  const repository = firstOf(repositories)?.uuid ?? ''
  const permissions = await Promise.all([
    probeBelow(client, projectUserListing(uuid, project), 'project', projects, signal),
    probeBelow(client, projectGroupListing(uuid, project), 'project', projects, signal),
    probeBelow(client, repositoryUserListing(uuid, repository), 'repository', repositories, signal),
    probeBelow(client, repositoryGroupListing(uuid, repository), 'repository', repositories, signal),
  ])
  return {
    role,
    open: [
      toProbe(workspacePermissionListing('').endpoint, members),
      toProbe(projectListing('').endpoint, projects),
      toProbe(repositoryListing('').endpoint, repositories),
    ],
    guarded: [
      groups.state === 'complete'
        ? { endpoint: groupsEndpoint, state: 'readable' }
        : { endpoint: groupsEndpoint, state: 'refused', error: groups.error },
      ...permissions,
    ],
    counts: {
      members: countOf(members),
      groups: groups.state === 'complete' ? groups.rows.length : null,
      projects: countOf(projects),
      repositories: countOf(repositories),
    },
  }
}

/** Tries a list of the first one of `parents`, if there is any. */
async function probeBelow<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  what: 'project' | 'repository',
  parents: Outcome<FirstRow<unknown>>,
  signal: AbortSignal | undefined,
): Promise<Probe> {
  const { endpoint } = spec
  if (parents.state === 'refused') {
    return { endpoint, state: 'not-probed', reason: `No ${what} is known: their list cannot be read` }
  }
  if (parents.value.first === null) return { endpoint, state: 'not-probed', reason: `There is no ${what}` }
  return toProbe(endpoint, await readFirst(client, spec, signal))
}

function readFirst<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  signal: AbortSignal | undefined,
): Promise<Outcome<FirstRow<z.output<Schema>>>> {
  return outcomeOf(readFirstRow(client, { ...spec, signal }))
}

function toProbe(endpoint: string, outcome: Outcome<unknown>): Probe {
  return outcome.state === 'readable' ? { endpoint, state: 'readable' } : { endpoint, ...outcome }
}

function firstOf<Row>(outcome: Outcome<FirstRow<Row>>): Row | null {
  return outcome.state === 'readable' ? outcome.value.first : null
}

function countOf(outcome: Outcome<FirstRow<unknown>>): number | null {
  return outcome.state === 'readable' ? outcome.value.count : null
}
