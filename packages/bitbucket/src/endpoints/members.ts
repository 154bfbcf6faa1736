import { InvariantError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { type Listing, pageOf, readListing } from '../pages.ts'
import { nullIfNotFound } from './not-found.ts'
import { Account, fieldsOf, onlyFields, userFields } from './schemas.ts'

export const Member = z.object({ user: Account })
export type Member = z.infer<typeof Member>

/** A member with the address by which it was found. */
export const MemberByEmail = z.object({ user: Account.extend({ email: z.string() }) })
export type MemberByEmail = z.infer<typeof MemberByEmail>
const MemberByEmailPage = pageOf(MemberByEmail)

/** Bitbucket refuses a query for more addresses than these. */
export const emailsPerQueryMax = 90

/**
 * Reads one member, given by uuid in braces or Atlassian account id; null for an account that is no member, and alike for
 * an account or a workspace that Bitbucket does not find.
 * @throws UpstreamError
 */
export function getMember(
  client: BitbucketClient,
  workspace: string,
  memberId: string,
  signal?: AbortSignal,
): Promise<Member | null> {
  const path = `/2.0/workspaces/${encodeURIComponent(workspace)}/members/${encodeURIComponent(memberId)}`
  const endpoint = 'GET /2.0/workspaces/{workspace}/members/{member}'
  return nullIfNotFound(client.get(`${path}?${fieldsOf(...userFields)}`, { endpoint, schema: Member, signal }))
}

/**
 * Lists the members who have one of these addresses, 90 at most, each with its address; Bitbucket tells no other address
 * than those it is asked for. The caller must administer the workspace.
 * @throws InvariantError for more addresses, or for one that `isQueryableEmail` refuses.
 */
export async function listMembersByEmail(
  client: BitbucketClient,
  workspace: string,
  emails: readonly string[],
  signal?: AbortSignal,
): Promise<Listing<MemberByEmail>> {
  if (emails.length > emailsPerQueryMax) throw new InvariantError('too many addresses', { count: emails.length })
  if (!emails.every(isQueryableEmail)) throw new InvariantError('an address cannot be written in a query')
  // A query for no address is refused, and its answer is known.
  if (emails.length === 0) return { state: 'complete', rows: [], reported: null, pages: 0 }
  return readListing(client, {
    endpoint: 'GET /2.0/workspaces/{workspace}/members',
    path: `/2.0/workspaces/${encodeURIComponent(workspace)}/members`,
    query: {
      q: `user.email IN (${emails.map((email) => `"${email}"`).join(',')})`,
      ...onlyFields('user.email', ...userFields),
    },
    pageSchema: MemberByEmailPage,
    key: (row) => row.user.uuid,
    signal,
  })
}

/** Whether an address may be asked for: the query language tells no way to write a quote or a backslash in a string. */
export function isQueryableEmail(email: string): boolean {
  return /^[^\s"\\@]+@[^\s"\\@]+$/.test(email)
}
