import { UpstreamError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
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

/**
 * Lists all groups with their members in one request. Only version 1.0 of the API knows groups; it answers a bare array
 * without pages, and wants the slug of the workspace, not its uuid.
 */
export async function listGroups(
  client: BitbucketClient,
  workspaceSlug: string,
  signal?: AbortSignal,
): Promise<Listing<Group>> {
  const endpoint = 'GET /1.0/groups/{workspace_slug}'
  try {
    const path = `/1.0/groups/${encodeURIComponent(workspaceSlug)}`
    const rows = await client.get(path, { endpoint, schema: z.array(Group), signal })
    return { state: 'complete', rows, reported: null }
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'incomplete', error }
    throw error
  }
}
