import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, pageOf, readListing } from '../pages.ts'
import { fieldsOf, onlyFields } from './schemas.ts'

/** The credential's own highest role in a workspace: `owner` administers it. */
export const OwnWorkspaceAccess = z.object({ permission: z.string() })
export type OwnWorkspaceAccess = z.infer<typeof OwnWorkspaceAccess>

/** A workspace that the credential can see, and whether it administers it. */
export const OwnWorkspace = z.object({
  administrator: z.boolean(),
  workspace: z.object({ uuid: z.string(), slug: z.string() }),
})
export type OwnWorkspace = z.infer<typeof OwnWorkspace>
const OwnWorkspacePage = pageOf(OwnWorkspace)

const endpoint = 'GET /2.0/user/workspaces'

/** Reads the credential's own role in a workspace. @throws UpstreamError, `permission` where it has none. */
export function getOwnWorkspaceAccess(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<OwnWorkspaceAccess> {
  return client.get(`/2.0/user/workspaces/${encodeURIComponent(workspace)}/permission?${fieldsOf('permission')}`, {
    endpoint: `${endpoint}/{workspace}/permission`,
    schema: OwnWorkspaceAccess,
    signal,
  })
}

/** Lists the workspaces that the credential can see. */
export function listOwnWorkspaces(client: BitbucketClient, signal?: AbortSignal): Promise<Listing<OwnWorkspace>> {
  return readListing(client, {
    endpoint,
    path: '/2.0/user/workspaces',
    query: { sort: 'slug', ...onlyFields('administrator', 'workspace.uuid', 'workspace.slug') },
    pageSchema: OwnWorkspacePage,
    key: (row) => row.workspace.uuid,
    signal,
  })
}
