import type { Clock } from '@clarity/shared/runtime/clock'
import type { UpstreamError } from '@clarity/shared/runtime/errors'
import { delayBeforeRetry, type RetryPolicy } from '@clarity/shared/runtime/retry'
import type { AuthorizationSource, Credential } from './credential.ts'
import { upstreamError } from './errors.ts'
import type { Http } from './http.ts'
import { InFlight, type InFlightOptions, type Permit } from './in-flight.ts'
import { createApiTokenSource, TokenSource } from './token.ts'

export interface CredentialAccessOptions {
  readonly tokenUrl: string
  readonly clock: Clock
  readonly random: () => number
  readonly http: Http
  readonly inFlight: InFlightOptions
  /** How long a credential rests after a refusal that does not say, and how long a call waits for it at most. */
  readonly policy: RetryPolicy
}

/**
 * One credential with all that is known of it: its authorization, how many requests it may have under way, and until
 * when it rests because Bitbucket refused more. Calls that find it resting wait, or go to another credential.
 */
export class CredentialAccess {
  readonly id: string
  readonly authorization: AuthorizationSource
  readonly #options: CredentialAccessOptions
  readonly #inFlight: InFlight
  /** Endpoints that its kind or its scopes do not open, by why: they are tried with it only when no other is left. */
  readonly #closed = new Map<string, string>()
  #restsUntilMs = 0
  /** How long the rest was to be when it began. */
  #restLastsMs = 0
  #refusalsInARow = 0
  #isBroken = false

  constructor(credential: Credential, options: CredentialAccessOptions) {
    const { tokenUrl, clock, http } = options
    this.id = credential.id
    this.#options = options
    this.#inFlight = new InFlight(options.inFlight)
    this.authorization =
      credential.kind === 'api-token'
        ? createApiTokenSource(credential)
        : new TokenSource({ url: tokenUrl, credential, clock, http })
  }

  /** How willingly a call to that endpoint goes to it: the less the better. */
  reluctance(endpoint: string): readonly number[] {
    return [Number(this.#isBroken), Number(this.#closed.has(endpoint)), this.#restMs(), -this.#inFlight.room]
  }

  /**
   * Waits until it has room and rests no more; those who stand in line learn of a rest that began meanwhile.
   * @throws UpstreamError `rate-limited` when it rests longer than a call waits; the signal's reason when it aborts
   */
  async enter(endpoint: string, signal: AbortSignal | undefined): Promise<Permit> {
    this.#refuseLongRest(endpoint)
    const permit = await this.#inFlight.acquire(signal)
    try {
      const restMs = this.#refuseLongRest(endpoint)
      if (restMs > 0) {
        await this.#options.clock.sleep(restMs, signal)
        this.#refuseLongRest(endpoint)
      }
      return permit
    } catch (error) {
      permit.release('other')
      throw error
    }
  }

  #refuseLongRest(endpoint: string): number {
    const restMs = this.#restMs()
    if (restMs <= this.#options.policy.maxMs) return restMs
    const message = `Bitbucket has refused more requests of this credential, so none goes to ${endpoint} for the moment`
    throw upstreamError('rate-limited', message, { context: { endpoint }, retryAfterMs: restMs })
  }

  /** Whether the endpoint is known not to take its kind of token, so that a new one would be no better. */
  isOfOtherKindThan(endpoint: string): boolean {
    return this.#closed.get(endpoint) === 'token-kind-unsupported'
  }

  /** Learns from how a call ended. */
  learn(endpoint: string, error: UpstreamError | null): void {
    if (error === null) {
      this.#refusalsInARow = 0
      this.#isBroken = false
      this.#closed.delete(endpoint)
    } else if (error.kind === 'rate-limited') {
      // Where our own count says that there is no room, Bitbucket has refused nothing.
      if (error.status !== null) this.#rest(error.retryAfterMs)
    } else if (error.kind === 'credential') this.#isBroken = true
    else if (error.code === 'token-kind-unsupported' || error.code === 'scope-missing')
      this.#closed.set(endpoint, error.code)
  }

  #rest(askedMs: number | null): void {
    const { policy, random, clock } = this.#options
    this.#refusalsInARow += 1
    const restMs = delayBeforeRetry(policy, this.#refusalsInARow, random(), askedMs ?? 0)
    this.#restLastsMs = Math.max(this.#restMs(), restMs)
    this.#restsUntilMs = clock.now() + this.#restLastsMs
  }

  #restMs(): number {
    const now = this.#options.clock.now()
    // By a clock that was set back a rest of a minute would be one of hours: it begins anew instead.
    this.#restsUntilMs = Math.min(this.#restsUntilMs, now + this.#restLastsMs)
    return Math.max(0, this.#restsUntilMs - now)
  }
}
