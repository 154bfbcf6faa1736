import { ApiError } from './errors.ts'

/** What a scope brings with it. The admin scopes are not here: they imply nothing, not even reading. */
const implied: Readonly<Record<string, readonly string[]>> = { project: ['repository'] }

/** @throws ApiError 403 with what is granted and what is required, when a required scope is missing. */
export function requireScopes(granted: readonly string[], required: readonly string[]): void {
  const held = new Set(granted.flatMap((scope) => [scope, ...(implied[scope] ?? [])]))
  if (required.every((scope) => held.has(scope))) return
  const message = 'Your credentials lack one or more required privilege scopes.'
  throw new ApiError(403, message, { granted, required })
}
