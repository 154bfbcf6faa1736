import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, type ListingSpec, pageOf, readListing } from '../pages.ts'
import { Account, accountStateFields, onlyFields, userFields } from './schemas.ts'

export const BitbucketWorkspace = z.object({ uuid: z.string(), slug: z.string(), name: z.string() })
export type BitbucketWorkspace = z.infer<typeof BitbucketWorkspace>

/** A member with the role in the workspace: `owner` administers it. Two dates come only where Bitbucket still tells. */
export const WorkspacePermission = z.object({
  permission: z.string(),
  user: Account,
  added_on: z.string().nullish(),
  last_accessed: z.string().nullish(),
})
export type WorkspacePermission = z.infer<typeof WorkspacePermission>
const WorkspacePermissionPage = pageOf(WorkspacePermission)

/** Reads a workspace by slug or by uuid in braces. */
export function getWorkspace(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<BitbucketWorkspace> {
  const endpoint = 'GET /2.0/workspaces/{workspace}'
  return client.get(`/2.0/workspaces/${encodeURIComponent(workspace)}`, {
    endpoint,
    schema: BitbucketWorkspace,
    signal,
  })
}

/** All members with their roles. */
export function workspacePermissionListing(workspace: string): ListingSpec<typeof WorkspacePermission> {
  const states = accountStateFields.map((field) => `user.${field}`)
  return {
    endpoint: 'GET /2.0/workspaces/{workspace}/permissions',
    path: `/2.0/workspaces/${encodeURIComponent(workspace)}/permissions`,
    query: onlyFields('permission', 'added_on', 'last_accessed', ...userFields, ...states),
    pageSchema: WorkspacePermissionPage,
    key: (row) => row.user.uuid,
  }
}

/** Lists all members with their roles. */
export function listWorkspacePermissions(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<WorkspacePermission>> {
  return readListing(client, { ...workspacePermissionListing(workspace), signal })
}
