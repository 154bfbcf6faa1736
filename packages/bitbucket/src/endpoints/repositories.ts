import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, readListing } from '../pages.ts'
import { GroupPermission, onlyFields, UserPermission, userFields } from './schemas.ts'

export const Repository = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  is_private: z.boolean().optional(),
  project: z.object({ uuid: z.string(), key: z.string() }).optional(),
})
export type Repository = z.infer<typeof Repository>

/** Lists all repositories, oldest first: what is new comes last and shifts no page. */
export function listRepositories(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<Repository>> {
  return readListing(client, {
    endpoint: 'GET /2.0/repositories/{workspace}',
    path: `/2.0/repositories/${encodeURIComponent(workspace)}`,
    query: { sort: 'created_on', ...onlyFields('uuid', 'slug', 'name', 'is_private', 'project.uuid', 'project.key') },
    rowSchema: Repository,
    key: (row) => row.uuid,
    signal,
  })
}

/** Lists the users who directly hold a level on a repository, which is given by slug or by uuid in braces. */
export function listRepositoryUserPermissions(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing<UserPermission>> {
  return readListing(client, {
    endpoint: 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users',
    path: `${pathOf(workspace, repository)}/users`,
    query: onlyFields('permission', ...userFields),
    rowSchema: UserPermission,
    key: (row) => row.user.uuid,
    signal,
  })
}

/** Lists the groups that directly hold a level on a repository. */
export function listRepositoryGroupPermissions(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing<GroupPermission>> {
  return readListing(client, {
    endpoint: 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/groups',
    path: `${pathOf(workspace, repository)}/groups`,
    query: onlyFields('permission', 'group.slug', 'group.name'),
    rowSchema: GroupPermission,
    key: (row) => row.group.slug,
    signal,
  })
}

function pathOf(workspace: string, repository: string): string {
  return `/2.0/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(repository)}/permissions-config`
}
