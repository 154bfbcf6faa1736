import type { Secret } from '@clarity/shared/runtime/secret'

/** Key and secret of an OAuth consumer of the workspace. */
export interface OAuthConsumer {
  readonly kind: 'oauth-consumer'
  /** Names the credential in logs and reports; it is no secret. */
  readonly id: string
  readonly key: string
  readonly secret: Secret
}

/** The API token of a person, who should administer the workspace. */
export interface ApiToken {
  readonly kind: 'api-token'
  readonly id: string
  /** The person's address at Atlassian; it goes to Bitbucket and nowhere else. */
  readonly email: string
  readonly token: Secret
}

export type Credential = OAuthConsumer | ApiToken

/** What goes into the `Authorization` header of requests, for as long as it is good. */
export class Authorization {
  readonly header: Secret
  /** Null where Bitbucket does not tell, as with API tokens. */
  readonly scopes: readonly string[] | null
  readonly renewAtMs: number
  readonly #takenBy = new Set<string>()
  /** What a look at an endpoint that takes every good one has told; it is made once. */
  #looked: boolean | null = null
  #looking: Promise<boolean> | null = null

  constructor(header: Secret, scopes: readonly string[] | null, renewAtMs: number) {
    this.header = header
    this.scopes = scopes
    this.renewAtMs = renewAtMs
  }

  /** An endpoint has taken it. */
  take(endpoint: string): void {
    this.#takenBy.add(endpoint)
  }

  /**
   * Whether it is good although `endpoint` refuses it. Another one that has taken it says so, but not if the refusing
   * one has, too: then something has changed, and `look` finds out, once however many ask. A look that throws told
   * nothing, and the next one who asks looks again.
   */
  async isGoodBeyond(endpoint: string, look: () => Promise<boolean>): Promise<boolean> {
    if (this.#looked !== null) return this.#looked
    if (this.#takenBy.size > 0 && !this.#takenBy.has(endpoint)) return true
    this.#looking ??= look().finally(() => {
      this.#looking = null
    })
    this.#looked = await this.#looking
    return this.#looked
  }
}

/** Where a credential's authorization comes from. */
export interface AuthorizationSource {
  /** Whether a refused one can be replaced by a new one. */
  readonly renewable: boolean
  /** @throws UpstreamError when there is none to be had; the signal's reason when it aborts, which ends only this wait */
  get(signal?: AbortSignal): Promise<Authorization>
  /** Forgets one that was refused; a newer one stays. */
  discard(refused: Authorization): void
}
