import { z } from 'zod'
import { Instant } from './entities.ts'
import { ScopeId } from './ids.ts'

/** A targeted sync takes no more scopes than this. */
export const scopesPerSyncMax = 1_000

/** Why the facts of a scope are older than they should be. Nothing of what was told of it is taken back. */
export const NotReadScope = z.strictObject({
  scope: ScopeId,
  state: z
    .enum(['stale', 'unobservable'])
    .describe('stale: time may heal it; unobservable: Bitbucket does not show it, or the settings leave it out'),
  reason: z.string().describe('A code of docs/bitbucket-errors.md, the HTTP status, or not-included'),
  since: Instant,
  lastReadAt: Instant.nullable().describe('null: it was never read'),
})
export type NotReadScope = z.infer<typeof NotReadScope>

/** More scopes than this are counted, not named. */
export const notReadScopesMax = 1_000

/** The scopes that the last try could not read. */
export const NotReadScopes = z.strictObject({
  scopes: z
    .array(NotReadScope)
    .max(notReadScopesMax)
    .describe('By scope, those that the settings leave out last; 1,000 at most'),
  more: z.int().nonnegative().describe('How many there are besides'),
})
export type NotReadScopes = z.infer<typeof NotReadScopes>
