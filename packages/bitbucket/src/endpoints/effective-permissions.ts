import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, type ListingSpec, type Rows, readListing, readRows } from '../pages.ts'
import { Account, onlyFields, userFields } from './schemas.ts'

/** The highest level that a user has on a repository, by whatever way; Bitbucket does not tell by which. */
export const EffectivePermission = z.object({
  permission: z.string(),
  user: Account,
  repository: z.object({ uuid: z.string() }),
})
export type EffectivePermission = z.infer<typeof EffectivePermission>

/**
 * Reads what all users may do on all repositories of a workspace, which may be as many rows as there are users times
 * repositories: they come one page at a time. The caller must administer the workspace.
 */
export function readEffectivePermissions(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Rows<EffectivePermission> {
  return readRows(client, { ...workspaceListing(workspace), signal })
}

/** The same as one list, for where it is known to be short enough. */
export function listEffectivePermissions(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<Listing<EffectivePermission>> {
  return readListing(client, { ...workspaceListing(workspace), signal })
}

/** Lists what users may do on one repository, given by slug or by uuid in braces. The caller must administer it. */
export function listRepositoryEffectivePermissions(
  client: BitbucketClient,
  workspace: string,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing<EffectivePermission>> {
  const all = workspaceListing(workspace)
  return readListing(client, {
    ...all,
    endpoint: `${all.endpoint}/{repo_slug}`,
    path: `${all.path}/${encodeURIComponent(repository)}`,
    signal,
  })
}

function workspaceListing(workspace: string): ListingSpec<typeof EffectivePermission> {
  return {
    endpoint: 'GET /2.0/workspaces/{workspace}/permissions/repositories',
    path: `/2.0/workspaces/${encodeURIComponent(workspace)}/permissions/repositories`,
    query: onlyFields('permission', 'repository.uuid', ...userFields),
    rowSchema: EffectivePermission,
    key: (row) => `${row.repository.uuid} ${row.user.uuid}`,
  }
}
