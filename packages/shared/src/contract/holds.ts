import { z } from 'zod'
import { Instant } from './entities.ts'
import { GrantId, GroupMembershipId, NestingId, ResourceId, ScopeId, ServiceUserId, SyncId } from './ids.ts'
import { scopesPerSyncMax } from './scopes.ts'

/**
 * Removals that are held back: within a day a connection would lose more than its limit allows, so nothing more is told
 * as gone until somebody decides, a later complete read finds it again, or the hold expires, which rejects it.
 */

/** How much of its grants and nestings a connection may lose within a rolling day: the share, and always so many. */
export const RemovalLimit = z
  .object({
    share: z.number().min(0).max(1).describe('Share of the grants and nestings, from 0 to 1'),
    count: z.int().min(0).describe('So many may always go, whatever the share'),
  })
  .describe('What a connection may lose within a day without a decision')
export type RemovalLimit = z.infer<typeof RemovalLimit>

export const defaultRemovalLimit: RemovalLimit = { share: 0.1, count: 20 }

export const holdReasons = ['no-longer-listed', 'resource-gone', 'left-the-workspace'] as const

export const HoldReason = z
  .enum(holdReasons)
  .describe(
    'no-longer-listed: its resource is read without it; resource-gone: the resource is listed no longer; left-the-workspace: its ' +
      'holder is no member any more',
  )
export type HoldReason = z.infer<typeof HoldReason>

/** Where the removals come from. */
export const HoldCause = z
  .object({
    kind: z.enum(holdReasons).describe('Why they seem to be gone'),
    scope: ScopeId.describe('Where they were found missing'),
    count: z.int().describe('Grants and nestings'),
  })
  .describe('Where the removals come from')
export type HoldCause = z.infer<typeof HoldCause>

/** `partly`: some were approved, the rest waits on. `restored`: Bitbucket shows them again. */
export const HoldDecision = z
  .enum(['approved', 'partly', 'rejected', 'restored', 'expired'])
  .describe(
    'partly: some were approved, the rest waits on; restored: Bitbucket shows them again; expired: counts as rejected',
  )
export type HoldDecision = z.infer<typeof HoldDecision>

/** A hold as the API shows it. */
export const Hold = z.object({
  id: z.string(),
  syncId: SyncId.describe('The sync that first found what is held'),
  openedAt: Instant,
  expiresAt: Instant.describe('Then it counts as rejected'),
  wouldRemove: z.object({ grants: z.int(), nestings: z.int(), of: z.int(), share: z.number() }),
  limit: RemovalLimit,
  reason: z.string(),
  causes: z.array(HoldCause).describe('The largest first, 20 at most'),
  sample: z.array(z.union([GrantId, NestingId])).describe('20 at most'),
  scopes: z.int().describe('In how many scopes they were found missing'),
  lookAgain: z
    .object({
      scopes: z.array(ScopeId).describe(`${scopesPerSyncMax.toLocaleString('en')} at most`),
      more: z.int().describe('How many there are besides; above 0 ask for a full sync instead'),
    })
    .describe('What a targeted sync has to name to find again all that may be there again'),
})
export type Hold = z.infer<typeof Hold>

/** One removal that waits for a decision. */
export const HeldRemoval = z.object({
  id: z.union([GrantId, NestingId]),
  kind: z.enum(['grant', 'nesting']).describe('grant: a service user holds it; nesting: a group'),
  cause: HoldReason,
  scope: ScopeId,
  resource: ResourceId.describe('What it is held on'),
  resourceName: z.string().nullable().describe('As last known; null: not known'),
  level: z.string(),
  holder: z.union([ServiceUserId, GroupMembershipId]),
  holderName: z.string().nullable().describe('As last told; null: not known, or not published'),
  observedAt: Instant.describe('When it was found missing'),
  evidence: z.object({
    reads: z.int().describe('How often its scope was read to be sure'),
    confirmedAt: Instant.describe('When it was missing for the last time'),
  }),
})
export type HeldRemoval = z.infer<typeof HeldRemoval>

const DecisionReason = z
  .string()
  .trim()
  .min(1, 'is empty: say why, for whoever asks later')
  .max(500, 'is longer than 500 characters')
  .describe('Why, for the audit log; write no personal data')

/** What a caller decides to approve: everything, or just some scopes, grants and nestings. */
export const HoldApproval = z.strictObject({
  reason: DecisionReason,
  only: z
    .array(z.string())
    .min(1, 'is empty: leave it out to approve everything')
    .max(10_000)
    .optional()
    .describe('Ids of scopes, grants or nestings; left out: everything that is held'),
})
export type HoldApproval = z.infer<typeof HoldApproval>

export const HoldRejection = z.strictObject({ reason: DecisionReason })
export type HoldRejection = z.infer<typeof HoldRejection>
