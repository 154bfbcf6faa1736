import { z } from 'zod'
import { Instant } from './entities.ts'
import { ConnectionId, SyncId, TenantId } from './ids.ts'
import { NotReadScopes } from './scopes.ts'
import { Coverage, SyncKind, SyncTrigger } from './syncs.ts'

/**
 * What a sync leaves behind for those who ask later how it is known that its lists were complete. It is signed over its
 * canonical form, so nothing may be added to version 1; what changes it takes the next number.
 */

/** How the absence of something is confirmed before its removal is told. Signed as text, so that it can be read alone. */
export const removalConfirmation = {
  everyRemoval:
    'Two complete reads of the scope, one after the other, both lack it, and the second has all that the first one has. ' +
    'A project or repository is gone when two such lists lack it.',
  greatLoss:
    'Where a scope would lose all that is held in it, or more than half and more than five, up to ten of those are also ' +
    'asked for by id; one that is still there, or is not answered for, and nothing of the scope is removed.',
} as const

const count = z.int().nonnegative()

export const ListingEvidence = z.strictObject({
  read: count.describe('Rows that were read'),
  bitbucketReported: count.nullable().describe('Rows that Bitbucket says there are; null where it does not say'),
  pages: count.nullable().describe('Pages that they came in; null where that was not counted'),
})
export type ListingEvidence = z.infer<typeof ListingEvidence>

export const SyncEvidence = z.strictObject({
  version: z.literal(1),
  tenantId: TenantId,
  connection: z.strictObject({ id: ConnectionId, uniqueIdentifier: z.string() }),
  workspace: z.strictObject({ uuid: z.string(), slug: z.string() }),
  sync: z.strictObject({
    id: SyncId,
    kind: SyncKind,
    trigger: SyncTrigger.describe('What started it'),
    state: z.enum(['completed', 'failed', 'cancelled']).describe('How it ended'),
    requestedAt: Instant,
    startedAt: Instant.nullable().describe('null: it ended before it began'),
    finishedAt: Instant,
  }),
  listings: z
    .record(z.string(), ListingEvidence)
    .describe('By name: members, projects, repositories. Those that this sync read'),
  coverage: z
    .strictObject(Coverage.omit({ notIncluded: true }).shape)
    .describe('Which of them the settings leave out, `notRead` says'),
  notRead: NotReadScopes.describe('Their facts are kept as they were last seen'),
  removals: z.strictObject({
    told: z.strictObject({ grants: count, nestings: count }),
    confirmation: z.strictObject({ everyRemoval: z.string(), greatLoss: z.string() }),
    held: count.describe('Grants and nestings whose removal waited for a decision when the sync ended'),
  }),
  facts: z
    .strictObject({
      serviceUsers: count,
      entitlements: count,
      grants: count,
      nestings: count,
      sha256: z.hex().length(64).describe('Over the sorted ids of all grants and nestings; docs/evidence.md says how'),
    })
    .describe('Of the whole connection, as they were told when the sync ended'),
  requests: count.describe('That the sync sent to Bitbucket'),
  software: z.strictObject({ name: z.string(), version: z.string() }),
})
export type SyncEvidence = z.infer<typeof SyncEvidence>

export const EvidenceSignature = z.strictObject({
  algorithm: z.literal('Ed25519'),
  keyId: z
    .hex()
    .length(16)
    .describe('First 16 hexadecimal digits of the SHA-256 over the public key (SubjectPublicKeyInfo, DER)'),
  value: z.base64url().length(86).describe('Over the canonical JSON (RFC 8785) of the evidence, in UTF-8'),
})
export type EvidenceSignature = z.infer<typeof EvidenceSignature>

export const SignedEvidence = z.strictObject({ evidence: SyncEvidence, signature: EvidenceSignature })
export type SignedEvidence = z.infer<typeof SignedEvidence>
