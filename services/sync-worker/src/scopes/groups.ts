import { type BitbucketClient, listGroups } from '@clarity/bitbucket'
import { ReadingBuilder, type ScopeOutcome, type Told } from './reading.ts'

/** Reads all groups with their members: one request, for this listing has no pages. */
export async function readGroups(
  client: BitbucketClient,
  workspaceSlug: string,
  { leftOut }: Pick<Told, 'leftOut'>,
  signal: AbortSignal,
): Promise<ScopeOutcome> {
  const listing = await listGroups(client, workspaceSlug, signal)
  if (listing.state === 'incomplete') return listing
  const builder = new ReadingBuilder(leftOut)
  for (const { slug, name, permission, members } of listing.rows) {
    builder.addExistingGroup({ slug, name, defaultPermission: permission })
    for (const member of members) builder.addUser(member, `group:${slug}`, 'member')
  }
  return { state: 'complete', reading: builder.build(null), list: null }
}
