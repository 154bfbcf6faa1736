import type { Clock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import { z } from 'zod'
import { type Answer, contextOf, parseLeniently, repeatable } from './answer.ts'
import { type ApiToken, Authorization, type AuthorizationSource, type OAuthConsumer } from './credential.ts'
import type { BitbucketErrorCode } from './error-table.ts'
import { contractError, upstreamError } from './errors.ts'
import { type Http, parseBody } from './http.ts'
import { unlessAborted } from './unless-aborted.ts'

/**
 * The token of one consumer. It is asked for once however many calls wait for it, and renewed when 80 % of its life is
 * over: Atlassian says one hour, answers have said two, so only `expires_in` counts.
 */
export class TokenSource implements AuthorizationSource {
  readonly renewable = true
  readonly #options: TokenOptions
  #token: Authorization | null = null
  #pending: Promise<Authorization> | null = null
  #refusal: { readonly error: UpstreamError; readonly untilMs: number } | null = null

  constructor(options: TokenOptions) {
    this.#options = options
  }

  async get(signal?: AbortSignal): Promise<Authorization> {
    if (this.#token !== null && this.#options.clock.now() < this.#token.renewAtMs) return this.#token
    if (this.#refusal !== null && this.#options.clock.now() < this.#refusal.untilMs) throw this.#refusal.error
    this.#pending ??= this.#renew()
    return unlessAborted(this.#pending, signal)
  }

  /** Keeps the token even when nobody waits for it any more. */
  async #renew(): Promise<Authorization> {
    try {
      this.#token = await requestToken(this.#options)
      return this.#token
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'credential') {
        this.#refusal = { error, untilMs: this.#options.clock.now() + refusalLastsMs }
      }
      throw error
    } finally {
      this.#pending = null
    }
  }

  discard(refused: Authorization): void {
    if (this.#token === refused) this.#token = null
  }
}

/** A person's API token, which is what it is: it goes along with every request, and nothing renews it. */
export function createApiTokenSource({ email, token }: ApiToken): AuthorizationSource {
  const basic = Buffer.from(`${email}:${token.reveal()}`).toString('base64')
  const authorization = new Authorization(new Secret(`Basic ${basic}`), null, Number.POSITIVE_INFINITY)
  return { renewable: false, get: async () => authorization, discard: () => undefined }
}

export interface TokenOptions {
  readonly url: string
  readonly credential: OAuthConsumer
  readonly clock: Clock
  readonly http: Http
}

const endpoint = 'POST /site/oauth2/access_token'
const lifeShareBeforeRenewal = 0.8
/** A refused consumer has to be mended by somebody; until then every call would ask for it again. */
const refusalLastsMs = 60_000

const Scopes = z.union([z.string().transform((text) => text.split(/[\s,]+/)), z.array(z.string())]).nullish()

/** Before May 2026 the field was `scopes`. */
const TokenBody = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: Scopes,
  scopes: Scopes,
})

const TokenErrorBody = z.object({ error: z.string(), error_description: z.string().optional() })

async function requestToken({ url, credential, clock, http }: TokenOptions): Promise<Authorization> {
  const basic = Buffer.from(`${credential.key}:${credential.secret.reveal()}`).toString('base64')
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }
  const askedAtMs = clock.now()
  const answer = await http.send({
    endpoint,
    url,
    method: 'POST',
    headers,
    body: 'grant_type=client_credentials',
  })
  if (answer.status === 400 || answer.status === 401) throw toRefusal(answer)
  const parsed = TokenBody.safeParse(parseBody(endpoint, answer, clock.now()))
  if (!parsed.success) throw contractError(endpoint, 'unexpected-shape', 'the answer holds no token', answer)
  const { access_token, expires_in, scope, scopes } = parsed.data
  const scopeList = (scope ?? scopes)?.filter((one) => one !== '') ?? null
  const renewAtMs = askedAtMs + expires_in * 1_000 * lifeShareBeforeRenewal
  return new Authorization(new Secret(`Bearer ${access_token}`), scopeList, renewAtMs)
}

/** A mistake at the consumer: somebody has to mend it, so it is not tried again. */
function toRefusal(answer: Answer): UpstreamError {
  const parsed = TokenErrorBody.safeParse(parseLeniently(answer.body))
  // A 401 needs no words to be understood.
  const unsaid = answer.status === 401 ? 'unauthorized_client' : 'no reason given'
  const { error, error_description: description = '' } = parsed.success ? parsed.data : { error: unsaid }
  const make = (code: BitbucketErrorCode, message: string) =>
    upstreamError(code, message, { status: answer.status, context: contextOf(endpoint, answer) })
  if (error === 'invalid_grant' && /public/i.test(description)) {
    return make('consumer-not-private', 'The OAuth consumer is not private')
  }
  // Our request is always the same, so what is invalid about it lies at the consumer.
  if (error === 'invalid_request') {
    return make('consumer-without-callback-url', 'The OAuth consumer has no callback URL')
  }
  if (error === 'unauthorized_client' || error === 'invalid_client') {
    return make('bad-credentials', 'Bitbucket does not know this key and secret')
  }
  return make('consumer-refused', `Bitbucket refuses the OAuth consumer (${repeatable(error)})`)
}
