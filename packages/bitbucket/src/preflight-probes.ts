import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { type Group, groupsEndpoint, listGroups } from './endpoints/groups.ts'
import { getOwnWorkspaceAccess, type OwnWorkspaceAccess } from './endpoints/own-access.ts'
import { type Project, projectGroupListing, projectListing, projectUserListing } from './endpoints/projects.ts'
import {
  type Repository,
  repositoryGroupListing,
  repositoryListing,
  repositoryUserListing,
} from './endpoints/repositories.ts'
import type { GroupPermission, UserPermission } from './endpoints/schemas.ts'
import {
  type BitbucketWorkspace,
  type WorkspacePermission,
  workspacePermissionListing,
} from './endpoints/workspaces.ts'
import { type FirstRows, type ListingSpec, readFirstRows } from './pages.ts'
import { type Outcome, type Selection, select } from './preflight-selection.ts'

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
  readonly projects: Selection<Project>
  readonly repositories: Selection<Repository>
  readonly sample: Sample
}

/** How many there are; null where Bitbucket does not tell. */
export interface Counts {
  readonly members: number | null
  readonly groups: number | null
  readonly projects: number | null
  readonly repositories: number | null
}

/** The first rows of what was read; of projects and repositories, those that are included. */
export interface Sample {
  readonly members: readonly WorkspacePermission[]
  readonly groups: readonly Group[]
  readonly projects: readonly Project[]
  readonly repositories: readonly Repository[]
  /** Who directly holds what on the first project and on the first repository. */
  readonly permissions: readonly SampledPermissions[]
}

export interface SampledPermissions {
  readonly resource: { readonly kind: 'project' | 'repository'; readonly uuid: string; readonly name: string }
  readonly users: readonly UserPermission[]
  readonly groups: readonly GroupPermission[]
}

/** Whether a project or repository is to be read. */
export type IsIncluded = (
  what:
    | { readonly kind: 'project'; readonly key: string }
    | { readonly kind: 'repository'; readonly slug: string; readonly projectKey: string | undefined },
) => boolean

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

export const noSample: Sample = { members: [], groups: [], projects: [], repositories: [], permissions: [] }

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
 * Tries each list that a full sync reads, by its first rows, in nine requests: the groups come whole, and of all projects and
 * repositories the permissions of the first are tried. With `isIncluded` their two lists are read as far as `select` says.
 */
export async function probeWorkspace(
  client: BitbucketClient,
  { uuid, slug }: BitbucketWorkspace,
  isIncluded: IsIncluded | null,
  signal: AbortSignal | undefined,
): Promise<Probes> {
  const [role, members, firstProjects, firstRepositories, groups] = await Promise.all([
    outcomeOf(getOwnWorkspaceAccess(client, uuid, signal)),
    readFirst(client, workspacePermissionListing(uuid), signal),
    readFirst(client, projectListing(uuid), signal),
    readFirst(client, repositoryListing(uuid), signal),
    listGroups(client, slug, signal),
  ])
  const isProject = isIncluded && (({ key }: Project) => isIncluded({ kind: 'project', key }))
  const isRepository =
    isIncluded &&
    (({ slug: name, project }: Repository) => isIncluded({ kind: 'repository', slug: name, projectKey: project?.key }))
  const [projects, repositories] = await Promise.all([
    select(client, projectListing(uuid), firstProjects, isProject, signal),
    select(client, repositoryListing(uuid), firstRepositories, isRepository, signal),
  ])
  const project = firstOf(firstProjects, projects)
  const repository = firstOf(firstRepositories, repositories)
  const permissions = await Promise.all([
    probeBelow(client, projectUserListing(uuid, project.row?.key ?? ''), project, 'project', signal),
    probeBelow(client, projectGroupListing(uuid, project.row?.key ?? ''), project, 'project', signal),
    probeBelow(client, repositoryUserListing(uuid, repository.row?.uuid ?? ''), repository, 'repository', signal),
    probeBelow(client, repositoryGroupListing(uuid, repository.row?.uuid ?? ''), repository, 'repository', signal),
  ])
  const [projectUsers, projectGroups, repositoryUsers, repositoryGroups] = permissions
  return {
    role,
    open: [
      toProbe(workspacePermissionListing('').endpoint, members),
      toProbe(projectListing('').endpoint, firstProjects),
      toProbe(repositoryListing('').endpoint, firstRepositories),
    ],
    guarded: [
      groups.state === 'complete'
        ? { endpoint: groupsEndpoint, state: 'readable' }
        : { endpoint: groupsEndpoint, state: 'refused', error: groups.error },
      ...permissions.map(({ probe }) => probe),
    ],
    counts: {
      members: countOf(members),
      groups: groups.state === 'complete' ? groups.rows.length : null,
      projects: countOf(firstProjects),
      repositories: countOf(firstRepositories),
    },
    projects,
    repositories,
    sample: {
      members: members.state === 'readable' ? members.value.rows : [],
      groups: groups.state === 'complete' ? groups.rows : [],
      projects: projects.rows,
      repositories: repositories.rows,
      permissions: [
        ...sampleOf('project', projects.rows[0], projectUsers.rows, projectGroups.rows),
        ...sampleOf('repository', repositories.rows[0], repositoryUsers.rows, repositoryGroups.rows),
      ],
    },
  }
}

/** The one whose permissions are tried, or why there is none. */
interface Parent<Row> {
  readonly row: Row | null
  readonly why: 'unreadable' | 'none' | 'not-included'
}

/** The first that is included; where none is known because the list is too long to be read whole, the first of all. */
function firstOf<Row>(outcome: Outcome<FirstRows<Row>>, { rows, included }: Selection<Row>): Parent<Row> {
  if (outcome.state === 'refused') return { row: null, why: 'unreadable' }
  const [first] = outcome.value.rows
  if (first === undefined) return { row: null, why: 'none' }
  return { row: rows[0] ?? (included === null ? first : null), why: 'not-included' }
}

const whyNotProbed = {
  unreadable: (what: string) => `No ${what} is known: their list cannot be read`,
  none: (what: string) => `There is no ${what}`,
  'not-included': (what: string) => `No ${what} is included`,
}

/** Tries a list of a project or repository, if there is one. */
async function probeBelow<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  { row, why }: Parent<unknown>,
  what: 'project' | 'repository',
  signal: AbortSignal | undefined,
): Promise<{ readonly probe: Probe; readonly rows: readonly z.output<Schema>[] }> {
  const { endpoint } = spec
  if (row === null) return { probe: { endpoint, state: 'not-probed', reason: whyNotProbed[why](what) }, rows: [] }
  const first = await readFirst(client, spec, signal)
  return { probe: toProbe(endpoint, first), rows: first.state === 'readable' ? first.value.rows : [] }
}

/** Nothing of what is not included is shown. */
function sampleOf(
  kind: 'project' | 'repository',
  shown: Project | Repository | undefined,
  users: readonly UserPermission[],
  groups: readonly GroupPermission[],
): SampledPermissions[] {
  return shown === undefined ? [] : [{ resource: { kind, uuid: shown.uuid, name: shown.name }, users, groups }]
}

function readFirst<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  signal: AbortSignal | undefined,
): Promise<Outcome<FirstRows<z.output<Schema>>>> {
  return outcomeOf(readFirstRows(client, { ...spec, signal }))
}

function toProbe(endpoint: string, outcome: Outcome<unknown>): Probe {
  return outcome.state === 'readable' ? { endpoint, state: 'readable' } : { endpoint, ...outcome }
}

function countOf(outcome: Outcome<FirstRows<unknown>>): number | null {
  return outcome.state === 'readable' ? outcome.value.count : null
}
