import { UpstreamError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient, GetOptions } from '../client.ts'
import type { Listing } from '../pages.ts'
import { Account } from './schemas.ts'

/** A group with its members, and what it gets by default on new repositories. */
export const Group = z.object({
  slug: z.string(),
  name: z.string(),
  permission: z
    .string()
    .nullish()
    .transform((permission) => permission ?? null),
  members: z.array(Account),
})
export type Group = z.infer<typeof Group>
const Groups = z.array(Group)
const Accounts = z.array(Account)

export const groupsEndpoint = 'GET /1.0/groups/{workspace_slug}'

/**
 * Lists all groups with their members in one request. Only version 1.0 of the API knows groups; it answers a bare array
 * without pages, and wants the slug of the workspace, not its uuid.
 */
export function listGroups(
  client: BitbucketClient,
  workspaceSlug: string,
  signal?: AbortSignal,
): Promise<Listing<Group>> {
  const path = `/1.0/groups/${encodeURIComponent(workspaceSlug)}`
  return readArray(client, path, { endpoint: groupsEndpoint, schema: Groups, signal })
}

/** Lists the members of one group in one request. */
export function listGroupMembers(
  client: BitbucketClient,
  workspaceSlug: string,
  groupSlug: string,
  signal?: AbortSignal,
): Promise<Listing<Account>> {
  const endpoint = `${groupsEndpoint}/{group_slug}/members`
  const path = `/1.0/groups/${encodeURIComponent(workspaceSlug)}/${encodeURIComponent(groupSlug)}/members`
  return readArray(client, path, { endpoint, schema: Accounts, signal })
}

async function readArray<Row extends z.ZodType>(
  client: BitbucketClient,
  path: string,
  options: GetOptions<z.ZodArray<Row>>,
): Promise<Listing<z.output<Row>>> {
  try {
    return { state: 'complete', rows: await client.get(path, options), reported: null, pages: 1 }
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'incomplete', error }
    throw error
  }
}
