import { z } from 'zod'
import { Instant } from './entities.ts'
import { ScopeId } from './ids.ts'

/** Why the facts of a scope are older than they should be. Nothing of what was told of it is taken back. */
export const NotReadScope = z.object({
  scope: ScopeId,
  state: z
    .enum(['stale', 'unobservable'])
    .describe('stale: time may heal it; unobservable: Bitbucket does not show it'),
  reason: z.string().describe('A code of docs/bitbucket-errors.md, or the HTTP status'),
  since: Instant,
  lastReadAt: Instant.nullable().describe('null: it was never read'),
})
export type NotReadScope = z.infer<typeof NotReadScope>

/** The scopes that the last try could not read. */
export const NotReadScopes = z.object({
  scopes: z.array(NotReadScope).describe('By scope; 1,000 at most'),
  more: z.int().describe('How many there are besides'),
})
export type NotReadScopes = z.infer<typeof NotReadScopes>
