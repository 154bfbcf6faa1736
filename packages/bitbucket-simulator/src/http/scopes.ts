import type { Caller } from '../credentials/caller.ts'
import { ApiError } from './errors.ts'

/** What a scope brings with it. The admin scopes are not here: they imply nothing, not even reading. */
const implied: Readonly<Record<string, readonly string[]>> = {
  project: ['repository'],
  'account:write': ['account'],
  'repository:write': ['repository'],
}

interface Requirement {
  readonly scopes: readonly string[]
  readonly tokenScopes: readonly string[]
}

/** @throws ApiError 403 with what is granted and what is required, when a required scope is missing. */
export function requireScopes({ kind, scopes: granted }: Caller, { scopes, tokenScopes }: Requirement): void {
  if (kind === 'anonymous') return
  const required = kind === 'user' ? tokenScopes.map((scope) => `${scope}:bitbucket`) : scopes
  const held = new Set(granted.flatMap((scope) => [scope, ...(implied[scope] ?? [])]))
  if (required.every((scope) => held.has(scope))) return
  const message = 'Your credentials lack one or more required privilege scopes.'
  throw new ApiError(403, message, { granted, required })
}
