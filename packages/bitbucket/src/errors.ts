import { UpstreamError } from '@clarity/shared/runtime/errors'

/** What is known of an answer when it is turned into an error. It holds neither headers nor credential. */
export interface FailedAnswer {
  /** The route as Atlassian writes it, such as `GET /2.0/workspaces/{workspace}`. */
  readonly endpoint: string
  readonly status: number
  readonly body: string
  readonly requestId: string | null
  readonly retryAfterMs: number | null
}

const rateLimitText = /rate limit/i
const scopeText = /privilege scopes/i

/**
 * The meaning of an answer that is not 2xx. Bitbucket's envelope is `{type: 'error', error: {message, detail}}`, where
 * `detail` may be an object; plain text and HTML come as well, so nothing of the body is relied on.
 */
export function toUpstreamError(answer: FailedAnswer): UpstreamError {
  const { endpoint, status } = answer
  const { message, required } = readEnvelope(answer.body)
  const context = { endpoint, status, ...(answer.requestId && { requestId: answer.requestId }) }
  const make = (kind: UpstreamError['kind'], code: string, text: string, remedy: string) => {
    const wait = answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs }
    return new UpstreamError(kind, code, text, { remedy, status, context, ...wait })
  }
  const said = message === null ? '' : `: ${message}`

  if (status === 429 || (status === 403 && rateLimitText.test(message ?? answer.body))) {
    const text = `Bitbucket refuses ${endpoint}: the request limit is used up`
    return make(
      'rate-limited',
      'rate-limited',
      text,
      'Wait: the limit is a rolling hour. A second OAuth consumer adds its own.',
    )
  }
  if (status === 401) {
    const remedy =
      'Validate the connection again: the credential may be revoked, or its kind may not use this endpoint.'
    return make('credential', 'token-refused', `Bitbucket refuses the token for ${endpoint}${said}`, remedy)
  }
  if (status === 403 && (required.length > 0 || scopeText.test(message ?? ''))) {
    const missing = required.length > 0 ? required.join(', ') : 'see the message'
    const remedy = `Tick the missing permissions at the OAuth consumer: ${missing}.`
    return make('permission', 'scope-missing', `The OAuth consumer lacks scopes for ${endpoint}: ${missing}`, remedy)
  }
  if (status === 402 || status === 403) {
    const remedy = 'Give the consumer administrator rights on it; until then its last known facts are kept.'
    return make('permission', 'not-permitted', `Bitbucket does not permit ${endpoint}${said}`, remedy)
  }
  if (status === 404) {
    const remedy = 'It is gone, or not visible to this consumer; it is not taken for removed on this alone.'
    return make('permission', 'not-found', `Bitbucket finds nothing at ${endpoint}${said}`, remedy)
  }
  if (status === 410) {
    const remedy = 'Bitbucket has withdrawn it, or the workspace is closed; the last known facts are kept.'
    return make('permission', 'gone', `Bitbucket says that ${endpoint} is gone${said}`, remedy)
  }
  if (status >= 500) {
    const remedy = 'Nothing to do: it is tried again. See the status page of Bitbucket when it lasts.'
    return make('unavailable', 'unavailable', `Bitbucket answers ${endpoint} with ${status}`, remedy)
  }
  return make('contract', 'refused', `Bitbucket refuses ${endpoint} with ${status}${said}`, reportRemedy)
}

const reportRemedy = 'Report this with the request id: the connector and Bitbucket do not understand each other.'

/** An answer of 2xx whose body is not what Bitbucket promises. */
export function contractError(endpoint: string, code: string, message: string, cause?: unknown): UpstreamError {
  const context = { endpoint }
  return new UpstreamError('contract', code, `${endpoint}: ${message}`, { remedy: reportRemedy, context, cause })
}

/** No whole answer came: a time-out, a reset connection, a body that broke off or is no JSON. */
export function unavailableError(endpoint: string, message: string, cause?: unknown): UpstreamError {
  return new UpstreamError('unavailable', 'no-answer', `Bitbucket gave no whole answer to ${endpoint}: ${message}`, {
    remedy: 'Nothing to do: it is tried again. See that Bitbucket can be reached from here when it lasts.',
    context: { endpoint },
    cause,
  })
}

/** How long to wait before the next try, from `Retry-After` or `x-ratelimit-reset`; null when nobody says. */
export function readRetryAfter(header: (name: string) => string | null, nowMs: number): number | null {
  const retryAfter = header('retry-after')
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000
  if (retryAfter !== null && !Number.isNaN(Date.parse(retryAfter))) return Math.max(0, Date.parse(retryAfter) - nowMs)
  const reset = header('x-ratelimit-reset')
  if (reset === null || !/^\d+$/.test(reset)) return null
  // Bitbucket has been seen to send the seconds that are left, others send an instant in seconds.
  const seconds = Number(reset)
  return seconds > 1e9 ? Math.max(0, seconds * 1_000 - nowMs) : seconds * 1_000
}

function readEnvelope(body: string): { message: string | null; required: string[] } {
  const error = member(parse(body), 'error')
  const message = member(error, 'message')
  const required = member(member(error, 'detail'), 'required')
  return {
    message: typeof message === 'string' ? message : null,
    required: Array.isArray(required) ? required.filter((scope) => typeof scope === 'string') : [],
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
