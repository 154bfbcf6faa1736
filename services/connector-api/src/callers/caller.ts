import { hash, timingSafeEqual } from 'node:crypto'
import { type CallerScope, tenantScopes } from '@clarity/shared/contract/callers'
import type { TenantId } from '@clarity/shared/contract/ids'

/** Who sends a request, and what they may do. */
export interface Caller {
  readonly kind: 'api-key' | 'token' | 'operator'
  /** What is written down of them; no secret. */
  readonly id: string
  readonly name: string | null
  /** Null for an operator, who belongs to none. */
  readonly tenantId: TenantId | null
  readonly scopes: ReadonlySet<CallerScope>
  /** From then on the credential is refused; null: never. */
  readonly expiresAt: string | null
  /** Whether a sign-in link has made the key, for one browser. */
  readonly isSession: boolean
}

/** Of a key that stands in the configuration. */
const lasting = { expiresAt: null, isSession: false } as const

/** Whoever has a key that stands in the configuration: all that a tenant may do. */
export function tenantCaller(tenantId: TenantId): Omit<Caller, 'id'> {
  return { kind: 'api-key', name: null, tenantId, scopes: new Set(tenantScopes), ...lasting }
}

export const operatorCaller: Omit<Caller, 'id'> = {
  kind: 'operator',
  name: null,
  tenantId: null,
  scopes: new Set(['operator']),
  ...lasting,
}

/** Says whose the credential is that came behind `Bearer`; null when nobody knows it. */
export type Authenticate = (bearer: string) => Promise<Caller | null>

/** The first one that knows the credential says whose it is. */
export function firstOf(ways: readonly Authenticate[]): Authenticate {
  return async (bearer) => {
    for (const authenticate of ways) {
      const caller = await authenticate(bearer)
      if (caller !== null) return caller
    }
    return null
  }
}

export function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

/** Whoever holds one of these keys, which stand in the configuration. */
export function byFixedKeys(
  keys: readonly { readonly key: { reveal(): string }; readonly caller: Omit<Caller, 'id'> }[],
): Authenticate {
  const known = keys.map(({ key, caller }) => {
    const digest = digestOf(key.reveal())
    return { digest, caller: { ...caller, id: digest.toString('hex').slice(0, 8) } }
  })
  return async (bearer) => {
    const digest = digestOf(bearer)
    // All are compared, each in constant time, so that the time tells nothing.
    const [found] = known.filter((candidate) => timingSafeEqual(candidate.digest, digest))
    return found?.caller ?? null
  }
}
