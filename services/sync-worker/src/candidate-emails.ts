import { type BitbucketClient, listMembersByEmail, type MemberByEmail } from '@clarity/bitbucket'
import { type ConnectionId, type ServiceUserId, serviceUserId } from '@clarity/shared/contract/ids'
import type { UpstreamError } from '@clarity/shared/runtime/errors'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'

/** How far the asking came, and what it found; what was found is in the store as well. */
export type CandidatesAsked = {
  /** How many addresses Bitbucket answered for. */
  readonly asked: number
  readonly confirmed: ReadonlyMap<ServiceUserId, string>
  /** How many times Bitbucket was asked; an answer of one page, without a try again, is one request. */
  readonly requests: number
} & (
  | { readonly state: 'complete' }
  /** Addresses may still wait: `requestsMax` is used up. */
  | { readonly state: 'bounded' }
  /** A batch was not answered, and goes on waiting. */
  | { readonly state: 'incomplete'; readonly error: UpstreamError }
)

export interface AskCandidatesOptions {
  readonly client: BitbucketClient
  readonly workspaceSlug: string
  readonly store: Pick<CandidateEmailStore, 'takeBatch' | 'settle'>
  readonly connectionId: ConnectionId
  readonly signal: AbortSignal
  readonly requestsMax: number
}

/**
 * Asks Bitbucket about the addresses that wait, 90 at a time, until none is left. Each batch is settled before the next
 * is taken, so whoever dies, or is stopped, has at most one batch asked again.
 * @throws the signal's reason when it aborts, and what is not Bitbucket's doing.
 */
export async function askCandidates(options: AskCandidatesOptions): Promise<CandidatesAsked> {
  const { client, workspaceSlug, store, connectionId, signal, requestsMax } = options
  const confirmed = new Map<ServiceUserId, string>()
  let asked = 0
  for (let requests = 0; requests < requestsMax; requests++) {
    signal.throwIfAborted()
    const batch = await store.takeBatch(connectionId)
    if (batch === null) return { state: 'complete', asked, confirmed, requests }
    const listing = await listMembersByEmail(client, workspaceSlug, batch.addresses, signal)
    if (listing.state === 'incomplete')
      return { state: 'incomplete', error: listing.error, asked, confirmed, requests: requests + 1 }
    const hits = matchAddresses(batch.addresses, listing.rows)
    await store.settle(connectionId, batch, hits)
    asked += batch.addresses.length
    for (const [user, address] of hits) confirmed.set(user, address)
  }
  return { state: 'bounded', asked, confirmed, requests: requestsMax }
}

/**
 * Which service user has which of the addresses that were asked about. A row with another address is no answer, and an
 * address belongs to one user: to the first.
 */
export function matchAddresses(
  asked: readonly string[],
  rows: readonly MemberByEmail[],
): ReadonlyMap<ServiceUserId, string> {
  const left = new Set(asked)
  const hits = new Map<ServiceUserId, string>()
  for (const { user } of rows) {
    const address = user.email.trim().toLowerCase()
    if (left.delete(address)) hits.set(serviceUserId(user.uuid), address)
  }
  return hits
}
