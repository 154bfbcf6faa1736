import { UpstreamError } from '@clarity/shared/runtime/errors'
import { type Answer, contextOf, type Refusal, readLimitReset, readRefusal, readRetryAfter } from './answer.ts'
import { type BitbucketErrorCode, bitbucketErrors } from './error-table.ts'
import { requiredScopes } from './scopes.ts'

type Details = Partial<ConstructorParameters<typeof UpstreamError>[3]>

/** An error of the table. `details` may have a remedy that knows more than the table's. */
export function upstreamError(code: BitbucketErrorCode, message: string, details: Details = {}): UpstreamError {
  const { kind, remedy } = bitbucketErrors[code]
  return new UpstreamError(kind, code, message, { remedy, ...details })
}

/** The same error, saying which credential it was refused to: of several, somebody has to mend that one. */
export function ofCredential(error: UpstreamError, credentialId: string): UpstreamError {
  const { kind, code, message, remedy, context, status, retryAfterMs, cause } = error
  return new UpstreamError(kind, code, message, {
    remedy,
    context: { ...context, credentialId },
    ...(status !== null && { status }),
    ...(retryAfterMs !== null && { retryAfterMs }),
    ...(cause !== undefined && { cause }),
  })
}

/** What Bitbucket does, in the words of `Bitbucket <says> <endpoint>`. */
const says = {
  'token-refused': 'refuses the token for',
  'token-kind-unsupported': 'does not take a token of this kind for',
  'payment-required': 'asks for another plan for',
  'scope-missing': 'misses scopes of the credential for',
  'not-permitted': 'does not permit',
  'address-refused': 'refuses our address for',
  'not-found': 'finds nothing at',
  gone: 'no longer has',
  'rate-limited': 'takes no more requests for the moment to',
  unavailable: 'cannot answer',
  refused: 'refuses',
} as const satisfies Partial<Record<BitbucketErrorCode, string>>

type RefusalCode = keyof typeof says

const codeByStatus: Readonly<Record<number, RefusalCode>> = {
  401: 'token-refused',
  402: 'payment-required',
  403: 'not-permitted',
  404: 'not-found',
  410: 'gone',
  429: 'rate-limited',
}

/** The meaning of an answer that is not 2xx; `code` where more is known of it than it says. */
export function toUpstreamError(endpoint: string, answer: Answer, nowMs: number, code?: RefusalCode): UpstreamError {
  const { status } = answer
  const refusal = readRefusal(answer.body)
  const meant = code ?? codeOf(status, refusal)
  const reset = meant === 'rate-limited' ? readLimitReset(answer, nowMs) : null
  const retryAfterMs = readRetryAfter(answer, nowMs) ?? reset
  const said = refusal.message === null ? '' : `: ${refusal.message}`
  const lacking = meant === 'scope-missing' ? lackingScopes(refusal.missingScopes) : null
  return upstreamError(meant, `Bitbucket ${says[meant]} ${endpoint} (${lacking?.listed ?? status})${said}`, {
    ...(lacking !== null && { remedy: lacking.remedy }),
    status,
    context: contextOf(endpoint, answer),
    ...(retryAfterMs !== null && { retryAfterMs }),
  })
}

/**
 * What the API says to an address that is not on a workspace's list is not documented; Git is told that an admin must whitelist its IP
 * (Atlassian's knowledge base, error 403 of Git operations).
 */
const speaksOfAddresses = /\bIPs?\b|\bip address/

function codeOf(status: number, { message, missingScopes }: Refusal): RefusalCode {
  // The text of the limit has been seen with a 403 too.
  if (status === 403 && /rate limit/i.test(message ?? '')) return 'rate-limited'
  if (status >= 500) return 'unavailable'
  if (status !== 429 && missingScopes.length > 0) return 'scope-missing'
  if (status === 403 && /privilege scopes/i.test(message ?? '')) return 'scope-missing'
  if (status === 403 && speaksOfAddresses.test(message ?? '')) return 'address-refused'
  return codeByStatus[status] ?? 'refused'
}

function lackingScopes(scopes: readonly string[]): { readonly listed: string; readonly remedy: string } {
  if (scopes.length === 0) return { listed: 'see the message', remedy: bitbucketErrors['scope-missing'].remedy }
  const labels = scopes.map((scope) => requiredScopes[scope] ?? scope).join(', ')
  const listed = scopes.join(', ')
  // Scopes of API tokens are named so, and such a token cannot be changed.
  const ofApiToken = scopes.every((scope) => scope.endsWith(':bitbucket'))
  const remedy = ofApiToken
    ? `Make an API token that has these scopes too, and enter it: ${listed}.`
    : `Tick the missing permissions at the OAuth consumer and save it: ${labels}.`
  return { listed, remedy }
}

/** What came is not what Bitbucket promises; `answer` is that which broke the promise, where it is a single one. */
export function contractError(
  endpoint: string,
  code: BitbucketErrorCode,
  message: string,
  answer?: Answer,
): UpstreamError {
  return upstreamError(code, `${endpoint}: ${message}`, {
    ...(answer === undefined
      ? { context: { endpoint } }
      : { context: contextOf(endpoint, answer), status: answer.status }),
  })
}

/** No whole answer came: a time-out, a reset connection, a body that broke off or is no JSON. */
export function unavailableError(endpoint: string, message: string, cause?: unknown): UpstreamError {
  return upstreamError('no-answer', `Bitbucket gave no whole answer to ${endpoint}: ${message}`, {
    context: { endpoint },
    cause,
  })
}
