import { UpstreamError, type UpstreamKind } from '@clarity/shared/runtime/errors'
import { type Answer, contextOf, type Refusal, readLimitReset, readRefusal, readRetryAfter } from './answer.ts'
import { requiredScopes } from './scopes.ts'

/** What an answer that is not 2xx means. The message reads `Bitbucket <says> <endpoint>`. */
interface Meaning {
  readonly kind: UpstreamKind
  readonly code: string
  readonly says: string
  readonly remedy: string
}

const meanings: Readonly<Record<number, Meaning>> = {
  401: {
    kind: 'credential',
    code: 'token-refused',
    says: 'refuses the token for',
    // The text of the answer is the same for both: one more token was tried, whether others accept it is not known here.
    remedy: 'Validate the connection again: the credential may be revoked, or its kind may not use this endpoint.',
  },
  402: {
    kind: 'permission',
    code: 'payment-required',
    says: 'asks for another plan for',
    remedy: "See the workspace's plan in Bitbucket; until then the last known facts are kept.",
  },
  403: {
    kind: 'permission',
    code: 'not-permitted',
    says: 'does not permit',
    remedy: 'Give the consumer administrator rights on it; until then its last known facts are kept.',
  },
  404: {
    kind: 'permission',
    code: 'not-found',
    says: 'finds nothing at',
    remedy: 'It is not there, or not visible to this consumer; it is not taken for removed on this alone.',
  },
  410: {
    kind: 'permission',
    code: 'gone',
    says: 'no longer has',
    remedy: 'Bitbucket has withdrawn it, or the workspace is closed; the last known facts are kept.',
  },
}

const rateLimited: Meaning = {
  kind: 'rate-limited',
  code: 'rate-limited',
  says: 'takes no more requests for the moment to',
  remedy: 'Wait: the limit is a rolling hour. A second OAuth consumer adds its own.',
}

const unavailable: Meaning = {
  kind: 'unavailable',
  code: 'unavailable',
  says: 'cannot answer',
  remedy: 'Nothing to do: it is tried again. See the status page of Bitbucket when it lasts.',
}

const reportRemedy = 'Report this with the request id: the connector and Bitbucket do not understand each other.'

const refused: Meaning = { kind: 'contract', code: 'refused', says: 'refuses', remedy: reportRemedy }

/** The meaning of an answer that is not 2xx. */
export function toUpstreamError(endpoint: string, answer: Answer, nowMs: number): UpstreamError {
  const { status } = answer
  const refusal = readRefusal(answer.body)
  const { kind, code, says, remedy } = meaningOf(status, refusal)
  const reset = kind === 'rate-limited' ? readLimitReset(answer, nowMs) : null
  const retryAfterMs = readRetryAfter(answer, nowMs) ?? reset
  const said = refusal.message === null ? '' : `: ${refusal.message}`
  return new UpstreamError(kind, code, `Bitbucket ${says} ${endpoint} (${status})${said}`, {
    remedy,
    status,
    context: contextOf(endpoint, answer),
    ...(retryAfterMs !== null && { retryAfterMs }),
  })
}

function meaningOf(status: number, { message, missingScopes }: Refusal): Meaning {
  // The text of the limit has been seen with a 403 too.
  if (status === 429 || (status === 403 && /rate limit/i.test(message ?? ''))) return rateLimited
  if (status >= 500) return unavailable
  if (missingScopes.length > 0) return lackingScopes(missingScopes)
  if (status === 403 && /privilege scopes/i.test(message ?? '')) return lackingScopes(['see the message'])
  return meanings[status] ?? refused
}

function lackingScopes(scopes: readonly string[]): Meaning {
  const labels = scopes.map((scope) => requiredScopes[scope] ?? scope).join(', ')
  return {
    kind: 'permission',
    code: 'scope-missing',
    says: `misses scopes of the OAuth consumer (${scopes.join(', ')}) for`,
    remedy: `Tick the missing permissions at the OAuth consumer and save it: ${labels}.`,
  }
}

/** What came is not what Bitbucket promises; `answer` is that which broke the promise, where it is a single one. */
export function contractError(endpoint: string, code: string, message: string, answer?: Answer): UpstreamError {
  return new UpstreamError('contract', code, `${endpoint}: ${message}`, {
    remedy: reportRemedy,
    ...(answer === undefined
      ? { context: { endpoint } }
      : { context: contextOf(endpoint, answer), status: answer.status }),
  })
}

/** No whole answer came: a time-out, a reset connection, a body that broke off or is no JSON. */
export function unavailableError(endpoint: string, message: string, cause?: unknown): UpstreamError {
  return new UpstreamError('unavailable', 'no-answer', `Bitbucket gave no whole answer to ${endpoint}: ${message}`, {
    remedy: 'Nothing to do: it is tried again. See that Bitbucket can be reached from here when it lasts.',
    context: { endpoint },
    cause,
  })
}
