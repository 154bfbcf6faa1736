import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, type ListingSpec, pageOf, type Rows, readFirstPage, readListing, readRows } from '../pages.ts'
import { Account, onlyFields, userFields } from './schemas.ts'

/** The highest level that a user has on a repository, by whatever way; Bitbucket does not tell by which. */
export const EffectivePermission = z.object({
  permission: z.string(),
  user: Account,
  repository: z.object({ uuid: z.string() }),
})
export type EffectivePermission = z.infer<typeof EffectivePermission>
const EffectivePermissionPage = pageOf(EffectivePermission)

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

/**
 * Reads one page of the same, from `next` on, which is null for the first; the answer's `next` is null after the last.
 * What the list as a whole is worth is the caller's to judge: it changes while its pages are read. @throws UpstreamError
 */
export async function readEffectivePermissionPage(
  client: BitbucketClient,
  workspace: string,
  next: string | null,
  signal?: AbortSignal,
): Promise<{ readonly rows: EffectivePermission[]; readonly next: string | null; readonly count: number | null }> {
  const listing = workspaceListing(workspace)
  const page = await (next === null
    ? readFirstPage(client, { ...listing, signal })
    : client.get(next, { endpoint: listing.endpoint, schema: EffectivePermissionPage, signal }))
  return { rows: page.values, next: page.next ?? null, count: page.size ?? null }
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
    pageSchema: EffectivePermissionPage,
    key: (row) => `${row.repository.uuid} ${row.user.uuid}`,
  }
}
