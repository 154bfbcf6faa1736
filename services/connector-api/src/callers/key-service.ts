import { randomBytes } from 'node:crypto'
import {
  type ApiKeyId,
  type ApiKeyView,
  type CallerScope,
  type CreatedApiKey,
  type NewApiKey,
  type NewTenant,
  type Tenant,
  type TenantChange,
  tenantScopes,
} from '@clarity/shared/contract/callers'
import type { TenantId } from '@clarity/shared/contract/ids'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import { type ApiKeyStore, apiKeysMax } from '@clarity/shared/store/api-keys'
import type { AuditLog } from '@clarity/shared/store/audit'
import type { TenantStore } from '@clarity/shared/store/tenants'
import type { Audit, RequestedBy } from '../audit.ts'
import { type Caller, digestOf } from './caller.ts'

export interface KeyServiceOptions {
  readonly apiKeys: ApiKeyStore
  readonly tenants: TenantStore
  readonly audit: Audit
  readonly audits: AuditLog
  readonly clock: Clock
  /** A new random part of an id. */
  readonly newId: () => string
}

const keyBytes = 32

/** Tenants, and the keys of their callers. A key is shown once; what is kept of it lets nobody make it. */
export class KeyService {
  readonly #options: KeyServiceOptions

  constructor(options: KeyServiceOptions) {
    this.#options = options
  }

  /**
   * @param maker whose scopes it may have; `session` is for the key of one browser, whose name need not be its own
   * @throws InputError 403 for scopes that the maker has not, 409 when two living keys have the name
   */
  async createKey(
    by: RequestedBy,
    maker: Pick<Caller, 'scopes'>,
    tenantId: TenantId,
    wanted: NewApiKey,
    { session = false } = {},
  ): Promise<CreatedApiKey> {
    const { apiKeys, clock, newId, audit } = this.#options
    checkScopes(maker, wanted.scopes)
    const now = toInstant(clock.now())
    // Begins with a word, so that whoever scans for leaked secrets recognises it.
    const key = `clarity_${randomBytes(keyBytes).toString('base64url')}`
    const expiresAt = wanted.expiresAt && toInstant(Date.parse(wanted.expiresAt))
    if (expiresAt !== null && expiresAt <= now) throw expired()
    const view = { id: `key_${newId()}` as const, name: wanted.name, scopes: wanted.scopes, createdAt: now, expiresAt }
    const target = { kind: 'api-key' as const, id: view.id }
    const record = audit(by, { tenantId, action: 'api-key.created', target, after: view })
    const outcome = await apiKeys.add(
      tenantId,
      { ...view, digest: digestOf(key).toString('hex'), session },
      now,
      record,
    )
    if (outcome === 'name-taken') throw nameTaken(wanted.name)
    if (outcome === 'too-many') throw tooMany()
    return { ...view, lastUsedAt: null, key }
  }

  listKeys(tenantId: TenantId): Promise<ApiKeyView[]> {
    return this.#options.apiKeys.list(tenantId)
  }

  /** @throws InputError 404 */
  async revokeKey(by: RequestedBy, tenantId: TenantId, id: ApiKeyId): Promise<void> {
    const { apiKeys, audit } = this.#options
    const target = { kind: 'api-key' as const, id }
    const isRevoked = await apiKeys.revoke(tenantId, id, (before) =>
      audit(by, { tenantId, action: 'api-key.revoked', target, before }),
    )
    if (!isRevoked) throw noSuchKey(id)
  }

  /** @throws InputError 409 when there is one of that id */
  async createTenant(by: RequestedBy, { id, name }: NewTenant): Promise<Tenant> {
    const { tenants, clock, audit, audits } = this.#options
    const tenant: Tenant = { id, name, state: 'active', createdAt: toInstant(clock.now()) }
    if (await tenants.add(tenant)) {
      const target = { kind: 'tenant' as const, id }
      await audits.append([audit(by, { tenantId: id, action: 'tenant.created', target, after: tenant })])
      return tenant
    }
    const message = `There is a tenant ${id} already`
    const remedy = 'Choose another id, or use that tenant.'
    throw new InputError('tenant-taken', message, { remedy, mistakes: [{ field: 'id', message, remedy }] })
  }

  listTenants(): Promise<Tenant[]> {
    return this.#options.tenants.list()
  }

  /** @throws InputError 404 */
  async readTenant(id: TenantId): Promise<Tenant> {
    const tenant = await this.#options.tenants.read(id)
    if (tenant === null) throw noSuchTenant(id)
    return tenant
  }

  /** @throws InputError 404 */
  async changeTenant(by: RequestedBy, id: TenantId, change: TenantChange): Promise<Tenant> {
    const { tenants, audit, audits } = this.#options
    const before = await this.readTenant(id)
    const tenant = await tenants.change(id, change)
    if (tenant === null) throw noSuchTenant(id)
    const target = { kind: 'tenant' as const, id }
    await audits.append([audit(by, { tenantId: id, action: 'tenant.changed', target, before, after: tenant })])
    return tenant
  }
}

/** Nobody gives more than they have; an operator gives whatever a tenant may have. */
function checkScopes(maker: Pick<Caller, 'scopes'>, wanted: readonly CallerScope[]): void {
  const own = maker.scopes.has('operator') ? new Set<CallerScope>(tenantScopes) : maker.scopes
  const beyond = wanted.filter((scope) => !own.has(scope))
  if (beyond.length === 0) return
  const message = `You do not have ${beyond.join(', ')} yourself`
  const remedy = 'Leave them out, or ask somebody who has them to make the key.'
  throw new InputError('scopes-beyond-own', message, { remedy, mistakes: [{ field: 'scopes', message, remedy }] })
}

function expired(): InputError {
  const message = 'expiresAt has passed already'
  const remedy = 'Give a time to come, or null for a key that does not expire.'
  return new InputError('expires-in-past', message, {
    remedy,
    mistakes: [{ field: 'expiresAt', message, remedy }],
  })
}

function nameTaken(name: string): InputError {
  const message = `Two living keys are called ${name} already`
  const remedy = 'Revoke the one that is no longer used, or choose another name.'
  return new InputError('key-name-taken', message, { remedy, mistakes: [{ field: 'name', message, remedy }] })
}

function tooMany(): InputError {
  return new InputError('too-many-keys', `The tenant has ${apiKeysMax} keys, which is all it may have`, {
    remedy: 'Revoke keys that are no longer used.',
  })
}

function noSuchKey(id: string): InputError {
  return new InputError('no-such-key', `There is no API key ${id}`, {
    remedy: 'Use an id that GET /v1/api-keys answers.',
  })
}

function noSuchTenant(id: string): InputError {
  return new InputError('no-such-tenant', `There is no tenant ${id}`, {
    remedy: 'Use an id that GET /v1/tenants answers, or make the tenant by POST /v1/tenants.',
  })
}
