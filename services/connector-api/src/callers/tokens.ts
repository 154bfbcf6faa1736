import { hash } from 'node:crypto'
import { CallerScope } from '@clarity/shared/contract/callers'
import { TenantId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { DependencyError } from '@clarity/shared/runtime/errors'
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Authenticate, Caller } from './caller.ts'

export interface TokenOptions {
  /** As the tokens name it; where its keys are, it says itself (OpenID Connect Discovery 1.0). */
  readonly issuer: string
  readonly audience: string
  /** The claim that names the tenant. */
  readonly tenantClaim: string
  readonly clock: Clock
}

/** Signatures that need a private key: a shared secret would let us make tokens ourselves. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const timeoutMs = 5_000
/** How far the clock of the issuer may be from ours. */
const toleranceSeconds = 30

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

/**
 * Whoever holds a token of the issuer: signed by one of its keys, for this audience, not expired, and with a tenant.
 * @throws DependencyError when the issuer's keys cannot be fetched
 */
export function byTokens({ issuer, audience, tenantClaim, clock }: TokenOptions): Authenticate {
  let keys: ReturnType<typeof createRemoteJWKSet> | null = null
  const readKeys = async () => {
    keys ??= createRemoteJWKSet(new URL(await discover(issuer)), { timeoutDuration: timeoutMs })
    return keys
  }
  return async (bearer) => {
    if (!hasFormOfToken(bearer)) return null
    const currentDate = new Date(clock.now())
    const checks = { issuer, audience, algorithms, currentDate, clockTolerance: toleranceSeconds }
    try {
      const known = await readKeys()
      const { payload } = await jwtVerify(bearer, known, { ...checks, requiredClaims: ['exp', 'sub'] })
      return toCaller(payload, tenantClaim)
    } catch (error) {
      if (error instanceof DependencyError) throw error
      // These say that the issuer, not the token, is at fault.
      if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) throw away(issuer, error)
      if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') return null
      throw away(issuer, error)
    }
  }
}

function toCaller(payload: JWTPayload, tenantClaim: string): Caller | null {
  const scopes = scopesOf(payload)
  const tenant = TenantId.safeParse(payload[tenantClaim])
  const subject = z.string().min(1).safeParse(payload.sub)
  if (!subject.success) return null
  if (!tenant.success && !scopes.has('operator')) return null
  const tenantId = tenant.success ? tenant.data : null
  const expiresAt = payload.exp === undefined ? null : toInstant(payload.exp * 1_000)
  return { kind: 'token', id: pseudonymOf(subject.data), name: null, tenantId, scopes, expiresAt, isSession: false }
}

/** Some issuers name people by their addresses, which are nobody's business in a log: then a digest stands for it. */
function pseudonymOf(subject: string): string {
  return subject.includes('@') ? `sub-${hash('sha256', subject, 'hex').slice(0, 16)}` : subject
}

/** `scope` as RFC 8693 has it, or `scp` as some issuers write it; scopes that are none of ours are for somebody else. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<CallerScope> {
  const given = [scope, scp].flatMap((claim) => (typeof claim === 'string' ? claim.split(' ') : claim))
  return new Set(given.flatMap((name) => CallerScope.safeParse(name).data ?? []))
}

function hasFormOfToken(bearer: string): boolean {
  return bearer.split('.').length === 3
}

async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    const metadata = Metadata.parse(await response.json())
    if (metadata.issuer !== issuer) throw new Error('it calls itself by another name')
    return metadata.jwks_uri
  } catch (cause) {
    throw away(issuer, cause)
  }
}

function away(issuer: string, cause: unknown): DependencyError {
  return new DependencyError('token-issuer', 'The keys of the token issuer cannot be read', {
    remedy: 'See that OIDC_ISSUER is what the issuer calls itself, and that it answers; API keys work meanwhile.',
    context: { issuer },
    cause,
  })
}
