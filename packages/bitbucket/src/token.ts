import type { Clock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { type Answer, contextOf, parseLeniently } from './answer.ts'
import { contractError } from './errors.ts'
import { parseBody, send } from './http.ts'

/** Key and secret of an OAuth consumer of the workspace. */
export interface Credential {
  readonly key: string
  readonly secret: Secret
}

export interface Token {
  readonly value: Secret
  /** Separated by blanks. */
  readonly scopes: string
  readonly renewAtMs: number
}

/**
 * The token of one consumer. It is asked for once however many calls wait for it, and renewed when 80 % of its life is
 * over: Atlassian says one hour, answers have said two, so only `expires_in` counts.
 */
export class TokenSource {
  readonly #options: TokenOptions
  #token: Token | null = null
  #pending: Promise<Token> | null = null

  constructor(options: TokenOptions) {
    this.#options = options
  }

  /** @throws UpstreamError when there is none to be had; the signal's reason when it aborts, which ends only this wait. */
  async get(signal?: AbortSignal): Promise<Token> {
    if (this.#token !== null && this.#options.clock.now() < this.#token.renewAtMs) return this.#token
    this.#pending ??= this.#renew()
    return unlessAborted(this.#pending, signal)
  }

  /** Keeps the token even when nobody waits for it any more. */
  async #renew(): Promise<Token> {
    try {
      this.#token = await requestToken(this.#options)
      return this.#token
    } finally {
      this.#pending = null
    }
  }

  /** Forgets a token that was refused; a newer one stays. */
  discard(refused: Token): void {
    if (this.#token === refused) this.#token = null
  }
}

export interface TokenOptions {
  readonly url: string
  readonly credential: Credential
  readonly clock: Clock
  readonly dispatcher: Dispatcher
}

const endpoint = 'POST /site/oauth2/access_token'
const lifeShareBeforeRenewal = 0.8

/** Before May 2026 the field was `scopes`. */
const TokenBody = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: z.string().optional(),
  scopes: z.string().optional(),
})

const TokenErrorBody = z.object({ error: z.string(), error_description: z.string().optional() })

async function requestToken({ url, credential, clock, dispatcher }: TokenOptions): Promise<Token> {
  const basic = Buffer.from(`${credential.key}:${credential.secret.reveal()}`).toString('base64')
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }
  const askedAtMs = clock.now()
  const answer = await send(dispatcher, {
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
  return {
    value: new Secret(access_token),
    scopes: scope ?? scopes ?? '',
    renewAtMs: askedAtMs + expires_in * 1_000 * lifeShareBeforeRenewal,
  }
}

/** A mistake at the consumer: somebody has to mend it, so it is not tried again. */
function toRefusal(answer: Answer): UpstreamError {
  const parsed = TokenErrorBody.safeParse(parseLeniently(answer.body))
  // A 401 needs no words to be understood.
  const unsaid = answer.status === 401 ? 'unauthorized_client' : 'no reason given'
  const { error, error_description: description = '' } = parsed.success ? parsed.data : { error: unsaid }
  const make = (code: string, message: string, remedy: string) =>
    new UpstreamError('credential', code, message, {
      remedy,
      status: answer.status,
      context: contextOf(endpoint, answer),
    })
  if (error === 'invalid_grant' && /public/i.test(description)) {
    const remedy = "Edit the OAuth consumer, tick 'This is a private consumer', save, and try again."
    return make('consumer-not-private', 'The OAuth consumer is not private', remedy)
  }
  // Our request is always the same, so what is invalid about it lies at the consumer.
  if (error === 'invalid_request') {
    const remedy =
      'Enter a callback URL at the OAuth consumer, such as https://claritysecurity.com; it will not be called.'
    return make('consumer-without-callback-url', 'The OAuth consumer has no callback URL', remedy)
  }
  if (error === 'unauthorized_client' || error === 'invalid_client') {
    const remedy = 'Copy both again from Workspace settings > OAuth consumers.'
    return make('bad-credentials', 'Bitbucket does not know this key and secret', remedy)
  }
  const remedy = 'See that the OAuth consumer is private and has a callback URL, and copy key and secret again.'
  return make('consumer-refused', `Bitbucket refuses the OAuth consumer (${error})`, remedy)
}

/** Waits for `promise`, but not longer than the signal allows; the promise goes on for others. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
