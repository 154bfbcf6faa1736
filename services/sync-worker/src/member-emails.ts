import type { BitbucketClient } from '@clarity/bitbucket'
import { ServiceUser, type ServiceUserAttributes } from '@clarity/shared/contract/entities'
import type { ConnectionId, ServiceUserId } from '@clarity/shared/contract/ids'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import type { FactStore } from '@clarity/shared/store/facts'
import { askCandidates, type CandidatesAsked } from './candidate-emails.ts'

export interface MemberEmailsOptions {
  readonly emails: CandidateEmailStore
  readonly facts: FactStore
  readonly connectionId: ConnectionId
}

/** Batches of addresses that one reading of the members asks about; what is left waits for the next. */
const requestsMax = 50

/** What is known of the addresses of the members. */
export class MemberEmails {
  readonly #options: MemberEmailsOptions

  constructor(options: MemberEmailsOptions) {
    this.#options = options
  }

  /** Asks Bitbucket about the addresses that wait; null when nobody has sent any. */
  async ask(client: BitbucketClient, workspaceSlug: string, signal: AbortSignal): Promise<CandidatesAsked | null> {
    const { emails: store, connectionId } = this.#options
    if (!(await store.isUsed(connectionId))) return null
    return askCandidates({ client, workspaceSlug, store, connectionId, signal, requestsMax })
  }

  /**
   * What is to be said of each member's address; nothing of anybody when no address was ever sent. Somebody new lets
   * addresses that were asked in vain be asked again; those who were here keep what was said of them.
   */
  async read(
    members: readonly ServiceUserId[],
  ): Promise<ReadonlyMap<ServiceUserId, Pick<ServiceUserAttributes, 'email' | 'emailEvidence'>>> {
    const { emails, facts, connectionId } = this.#options
    if (!(await emails.isUsed(connectionId))) return new Map()
    const stored = await facts.readEntities(connectionId, members)
    const known = stored.map((json) => (json === null ? null : ServiceUser.parse(JSON.parse(json))))
    const isNew = (user: ServiceUser | null | undefined) => user?.membership !== 'member'
    if (known.some(isNew)) await emails.raiseMembershipEpoch(connectionId)
    const hits = await emails.readHits(connectionId)
    const { askedInEpoch } = await emails.readStatus(connectionId)
    const addresses = new Map<ServiceUserId, Pick<ServiceUserAttributes, 'email' | 'emailEvidence'>>()
    for (const [index, id] of members.entries()) {
      const email = hits.get(id)
      const before = isNew(known[index]) ? undefined : known[index]?.attributes.emailEvidence
      if (email !== undefined) addresses.set(id, { email, emailEvidence: 'confirmed' })
      else if (askedInEpoch || before === 'candidate-not-found')
        addresses.set(id, { emailEvidence: 'candidate-not-found' })
      else addresses.set(id, { emailEvidence: 'not-asked' })
    }
    return addresses
  }

  /** Forgets the addresses of those who are members no more. */
  async forgetOthers(members: ReadonlySet<string>): Promise<void> {
    const { emails, connectionId } = this.#options
    if (!(await emails.isUsed(connectionId))) return
    const left = [...(await emails.readHits(connectionId)).keys()].filter((id) => !members.has(id))
    if (left.length > 0) await emails.forget(connectionId, left)
  }
}
