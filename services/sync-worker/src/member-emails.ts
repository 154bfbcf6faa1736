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

type Address = Pick<ServiceUserAttributes, 'email' | 'emailEvidence'>

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
   * addresses that were asked in vain be asked again; those who were here keep what was said of them, also where the store
   * has lost it with its Redis: who is a member keeps a confirmed address.
   */
  async read(members: readonly ServiceUserId[]): Promise<ReadonlyMap<ServiceUserId, Address>> {
    const { emails, facts, connectionId } = this.#options
    const stored = await facts.readEntities(connectionId, members)
    const known = stored.map((json) => (json === null ? null : ServiceUser.parse(JSON.parse(json))))
    const wasTold = known.some((user) => user?.attributes.emailEvidence !== undefined)
    const isUsed = await emails.isUsed(connectionId)
    if (!isUsed && !wasTold) return new Map()
    const isNew = (user: ServiceUser | null | undefined) => user?.membership !== 'member'
    if (isUsed && known.some(isNew)) await emails.raiseMembershipEpoch(connectionId)
    const hits = await emails.readHits(connectionId)
    const { askedInEpoch } = await emails.readStatus(connectionId)
    const addressOf = (id: ServiceUserId, before: ServiceUserAttributes | undefined): Address => {
      const email = hits.get(id) ?? before?.email
      if (email !== undefined) return { email, emailEvidence: 'confirmed' }
      const wasAsked = askedInEpoch || before?.emailEvidence === 'candidate-not-found'
      return { emailEvidence: wasAsked ? 'candidate-not-found' : 'not-asked' }
    }
    return new Map(
      members.map((id, index) => [id, addressOf(id, isNew(known[index]) ? undefined : known[index]?.attributes)]),
    )
  }

  /** Forgets the addresses of those who are members no more. */
  async forgetOthers(members: ReadonlySet<string>): Promise<void> {
    const { emails, connectionId } = this.#options
    if (!(await emails.isUsed(connectionId))) return
    const left = [...(await emails.readHits(connectionId)).keys()].filter((id) => !members.has(id))
    if (left.length > 0) await emails.forget(connectionId, left)
  }
}
