import { z } from 'zod'
import { Instant } from './entities.ts'
import { TenantId } from './ids.ts'

/** Who calls the API, and what for. */

export const callerScopes = [
  'connections:read',
  'connections:write',
  'syncs:write',
  'removals:approve',
  'access:read',
  'audit:read',
  'operator',
] as const

/** What a caller may do. `operator` is for tenants and their keys alone, and opens nothing that belongs to a tenant. */
export const CallerScope = z.enum(callerScopes)
export type CallerScope = z.infer<typeof CallerScope>

export const tenantScopes = callerScopes.filter((scope) => scope !== 'operator')

/** Each once, and never `operator`. */
export const TenantScopes = z
  .array(CallerScope.exclude(['operator']))
  .min(1, 'is empty: name at least one scope, such as access:read')
  .max(callerScopes.length - 1)
  .overwrite((scopes) => [...new Set(scopes)])

/** What a key or a tenant is called. */
export const Name = z.string().trim().min(1, 'is empty: say what it is for').max(80, 'is longer than 80 characters')

/** What a caller sends to get a key. */
export const NewApiKey = z.strictObject({
  name: Name.describe('What it is for; two living keys may share a name, so that one can take the place of the other'),
  scopes: TenantScopes.describe('What its holder may do; no more than its maker may'),
  expiresAt: Instant.nullable().default(null).describe('From then on it is refused; null: never'),
})
export type NewApiKey = z.infer<typeof NewApiKey>

export const ApiKeyId = z.templateLiteral(['key_', z.string().regex(/[a-z0-9]+/)]).describe('Id of the key; no secret')
export type ApiKeyId = z.infer<typeof ApiKeyId>

/** A key as the API shows it: everything but itself. */
export const ApiKeyView = z.object({
  id: ApiKeyId,
  name: z.string(),
  scopes: z.array(CallerScope),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable().describe('To the minute; null: never used'),
})
export type ApiKeyView = z.infer<typeof ApiKeyView>

/** The only answer in which a key itself stands. */
export const CreatedApiKey = ApiKeyView.extend({
  key: z.string().describe('The key itself, shown this once: send it as "Authorization: Bearer <key>"'),
})
export type CreatedApiKey = z.infer<typeof CreatedApiKey>

/** What an operator sends to make a tenant. */
export const NewTenant = z.strictObject({ id: TenantId, name: Name.describe('Its name for people') })
export type NewTenant = z.infer<typeof NewTenant>

export const TenantChange = z.strictObject({
  name: Name.optional(),
  state: z.enum(['active', 'suspended']).optional().describe('suspended: none of its callers is let in'),
})
export type TenantChange = z.infer<typeof TenantChange>

export const Tenant = z.object({
  id: TenantId,
  name: z.string(),
  state: z.enum(['active', 'suspended']),
  createdAt: Instant,
})
export type Tenant = z.infer<typeof Tenant>
