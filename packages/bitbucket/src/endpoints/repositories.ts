import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, type ListingSpec, pageOf, readListing } from '../pages.ts'
import { type ExplicitPermission, readExplicitPermission } from './explicit-permission.ts'
import { nullIfNotFound } from './not-found.ts'
import {
  fieldsOf,
  type GroupPermission,
  GroupPermissionPage,
  onlyFields,
  type UserPermission,
  UserPermissionPage,
  userFields,
} from './schemas.ts'

export const Repository = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  is_private: z.boolean().optional(),
  project: z.object({ uuid: z.string(), key: z.string() }).optional(),
})
export type Repository = z.infer<typeof Repository>
const RepositoryPage = pageOf(Repository)

/** All repositories of a workspace, oldest first: what is new comes last and shifts no page. */
export function repositoryListing(workspace: string): ListingSpec<typeof Repository> {
  return {
    endpoint: 'GET /2.0/repositories/{workspace}',
    path: `/2.0/repositories/${encodeURIComponent(workspace)}`,
    query: { sort: 'created_on', ...onlyFields('uuid', 'slug', 'name', 'is_private', 'project.uuid', 'project.key') },
    pageSchema: RepositoryPage,
    key: (row) => row.uuid,
  }
}

/** The users who directly hold a level on a repository. */
export function repositoryUserListing(workspace: string, repository: string): ListingSpec<typeof UserPermission> {
  return {
    endpoint: `GET ${route}/users`,
    path: `${pathOf(workspace, repository)}/users`,
    query: onlyFields('permission', ...userFields),
    pageSchema: UserPermissionPage,
    key: (row) => row.user.uuid,
  }
}

/** The groups that directly hold a level on a repository. */
export function repositoryGroupListing(workspace: string, repository: string): ListingSpec<typeof GroupPermission> {
  return {
    endpoint: `GET ${route}/groups`,
    path: `${pathOf(workspace, repository)}/groups`,
    query: onlyFields('permission', 'group.slug', 'group.name'),
    pageSchema: GroupPermissionPage,
    key: (row) => row.group.slug,
  }
}

/** Reads a repository by slug or by uuid in braces; null where Bitbucket finds none. @throws UpstreamError */
export function getRepository(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Repository | null> {
  const path = `/2.0/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(repository)}`
  const endpoint = 'GET /2.0/repositories/{workspace}/{repo_slug}'
  const fields = fieldsOf('uuid', 'slug', 'name', 'is_private', 'project.uuid', 'project.key')
  return nullIfNotFound(client.get(`${path}?${fields}`, { endpoint, schema: Repository, signal }))
}

/** Lists all repositories, oldest first. */
export function listRepositories(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<Repository>> {
  return readListing(client, { ...repositoryListing(workspace), signal })
}

/** Lists the users who directly hold a level on a repository, which is given by slug or by uuid in braces. */
export function listRepositoryUserPermissions(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing<UserPermission>> {
  return readListing(client, { ...repositoryUserListing(workspace, repository), signal })
}

/** Lists the groups that directly hold a level on a repository. */
export function listRepositoryGroupPermissions(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing<GroupPermission>> {
  return readListing(client, { ...repositoryGroupListing(workspace, repository), signal })
}

/**
 * Reads the level that a user, given by uuid in braces or Atlassian account id, directly holds on a repository: `none`
 * where there is no grant, null where Bitbucket finds the repository or the user not at all.
 * @throws UpstreamError
 */
export function getRepositoryUserPermission(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  userId: string,
  signal?: AbortSignal,
): Promise<ExplicitPermission | null> {
  const path = `${pathOf(workspace, repository)}/users/${encodeURIComponent(userId)}`
  return readExplicitPermission(client, `GET ${route}/users/{selected_user_id}`, path, signal)
}

/** The same for a group, which is given by its slug. @throws UpstreamError */
export function getRepositoryGroupPermission(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  groupSlug: string,
  signal?: AbortSignal,
): Promise<ExplicitPermission | null> {
  const path = `${pathOf(workspace, repository)}/groups/${encodeURIComponent(groupSlug)}`
  return readExplicitPermission(client, `GET ${route}/groups/{group_slug}`, path, signal)
}

const route = '/2.0/repositories/{workspace}/{repo_slug}/permissions-config'

function pathOf(workspace: string, repository: string): string {
  return `/2.0/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(repository)}/permissions-config`
}
