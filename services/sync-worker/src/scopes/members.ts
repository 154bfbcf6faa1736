import { type BitbucketClient, listWorkspacePermissions } from '@clarity/bitbucket'
import type { Resource, ServiceUserAttributes } from '@clarity/shared/contract/entities'
import { serviceUserId } from '@clarity/shared/contract/ids'
import { suddenlyEmpty } from '../core/confirm.ts'
import { levelsToldAnyway } from '../core/entitlements.ts'
import { withoutAbsent } from '../core/identity.ts'
import type { MemberEmails } from '../member-emails.ts'
import { ReadingBuilder, type ScopeOutcome, type Told } from './reading.ts'

/** Reads the members of the workspace with their roles, and with the addresses that are known: one listing. */
export async function readMembers(
  client: BitbucketClient,
  workspace: { uuid: string; slug: string; name: string },
  { emails, publishLevels, leftOut }: Told & { readonly emails: MemberEmails },
  signal: AbortSignal,
): Promise<ScopeOutcome> {
  const listing = await listWorkspacePermissions(client, workspace.slug, signal)
  if (listing.state === 'incomplete') return listing
  // A workspace has an owner, always.
  if (listing.rows.length === 0) return { state: 'incomplete', error: suddenlyEmpty('workspace/members') }
  const addresses = await emails.read(listing.rows.map(({ user }) => serviceUserId(user.uuid)))
  const builder = new ReadingBuilder(leftOut)
  for (const row of listing.rows) {
    const address = addresses.get(serviceUserId(row.user.uuid))
    builder.addUser(row.user, 'workspace', row.permission, { ...roleAttributes(row), ...address })
  }
  const resource: Resource = { kind: 'workspace', ...workspace }
  const levels = levelsToldAnyway('workspace/members', publishLevels)
  return { state: 'complete', reading: builder.build(resource, levels), list: listing }
}

function roleAttributes(row: {
  permission: string
  added_on?: string | null | undefined
  last_accessed?: string | null | undefined
}): ServiceUserAttributes {
  return withoutAbsent({
    workspaceRole: row.permission,
    addedOn: row.added_on ?? undefined,
    lastAccessedOn: row.last_accessed?.slice(0, 'yyyy-mm-dd'.length),
  })
}
