import { randomBytes } from 'node:crypto'
import { ApiKeyId } from '@clarity/shared/contract/callers'
import type { TenantId } from '@clarity/shared/contract/ids'
import type { NewSignInLink, SessionView } from '@clarity/shared/contract/sessions'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { AuditLog } from '@clarity/shared/store/audit'
import type { SignInLinkStore } from '@clarity/shared/store/sign-in-links'
import type { TenantStore } from '@clarity/shared/store/tenants'
import type { Audit, RequestedBy } from '../audit.ts'
import { activeTenantOf } from './active-tenant.ts'
import { type Authenticate, type Caller, digestOf, operatorCaller } from './caller.ts'
import type { KeyService } from './key-service.ts'

/**
 * How browsers are let in: by a key that somebody has, or by a link that the operator has made and that works once. A link becomes a key
 * of the tenant that ends within a day. Either way the browser is known by the credential itself, in a cookie: there is no session
 * beside it that could outlive it.
 */
export interface SignInServiceOptions {
  readonly links: SignInLinkStore
  readonly callers: Pick<KeyService, 'createKey' | 'revokeKey'>
  readonly tenants: Pick<TenantStore, 'read'>
  readonly authenticate: Authenticate
  readonly audit: Audit
  readonly audits: AuditLog
  readonly clock: Clock
  /** A new random part of an id. */
  readonly newId: () => string
}

/** Somebody who was let in. */
export interface SignedIn {
  readonly view: SessionView
  readonly credential: string
  /** How long the credential lets them in; null: it is theirs, and was there before. */
  readonly maxAgeSeconds: number | null
}

const tokenBytes = 32
const minuteMs = 60_000
const hourSeconds = 3_600

export class SignInService {
  readonly #options: SignInServiceOptions

  constructor(options: SignInServiceOptions) {
    this.#options = options
  }

  /** The token of a new link, which is nowhere else in the clear. */
  async createLink(by: RequestedBy, tenantId: TenantId, wanted: NewSignInLink) {
    const { links, audit, audits, clock, newId } = this.#options
    const { name, scopes, expiresInMinutes, sessionHours } = wanted
    const token = randomBytes(tokenBytes).toString('base64url')
    const ttlMs = expiresInMinutes * minuteMs
    const expiresAt = toInstant(clock.now() + ttlMs)
    const id = `lnk_${newId()}`
    const after = { name, scopes, expiresAt, sessionHours }
    const target = { kind: 'sign-in-link' as const, id }
    // Who made it is recorded before it lets anybody in.
    await audits.append([audit(by, { tenantId, action: 'sign-in-link.created', target, after })])
    await links.add(hexDigestOf(token), { id, tenantId, ...after, madeBy: by.actor }, ttlMs)
    return { token, expiresAt }
  }

  /** @throws InputError 401 when nobody has the key, 403 when it is an operator's or its tenant is not let in */
  async byKey(key: string): Promise<SignedIn> {
    const caller = await this.#options.authenticate(key)
    if (caller === null) throw unknownKey()
    if (caller.tenantId === null) throw isOperators()
    return { view: await this.describe(caller), credential: key, maxAgeSeconds: null }
  }

  /** Takes the link, whatever comes of it. @throws InputError 401 when it is there no more, 403 when its tenant is not let in */
  async byToken(token: string, requestId: string): Promise<SignedIn> {
    const { links, callers, tenants, audit, audits, clock } = this.#options
    const link = await links.take(hexDigestOf(token))
    if (link === null || Date.parse(link.expiresAt) <= clock.now()) throw spent()
    const { id, tenantId, name, scopes, sessionHours, madeBy } = link
    const { name: tenantName } = await activeTenantOf(link, tenants)
    const maxAgeSeconds = sessionHours * hourSeconds
    const expiresAt = toInstant(clock.now() + maxAgeSeconds * 1_000)
    const wanted = { name, scopes, expiresAt }
    const maker = { actor: madeBy, requestId }
    const key = await callers.createKey(maker, operatorCaller, tenantId, wanted, { session: true })
    const actor = { kind: 'api-key' as const, id: key.id, name }
    const target = { kind: 'sign-in-link' as const, id }
    const used = { tenantId, action: 'sign-in-link.used' as const, target, after: { keyId: key.id } }
    await audits.append([audit({ actor, requestId }, used)])
    const view = { tenant: { id: tenantId, name: tenantName }, caller: actor, scopes, expiresAt }
    return { view, credential: key.key, maxAgeSeconds }
  }

  /** Who somebody is. @throws InputError 403 when they have no tenant, or it is not let in */
  async describe(caller: Caller): Promise<SessionView> {
    const { id, name } = await activeTenantOf(caller, this.#options.tenants)
    const { kind, scopes, expiresAt } = caller
    return { tenant: { id, name }, caller: { kind, id: caller.id, name: caller.name }, scopes: [...scopes], expiresAt }
  }

  /** The key that a link has made lets nobody in any more; one that was there before stays. */
  async end(by: RequestedBy, { id, isSession }: Caller, tenantId: TenantId): Promise<void> {
    if (isSession) await this.#options.callers.revokeKey(by, tenantId, ApiKeyId.parse(id))
  }
}

function hexDigestOf(token: string): string {
  return digestOf(token).toString('hex')
}

function unknownKey(): InputError {
  const message = 'is not known, was revoked, or has expired'
  const remedy = 'Enter a key of your tenant that has not expired, or ask the operator for a sign-in link.'
  return new InputError('unauthenticated', `The key ${message}`, {
    remedy,
    mistakes: [{ field: 'key', message, remedy }],
  })
}

function isOperators(): InputError {
  return new InputError('no-tenant', 'The key is an operator’s, who belongs to no tenant', {
    remedy: 'Make a sign-in link by POST /v1/tenants/{tenantId}/sign-in-links, and open that.',
  })
}

function spent(): InputError {
  return new InputError('sign-in-link-spent', 'The sign-in link was used before, or has expired', {
    remedy: 'Ask the operator for a new one: each lets somebody in once.',
  })
}
