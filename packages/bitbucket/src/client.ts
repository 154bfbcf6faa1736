import type { Clock } from '@clarity/shared/runtime/clock'
import { type RetryPolicy, retry } from '@clarity/shared/runtime/retry'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import { contractError, readRetryAfter, toUpstreamError, unavailableError } from './errors.ts'
import { type Answer, createDispatcher, send } from './http.ts'
import { type Credential, TokenSource } from './token.ts'

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
  readonly onRequest?: (request: { readonly endpoint: string; readonly attempt: number }) => void
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
  grantedScopes(): Promise<string>
}

const defaultRetryPolicy: RetryPolicy = { initialMs: 250, maxMs: 8_000, factor: 2, attempts: 4 }
const redirectsMax = 3

export function createBitbucketClient(options: BitbucketClientOptions): BitbucketClient {
  const { urls, credential, clock, random, onRequest } = options
  const dispatcher = options.dispatcher ?? createDispatcher()
  const tokens = new TokenSource({ url: urls.token, credential, clock, dispatcher })
  const policy = options.retryPolicy ?? defaultRetryPolicy

  /** One request, and where it is redirected to, with a token that is renewed once when it is refused. */
  const ask = async (url: string, { endpoint, signal }: GetOptions<z.ZodType>, attempt: number): Promise<Answer> => {
    const withToken = async (target: string) => {
      const token = await tokens.get()
      const headers = { authorization: `Bearer ${token.value.reveal()}`, accept: 'application/json' }
      onRequest?.({ endpoint, attempt })
      return { token, answer: await send(dispatcher, { endpoint, url: target, method: 'GET', headers, signal }) }
    }
    let target = url
    let renewed = false
    for (let redirects = 0; ; ) {
      const { token, answer } = await withToken(target)
      const location = answer.header('location')
      if (answer.status === 401 && !renewed) {
        renewed = true
        tokens.discard(token)
      } else if (answer.status >= 300 && answer.status < 400 && location !== null && redirects < redirectsMax) {
        redirects += 1
        target = insistOnOwnHost(new URL(location, target).href, urls.api, endpoint)
      } else return answer
    }
  }

  return {
    async get(path, getOptions) {
      const { endpoint, schema, signal } = getOptions
      const url = insistOnOwnHost(new URL(path, urls.api).href, urls.api, endpoint)
      const body = await retry(policy, { clock, random, ...(signal && { signal }) }, async (attempt) => {
        signal?.throwIfAborted()
        return parseAnswer(await ask(url, getOptions, attempt), endpoint, clock.now())
      })
      const parsed = schema.safeParse(body)
      if (parsed.success) return parsed.data
      throw contractError(endpoint, 'unexpected-shape', `the answer has another shape: ${describeIssue(parsed.error)}`)
    },
    grantedScopes: async () => (await retry(policy, { clock, random }, () => tokens.get())).scopes,
    async [Symbol.asyncDispose]() {
      if (options.dispatcher === undefined) await dispatcher.close()
    },
  }
}

/** The token goes to the API's own host and to no other, whatever an answer says. */
function insistOnOwnHost(url: string, api: string, endpoint: string): string {
  if (new URL(url).origin === new URL(api).origin) return url
  throw contractError(endpoint, 'foreign-host', 'the answer points to another host')
}

function parseAnswer({ status, body, header }: Answer, endpoint: string, nowMs: number): unknown {
  if (status < 200 || status >= 300) {
    const requestId = header('x-request-id') ?? header('atl-traceid')
    throw toUpstreamError({ endpoint, status, body, requestId, retryAfterMs: readRetryAfter(header, nowMs) })
  }
  try {
    return JSON.parse(body)
  } catch (cause) {
    // An empty body, HTML of a maintenance page, JSON that broke off: never an empty list.
    throw unavailableError(endpoint, 'the body is not JSON', cause)
  }
}

/** Where the shape differs; never the value itself, which may be somebody's name. */
function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'body'} ${issue.code}`
}
