import type { ErrorContext } from '@clarity/shared/runtime/errors'
import { redactText } from '@clarity/shared/runtime/redact'

/** A whole answer, whatever its status. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly header: (name: string) => string | null
}

/** What Bitbucket says in the body of a refusal; it goes into errors, and with them to the log, the stream and the caller. */
export interface Refusal {
  readonly message: string | null
  /** Scopes that the call needs and the token lacks; empty unless that is the reason. */
  readonly missingScopes: readonly string[]
}

/** A refusal is one line. Plain text that is longer, or HTML, says nothing to a reader. */
const lineLengthMax = 200

/**
 * Reads the envelope `{type: 'error', error: {message, detail}}` (Bitbucket's REST introduction, errors). Its `detail`
 * is documented as text, yet names the scopes as an object; plain text comes as well, so nothing is relied on.
 */
export function readRefusal(body: string): Refusal {
  const error = member(parseLeniently(body), 'error')
  const message = member(error, 'message')
  const required = readScopes(member(member(error, 'detail'), 'required'))
  const granted = readScopes(member(member(error, 'detail'), 'granted'))
  const lacking = required.filter((scope) => !granted.includes(scope))
  return {
    message: typeof message === 'string' ? repeatable(message) : readPlainText(body),
    missingScopes: lacking.length > 0 ? lacking : required,
  }
}

/** As long as a secret of a consumer, which is the shortest of what is secret. */
const longRuns = /[A-Za-z0-9+/=_-]{32,}/g
const isOfWords = /^[a-z0-9]{0,20}(?:[/_-][a-z0-9]{0,20})*$/

/**
 * Words of an answer as an error may repeat them. Bitbucket quotes what it was asked, and an answer that only seems to
 * be its own may quote everything: so without addresses, and without what looks like a token and not like a name or a UUID.
 */
export function repeatable(text: string): string {
  const line = redactText(text).replaceAll(/\s+/g, ' ').trim()
  return line.replaceAll(longRuns, (run) => (isOfWords.test(run) ? run : '[redacted]')).slice(0, lineLengthMax)
}

/** The JSON of a body, or null when it is none. */
export function parseLeniently(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** How long to wait, by `Retry-After`, which is seconds or a date; null when it is not given. */
export function readRetryAfter({ header }: Answer, nowMs: number): number | null {
  const value = header('retry-after')
  if (value === null) return null
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

/** How long until a limit is reset, by `x-ratelimit-reset`. It may stand on any answer, also where no limit is met. */
export function readLimitReset({ header }: Answer, nowMs: number): number | null {
  const value = header('x-ratelimit-reset')
  if (value === null || !/^\d+$/.test(value)) return null
  // Bitbucket has been seen to send the seconds that are left, others send an instant in seconds.
  const seconds = Number(value)
  return seconds > 1e9 ? Math.max(0, seconds * 1_000 - nowMs) : seconds * 1_000
}

/** What tells one answer from another in the log, and to Atlassian's support. */
export function contextOf(endpoint: string, { status, header }: Answer): ErrorContext {
  const requestId = header('x-request-id') ?? header('atl-traceid') ?? ''
  // What is longer is none, and may be anything.
  return { endpoint, status, ...(/^[\w:.-]{1,64}$/.test(requestId) && { requestId }) }
}

function readPlainText(body: string): string | null {
  const text = body.trim()
  return text === '' || text.length > lineLengthMax || /^[<{["]/.test(text) ? null : repeatable(text)
}

function readScopes(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string' && /^[a-z][a-z:_-]{0,63}$/.test(one)) : []
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
