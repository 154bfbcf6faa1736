import { z } from 'zod'
import { CredentialRef } from './connections.ts'
import { Instant } from './entities.ts'

/** What is left of a credential's rolling hour at Bitbucket, and when more comes. Whoever uses the credential shares it. */
export const CredentialBudget = z.object({
  ...CredentialRef.shape,
  limit: z.int().describe('Requests in any rolling hour'),
  used: z.int().describe('Of them, those that count as made; what a process that died had taken counts for an hour'),
  leased: z.int().describe('Taken in batches by who is at work now, and not given back yet'),
  keptBack: z.int().describe('Left by syncs to people who wait for an answer'),
  free: z.int().describe('Nobody has taken them; none while it rests'),
  freeForSyncs: z.int().describe('The free ones without those that are kept back'),
  nextFreeAt: Instant.nullable().describe('When syncs have room again; null: they have some now'),
  forecast: z
    .array(z.object({ at: Instant, freeForSyncs: z.int() }))
    .describe('How many would be free in 5, 15, 30 and 60 minutes if nobody took any more'),
  restingUntil: Instant.nullable().describe(
    'Bitbucket has refused for want of room: nothing is asked before then; null: it has not',
  ),
  otherConnections: z.int().describe('How many other connections of the tenant use it as well'),
})
export type CredentialBudget = z.infer<typeof CredentialBudget>

/** The budgets of all credentials of a connection. */
export const ConnectionBudget = z.object({
  at: Instant.describe('When it was so'),
  credentials: z.array(CredentialBudget).describe('The first one first; each has its own hour'),
})
export type ConnectionBudget = z.infer<typeof ConnectionBudget>
