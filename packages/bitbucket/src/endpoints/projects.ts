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

export const Project = z.object({
  uuid: z.string(),
  key: z.string(),
  name: z.string(),
  is_private: z.boolean().optional(),
})
export type Project = z.infer<typeof Project>
const ProjectPage = pageOf(Project)

/** All projects of a workspace. */
export function projectListing(workspace: string): ListingSpec<typeof Project> {
  return {
    endpoint: 'GET /2.0/workspaces/{workspace}/projects',
    path: `/2.0/workspaces/${encodeURIComponent(workspace)}/projects`,
    query: onlyFields('uuid', 'key', 'name', 'is_private'),
    pageSchema: ProjectPage,
    key: (row) => row.uuid,
  }
}

/** Reads a project by its key; null where Bitbucket finds none. @throws UpstreamError */
export function getProject(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  signal?: AbortSignal,
): Promise<Project | null> {
  const path = `/2.0/workspaces/${encodeURIComponent(workspace)}/projects/${encodeURIComponent(projectKey)}`
  const endpoint = 'GET /2.0/workspaces/{workspace}/projects/{project_key}'
  const fields = fieldsOf('uuid', 'key', 'name', 'is_private')
  return nullIfNotFound(client.get(`${path}?${fields}`, { endpoint, schema: Project, signal }))
}

/** The users who directly hold a level on a project. */
export function projectUserListing(workspace: string, projectKey: string): ListingSpec<typeof UserPermission> {
  return {
    endpoint: `GET ${route}/users`,
    path: `${pathOf(workspace, projectKey)}/users`,
    query: onlyFields('permission', ...userFields),
    pageSchema: UserPermissionPage,
    key: (row) => row.user.uuid,
  }
}

/** The groups that directly hold a level on a project. */
export function projectGroupListing(workspace: string, projectKey: string): ListingSpec<typeof GroupPermission> {
  return {
    endpoint: `GET ${route}/groups`,
    path: `${pathOf(workspace, projectKey)}/groups`,
    query: onlyFields('permission', 'group.slug', 'group.name'),
    pageSchema: GroupPermissionPage,
    key: (row) => row.group.slug,
  }
}

/** Lists all projects. */
export function listProjects(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<Project>> {
  return readListing(client, { ...projectListing(workspace), signal })
}

/** Lists the users who directly hold a level on a project; a project is addressed by its key. */
export function listProjectUserPermissions(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  signal?: AbortSignal,
): Promise<Listing<UserPermission>> {
  return readListing(client, { ...projectUserListing(workspace, projectKey), signal })
}

/** Lists the groups that directly hold a level on a project. */
export function listProjectGroupPermissions(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  signal?: AbortSignal,
): Promise<Listing<GroupPermission>> {
  return readListing(client, { ...projectGroupListing(workspace, projectKey), signal })
}

/**
 * Reads the level that a user, given by uuid in braces or Atlassian account id, directly holds on a project: `none` where
 * there is no grant, null where Bitbucket finds the project or the user not at all.
 * @throws UpstreamError
 */
export function getProjectUserPermission(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  userId: string,
  signal?: AbortSignal,
): Promise<ExplicitPermission | null> {
  const path = `${pathOf(workspace, projectKey)}/users/${encodeURIComponent(userId)}`
  return readExplicitPermission(client, `GET ${route}/users/{selected_user_id}`, path, signal)
}

/** The same for a group, which is given by its slug. @throws UpstreamError */
export function getProjectGroupPermission(
  client: BitbucketClient,
  workspace: string,
  projectKey: string,
  groupSlug: string,
  signal?: AbortSignal,
): Promise<ExplicitPermission | null> {
  const path = `${pathOf(workspace, projectKey)}/groups/${encodeURIComponent(groupSlug)}`
  return readExplicitPermission(client, `GET ${route}/groups/{group_slug}`, path, signal)
}

const route = '/2.0/workspaces/{workspace}/projects/{project_key}/permissions-config'

function pathOf(workspace: string, projectKey: string): string {
  return `/2.0/workspaces/${encodeURIComponent(workspace)}/projects/${encodeURIComponent(projectKey)}/permissions-config`
}
