import { NewApiKey, tenantScopes } from '@clarity/shared/contract/callers'

export type KeyScope = NewApiKey['scopes'][number]

/** What each permission lets its holder do. */
export const scopeTexts: Readonly<Record<KeyScope, string>> = {
  'connections:read': 'See connections, their settings and syncs',
  'connections:write': 'Connect, change and remove; make and revoke keys',
  'syncs:write': 'Start and cancel syncs',
  'removals:approve': 'Decide about held removals',
  'access:read': 'See who has which access',
  'audit:read': 'See who did what',
}

export const keyScopes = tenantScopes.filter((scope): scope is KeyScope => scope in scopeTexts)

export const lifetimes = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
  ['never', 'Never'],
] as const
export type Lifetime = (typeof lifetimes)[number][0]

export interface KeyDraft {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly lifetime: Lifetime
}

export type KeyErrors = Readonly<Partial<Record<'name' | 'scopes' | 'expiresAt', string>>>

const dayMs = 86_400_000

/** The key that is asked for, or what is wrong with it. */
export function readKey({ name, scopes, lifetime }: KeyDraft, nowMs: number) {
  const expiresAt = lifetime === 'never' ? null : new Date(nowMs + Number(lifetime) * dayMs).toISOString()
  const read = NewApiKey.safeParse({ name, scopes, expiresAt })
  if (read.success) return { body: read.data, errors: {} }
  const fields = new Set(read.error.issues.map(({ path }) => path[0]))
  const errors: KeyErrors = {
    ...(fields.has('name') && {
      name: name.trim() === '' ? 'Say what it is for.' : 'Use 80 characters at most.',
    }),
    ...(fields.has('scopes') && { scopes: 'Choose one permission at least.' }),
  }
  return { body: null, errors }
}

/** The mistakes that the API tells, at their fields. */
export function keyErrorsOf(
  fields: readonly { readonly field: string; readonly message: string; readonly remedy: string }[],
) {
  const errors: Record<string, string> = {}
  for (const { field, message, remedy } of fields) errors[field.split('.')[0] ?? field] ??= `${message}. ${remedy}`
  return errors as KeyErrors
}
