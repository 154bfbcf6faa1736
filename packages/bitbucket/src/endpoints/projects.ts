import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, readListing } from '../pages.ts'
import { GroupPermission, onlyFields, UserPermission, userFields } from './schemas.ts'

export const Project = z.object({
  uuid: z.string(),
  key: z.string(),
  name: z.string(),
  is_private: z.boolean().optional(),
})
export type Project = z.infer<typeof Project>

/** Lists all projects. */
export function listProjects(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<Project>> {
  return readListing(client, {
    endpoint: 'GET /2.0/workspaces/{workspace}/projects',
    path: `/2.0/workspaces/${encodeURIComponent(workspace)}/projects`,
    query: onlyFields('uuid', 'key', 'name', 'is_private'),
    rowSchema: Project,
    key: (row) => row.uuid,
    signal,
  })
}

/** Lists the users who directly hold a level on a project; a project is addressed by its key. */
export function listProjectUserPermissions(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  signal?: AbortSignal,
): Promise<Listing<UserPermission>> {
  return readListing(client, {
    endpoint: 'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/users',
    path: `${pathOf(workspace, projectKey)}/users`,
    query: onlyFields('permission', ...userFields),
    rowSchema: UserPermission,
    key: (row) => row.user.uuid,
    signal,
  })
}

/** Lists the groups that directly hold a level on a project. */
export function listProjectGroupPermissions(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  signal?: AbortSignal,
): Promise<Listing<GroupPermission>> {
  return readListing(client, {
    endpoint: 'GET /2.0/workspaces/{workspace}/projects/{project_key}/permissions-config/groups',
    path: `${pathOf(workspace, projectKey)}/groups`,
    query: onlyFields('permission', 'group.slug', 'group.name'),
    rowSchema: GroupPermission,
    key: (row) => row.group.slug,
    signal,
  })
}

function pathOf(workspace: string, projectKey: string): string {
  return `/2.0/workspaces/${encodeURIComponent(workspace)}/projects/${encodeURIComponent(projectKey)}/permissions-config`
}
