import type { Clock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import { noTracing, type Tracing } from '@clarity/shared/runtime/tracing'
import { z } from 'zod'
import type { Answer } from './answer.ts'
import type { Authorization, Credential } from './credential.ts'
import { CredentialAccess } from './credential-access.ts'
import { contractError, ofCredential, toUpstreamError } from './errors.ts'
import { defaultHttpLimits, Http, type HttpLimits, parseBody } from './http.ts'
import type { InFlightOptions } from './in-flight.ts'
import { unlessAborted } from './unless-aborted.ts'

/** One request to the API that is over. */
export interface RequestReport {
  /** The route as Atlassian writes it. */
  readonly endpoint: string
  /** Counts the tries of one call from 1. */
  readonly attempt: number
  /** Null when no whole answer came. */
  readonly status: number | null
  readonly durationMs: number
  readonly credentialId: string
}

export interface BitbucketClientOptions {
  /** Where the API is, and where tokens are asked for; nothing else is ever called. */
  readonly urls: { readonly api: string; readonly token: string }
  /**
   * One or more, each with a budget of its own at Bitbucket; a call goes to the one that has most room. All of them
   * must see the same, for the pages of one list may come by several: administrators of the workspace do.
   */
  readonly credentials: readonly [Credential, ...Credential[]]
  readonly clock: Clock
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number
  readonly retryPolicy?: RetryPolicy
  readonly limits?: Partial<HttpLimits>
  /** Requests of one credential at the same time: what it begins with, and the most that it may come to. */
  readonly inFlight?: InFlightOptions
  /**
   * Waits until one more request may be made with that credential; called before each request to the API. One that
   * rejects as `rate-limited` has the call made with another credential, if there is one.
   */
  readonly takeBudget?: (credentialId: string, signal: AbortSignal | undefined) => Promise<void>
  /** Told of each request to the API, tries again and redirects included; requests for a token are not. */
  readonly onRequest?: (request: RequestReport) => void
  /** A span for each request, those for tokens included; none if not given. */
  readonly tracing?: Tracing
}

export interface GetOptions<Schema extends z.ZodType> {
  /** The route as Atlassian writes it; errors name it. */
  readonly endpoint: string
  readonly schema: Schema
  readonly signal?: AbortSignal | undefined
}

/** A reader of Bitbucket Cloud's API. */
export interface BitbucketClient extends AsyncDisposable {
  /**
   * Reads `path` (or a whole URL below the API's own host) and parses the answer. What one credential is refused is
   * asked for with the next one, and what heals by itself is tried again.
   * @throws UpstreamError for everything that Bitbucket does not give; the signal's reason when it aborts.
   */
  get<Schema extends z.ZodType>(path: string, options: GetOptions<Schema>): Promise<z.output<Schema>>
  /** The scopes of the first credential; null where Bitbucket does not tell. @throws UpstreamError when it gives no token. */
  grantedScopes(signal?: AbortSignal): Promise<readonly string[] | null>
  /**
   * The same client with some of its credentials alone, by their places. It knows what this one knows, tokens included, and
   * ends with it. @throws RangeError when none is there
   */
  withCredentials(places: readonly number[]): BitbucketClient
}

const defaultRetryPolicy: RetryPolicy = { initialMs: 250, maxMs: 8_000, factor: 2, attempts: 4 }
const defaultInFlight: InFlightOptions = { initial: 4, max: 16 }
const redirectsMax = 3

/** Builds a client. Disposing of it ends what is still under way. */
export function createBitbucketClient(options: BitbucketClientOptions): BitbucketClient {
  const { urls, clock, random } = options
  const http = new Http({ ...defaultHttpLimits, ...options.limits }, options.tracing ?? noTracing)
  const policy = options.retryPolicy ?? defaultRetryPolicy
  const inFlight = options.inFlight ?? defaultInFlight
  const accesses = options.credentials.map(
    (credential) => new CredentialAccess(credential, { tokenUrl: urls.token, clock, random, http, inFlight, policy }),
  )
  const closing = new AbortController()
  const patiently = <T>(signal: AbortSignal | undefined, work: (attempt: number) => Promise<T>) =>
    retry(policy, { clock, random, ...(signal && { signal }) }, work)
  const clientWith = (those: readonly CredentialAccess[]): BitbucketClient => {
    const reader = new Reader(options, http, those, closing.signal)
    return {
      get(path, getOptions) {
        const url = reader.resolve(path, getOptions.endpoint)
        return patiently(getOptions.signal, (attempt) => reader.read(url, getOptions, attempt))
      },
      async grantedScopes(signal) {
        const authorization = await patiently(signal, async () => those[0]?.authorization.get(signal))
        return authorization?.scopes ?? null
      },
      withCredentials(places) {
        const chosen = those.filter((_, place) => places.includes(place))
        if (chosen.length === 0) throw new RangeError('a client has at least one credential')
        return clientWith(chosen)
      },
      async [Symbol.asyncDispose]() {
        closing.abort(new Error('the client is closed'))
        await http.close()
      },
    }
  }
  return clientWith(accesses)
}

/** One call, on one credential after the other. */
class Reader {
  readonly #options: BitbucketClientOptions
  readonly #http: Http
  readonly #accesses: readonly CredentialAccess[]
  readonly #closing: AbortSignal

  constructor(
    options: BitbucketClientOptions,
    http: Http,
    accesses: readonly CredentialAccess[],
    closing: AbortSignal,
  ) {
    this.#options = options
    this.#http = http
    this.#accesses = accesses
    this.#closing = closing
  }

  /** Only the API itself is ever called, whatever an answer says. @throws UpstreamError */
  resolve(target: string, endpoint: string, base = this.#options.urls.api): string {
    const url = URL.parse(target, base)
    if (url !== null && url.origin === new URL(this.#options.urls.api).origin) return url.href
    throw contractError(endpoint, 'foreign-host', 'the answer points to somewhere that is not the API')
  }

  /** The first good answer; when every credential is refused, what tells most. */
  async read<Schema extends z.ZodType>(
    url: string,
    options: GetOptions<Schema>,
    attempt: number,
  ): Promise<z.output<Schema>> {
    const refusals: UpstreamError[] = []
    const left = new Set(this.#accesses)
    while (left.size > 0) {
      const access = mostWilling([...left], options.endpoint)
      left.delete(access)
      try {
        return await this.#readWith(access, url, options, attempt)
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        const told = ofCredential(error, access.id)
        if (!isForOthers(told)) throw told
        refusals.push(told)
      }
    }
    throw mostTelling(refusals)
  }

  async #readWith<Schema extends z.ZodType>(
    access: CredentialAccess,
    url: string,
    options: GetOptions<Schema>,
    attempt: number,
  ): Promise<z.output<Schema>> {
    const { endpoint, schema, signal } = options
    const permit = await access.enter(endpoint, signal)
    let outcome: Parameters<typeof permit.release>[0] = 'other'
    try {
      const answer = await this.#ask(access, url, options, attempt)
      const parsed = schema.safeParse(parseBody(endpoint, answer, this.#options.clock.now()))
      outcome = 'success'
      access.learn(endpoint, null)
      if (parsed.success) return parsed.data
      const message = `the answer has another shape: ${describeIssue(parsed.error)}`
      throw contractError(endpoint, 'unexpected-shape', message, answer)
    } catch (error) {
      if (error instanceof UpstreamError) access.learn(endpoint, error)
      if (error instanceof UpstreamError && error.kind === 'rate-limited' && error.status !== null) outcome = 'refused'
      throw error
    } finally {
      permit.release(outcome)
    }
  }

  /** Asks there and where it is redirected to, with an authorization that is renewed once when it is refused. */
  async #ask(access: CredentialAccess, url: string, options: GetOptions<z.ZodType>, attempt: number): Promise<Answer> {
    const { endpoint, signal } = options
    let target = url
    let renewed = !access.authorization.renewable || access.isOfOtherKindThan(endpoint)
    for (let redirects = 0; ; ) {
      // First: the wait may be longer than a token lives.
      await this.#options.takeBudget?.(access.id, signal)
      const authorization = await access.authorization.get(signal)
      const answer = await this.#askOnce(access, target, authorization, options, attempt)
      const location = answer.header('location')
      if (isAccepted(answer)) authorization.take(endpoint)
      if (answer.status === 401 && !renewed) {
        renewed = true
        access.authorization.discard(authorization)
      } else if (answer.status === 401) {
        throw await this.#explain401(access, authorization, options, answer)
      } else if (answer.status >= 300 && answer.status < 400 && location !== null && redirects < redirectsMax) {
        redirects += 1
        target = this.resolve(location, endpoint, target)
      } else return answer
    }
  }

  /**
   * Bitbucket has the same words for a token that is no good and for one whose kind the endpoint does not take: they
   * are told apart by whether anything else takes it.
   */
  async #explain401(
    access: CredentialAccess,
    authorization: Authorization,
    { endpoint, signal }: GetOptions<z.ZodType>,
    answer: Answer,
  ): Promise<UpstreamError> {
    const look = endpoint === currentUser.endpoint ? async () => false : () => this.#look(access, authorization)
    const isGood = await unlessAborted(authorization.isGoodBeyond(endpoint, look), signal)
    const code = isGood ? 'token-kind-unsupported' : 'token-refused'
    return toUpstreamError(endpoint, answer, this.#options.clock.now(), code)
  }

  /** Whether the token is good. Several may wait for it, so only the end of the client ends it. @throws UpstreamError */
  async #look(access: CredentialAccess, authorization: Authorization): Promise<boolean> {
    const url = this.resolve(currentUser.path, currentUser.endpoint)
    const signal = this.#closing
    await this.#options.takeBudget?.(access.id, signal)
    const answer = await this.#askOnce(access, url, authorization, { ...currentUser, signal }, 1)
    if (answer.status === 401) return false
    const error = answer.status < 400 ? null : toUpstreamError(currentUser.endpoint, answer, this.#options.clock.now())
    // A limit or an outage is neither yes nor no. What else it is, such as a 404, is never the answer to the call.
    if (error?.retryable) throw error
    return true
  }

  async #askOnce(
    { id: credentialId }: CredentialAccess,
    url: string,
    authorization: Authorization,
    { endpoint, signal }: GetOptions<z.ZodType>,
    attempt: number,
  ): Promise<Answer> {
    const { clock, onRequest } = this.#options
    const headers = { authorization: authorization.header.reveal(), accept: 'application/json' }
    const startedAtMs = clock.now()
    let status: number | null = null
    try {
      const answer = await this.#http.send({ endpoint, url, method: 'GET', headers, signal })
      status = answer.status
      return answer
    } finally {
      onRequest?.({ endpoint, attempt, status, durationMs: clock.now() - startedAtMs, credentialId })
    }
  }
}

/** Whether the answer proves the token good: it was served, or refused for what the token may not do. */
function isAccepted({ status }: Answer): boolean {
  return status < 400 || status === 403
}

/** What every good token may ask for; a missing scope answers 403. */
const currentUser = { endpoint: 'GET /2.0/user', path: '/2.0/user?fields=uuid', schema: z.unknown() }

function mostWilling(accesses: readonly CredentialAccess[], endpoint: string): CredentialAccess {
  const ranked = accesses.map((access) => ({ access, reluctance: access.reluctance(endpoint) }))
  const [best] = ranked.sort((a, b) => compare(a.reluctance, b.reluctance))
  if (best === undefined) throw new Error('a client has at least one credential')
  return best.access
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

/** Whether another credential may get what this one was refused. */
function isForOthers({ kind }: UpstreamError): boolean {
  return kind === 'rate-limited' || kind === 'credential' || kind === 'permission'
}

/** What heals by itself first, the soonest before all; then what concerns this one call; then what a credential lacks. */
function mostTelling(refusals: readonly UpstreamError[]): UpstreamError {
  const [first] = refusals.toSorted((a, b) =>
    compare([rankOf(a), a.retryAfterMs ?? 0], [rankOf(b), b.retryAfterMs ?? 0]),
  )
  if (first === undefined) throw new Error('a call is refused by somebody')
  return first
}

function rankOf({ kind, code }: UpstreamError): number {
  if (kind === 'rate-limited') return 0
  if (kind === 'credential') return 4
  if (code === 'scope-missing' || code === 'token-kind-unsupported') return 3
  // Where another credential is told that it may not, the thing is there.
  return code === 'not-found' ? 2 : 1
}

/** Where the shape differs; never the value itself, which may be somebody's name. */
function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'body'} ${issue.code}`
}
