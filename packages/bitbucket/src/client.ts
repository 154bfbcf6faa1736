import type { Clock } from '@clarity/shared/runtime/clock'
import { type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import type { Answer } from './answer.ts'
import { contractError } from './errors.ts'
import { createDispatcher, parseBody, send } from './http.ts'
import { type Credential, type Token, TokenSource } from './token.ts'

/** One request to the API that is over. */
export interface RequestReport {
  /** The route as Atlassian writes it. */
  readonly endpoint: string
  /** Counts the tries of one call from 1. */
  readonly attempt: number
  /** Null when no whole answer came. */
  readonly status: number | null
  readonly durationMs: number
}

export interface BitbucketClientOptions {
  /** Where the API is, and where tokens are asked for; nothing else is ever called. */
  readonly urls: { readonly api: string; readonly token: string }
  readonly credential: Credential
  readonly clock: Clock
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number
  readonly retryPolicy?: RetryPolicy
  readonly dispatcher?: Dispatcher
  /** Told of each request to the API, tries again and redirects included; requests for a token are not. */
  readonly onRequest?: (request: RequestReport) => void
}

export interface GetOptions<Schema extends z.ZodType> {
  /** The route as Atlassian writes it; errors name it. */
  readonly endpoint: string
  readonly schema: Schema
  readonly signal?: AbortSignal | undefined
}

/** A reader of Bitbucket Cloud's API for one credential. */
export interface BitbucketClient extends AsyncDisposable {
  /**
   * Reads `path` (or a whole URL below the API's own host) and parses the answer.
   * @throws UpstreamError for everything that Bitbucket does not give; the signal's reason when it aborts.
   */
  get<Schema extends z.ZodType>(path: string, options: GetOptions<Schema>): Promise<z.output<Schema>>
  /** The scopes of the credential, separated by blanks. @throws UpstreamError when it gives no token. */
  grantedScopes(signal?: AbortSignal): Promise<string>
}

const defaultRetryPolicy: RetryPolicy = { initialMs: 250, maxMs: 8_000, factor: 2, attempts: 4 }
const redirectsMax = 3

/** Builds a client. Disposing of it ends what is still under way, unless the dispatcher was handed in. */
export function createBitbucketClient(options: BitbucketClientOptions): BitbucketClient {
  const { urls, credential, clock, random, onRequest } = options
  const dispatcher = options.dispatcher ?? createDispatcher()
  const tokens = new TokenSource({ url: urls.token, credential, clock, dispatcher })
  const policy = options.retryPolicy ?? defaultRetryPolicy

  const askOnce = async (url: string, token: Token, { endpoint, signal }: GetOptions<z.ZodType>, attempt: number) => {
    const headers = { authorization: `Bearer ${token.value.reveal()}`, accept: 'application/json' }
    const startedAtMs = clock.now()
    let status: number | null = null
    try {
      const answer = await send(dispatcher, { endpoint, url, method: 'GET', headers, signal })
      status = answer.status
      return answer
    } finally {
      onRequest?.({ endpoint, attempt, status, durationMs: clock.now() - startedAtMs })
    }
  }

  /** Asks there and where it is redirected to, with a token that is renewed once when it is refused. */
  const ask = async (url: string, getOptions: GetOptions<z.ZodType>, attempt: number): Promise<Answer> => {
    let target = url
    let renewed = false
    for (let redirects = 0; ; ) {
      const token = await tokens.get(getOptions.signal)
      const answer = await askOnce(target, token, getOptions, attempt)
      const location = answer.header('location')
      if (answer.status === 401 && !renewed) {
        renewed = true
        tokens.discard(token)
      } else if (answer.status >= 300 && answer.status < 400 && location !== null && redirects < redirectsMax) {
        redirects += 1
        target = resolveOwn(location, target, getOptions.endpoint)
      } else return answer
    }
  }

  return {
    async get(path, getOptions) {
      const { endpoint, schema, signal } = getOptions
      const url = resolveOwn(path, urls.api, endpoint)
      return retry(policy, { clock, random, ...(signal && { signal }) }, async (attempt) => {
        const answer = await ask(url, getOptions, attempt)
        const parsed = schema.safeParse(parseBody(endpoint, answer, clock.now()))
        if (parsed.success) return parsed.data
        const message = `the answer has another shape: ${describeIssue(parsed.error)}`
        throw contractError(endpoint, 'unexpected-shape', message, answer)
      })
    },
    async grantedScopes(signal) {
      const token = await retry(policy, { clock, random, ...(signal && { signal }) }, () => tokens.get(signal))
      return token.scopes
    },
    async [Symbol.asyncDispose]() {
      if (options.dispatcher === undefined) await dispatcher.destroy()
    },
  }
}

/** The token goes to the host it began with, which is the API's own, and to no other, whatever an answer says. */
function resolveOwn(target: string, base: string, endpoint: string): string {
  const url = URL.parse(target, base)
  if (url !== null && url.origin === new URL(base).origin) return url.href
  throw contractError(endpoint, 'foreign-host', 'the answer points to somewhere that is not the API')
}

/** Where the shape differs; never the value itself, which may be somebody's name. */
function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'body'} ${issue.code}`
}
