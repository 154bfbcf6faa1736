import { z } from 'zod'
import { Instant } from './entities.ts'
import { ConnectionId, EntitlementId, GrantId, NestingId, ScopeId, SyncId } from './ids.ts'
import { scopesPerSyncMax } from './scopes.ts'

/**
 * `full` reads every scope; `incremental` the lists and then the scopes whose reading promises most, as far as the budget
 * goes; `targeted` the scopes that it names; `preview` reads like a full one, commits nothing and says what would change.
 */
export const SyncKind = z
  .enum(['full', 'incremental', 'targeted', 'preview'])
  .describe(
    'full: every scope; incremental: as far as the budget goes; targeted: the scopes that it names; preview: tells nothing',
  )
export type SyncKind = z.infer<typeof SyncKind>

export const SyncTrigger = z
  .enum(['saved', 'api', 'schedule', 'verification', 'webhook'])
  .describe('What asked for it; saved: the connection was saved')
export type SyncTrigger = z.infer<typeof SyncTrigger>

export const SyncState = z.enum(['requested', 'running', 'completed', 'failed', 'cancelled'])
export type SyncState = z.infer<typeof SyncState>

/** Whether a sync in this state has come to its end. */
export function isFinished(state: SyncState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled'
}

/** The steps of a sync, in the order in which they run; a targeted one has those that it names, and the
 * effective permissions are read by incremental ones alone, to find what has changed. */
export const syncPhases = [
  'workspace',
  'members',
  'groups',
  'projects',
  'repositories',
  'project-permissions',
  'effective-permissions',
  'repository-permissions',
] as const
export const SyncPhase = z.enum(syncPhases)
export type SyncPhase = z.infer<typeof SyncPhase>

export const SyncCounts = z
  .object({
    scanned: z.int().describe('All that were read'),
    unchanged: z.int().describe('As they were before'),
    changed: z.int().describe('Told as changed'),
    added: z.int().describe('Told as new'),
    removed: z.int().describe('Told as gone'),
  })
  .describe('How many of one kind of entity')
export type SyncCounts = z.infer<typeof SyncCounts>

export const entityKinds = ['serviceUsers', 'entitlements', 'grants', 'nestings'] as const
export type EntityKind = (typeof entityKinds)[number]

export const Coverage = z
  .object({
    complete: z.int().describe('Scopes read to their end'),
    stale: z.int().describe('Scopes that could not be read this time; their facts are kept'),
    unobservable: z
      .int()
      .describe(
        'Scopes that Bitbucket does not show to this credential, or that the settings leave out; their facts are kept',
      ),
    notIncluded: z
      .int()
      .optional()
      .describe('Of the unobservable ones, those that the settings leave out. Absent: none'),
  })
  .describe('How much of the workspace the sync has read')
export type Coverage = z.infer<typeof Coverage>

export const SyncFailure = z
  .object({
    code: z.string().describe('An open set'),
    title: z.string().describe('What went wrong, for people'),
    retryable: z.boolean().describe('Whether the same may go well later'),
    remedy: z.string().describe('What to do about it'),
  })
  .describe('Why it failed')
export type SyncFailure = z.infer<typeof SyncFailure>

export const PhaseProgress = z.object({ phase: SyncPhase, done: z.int(), total: z.int().nullable() })
export type PhaseProgress = z.infer<typeof PhaseProgress>

/** What a caller asks for. */
export const SyncRequestBody = z
  .strictObject({
    kind: SyncKind.default('full'),
    scopes: z
      .array(ScopeId)
      .min(1, 'is empty: name at least one scope, such as repository/<uuid>')
      .max(scopesPerSyncMax, 'names more than 1,000 scopes: ask for a full sync instead')
      .optional()
      .describe('What a targeted sync reads'),
  })
  .refine(({ kind, scopes }) => (kind === 'targeted') === (scopes !== undefined), {
    path: ['scopes'],
    message: 'belongs to a targeted sync, and a targeted sync needs it',
  })
export type SyncRequestBody = z.infer<typeof SyncRequestBody>

/** What a caller wants to know for certain, now: whether these are gone. */
export const VerificationRequest = z.strictObject({
  ids: z
    .array(
      z.union([GrantId, NestingId], {
        error: 'is no id of a grant or nesting, such as user:<uuid>|repository:<uuid>#read',
      }),
    )
    .min(1, 'is empty: name at least one grant or nesting')
    .max(500, 'names more than 500: ask for a full sync instead')
    .describe('Of grants and nestings'),
})
export type VerificationRequest = z.infer<typeof VerificationRequest>

/** What became of one of them. */
export const Verified = z.object({
  id: z.union([GrantId, NestingId]),
  state: z.enum(['gone', 'still-there', 'not-observable']),
  now: EntitlementId.optional().describe('It is gone at that level; this is what is held instead'),
  held: z.boolean().optional().describe('It is gone, and telling so waits for a decision, as GET .../hold says'),
  reason: z.string().optional().describe('Why it could not be observed'),
})
export type Verified = z.infer<typeof Verified>

/** What it will take, or still takes. */
export const SyncEstimate = z.object({
  requests: z.int().describe('To Bitbucket, from the beginning to the end'),
  endsAt: Instant.describe('When it will have come to its end, given the budget as it is'),
})
export type SyncEstimate = z.infer<typeof SyncEstimate>

/** What keeps a sync from going on. */
export const WaitingFor = z.enum(['request-budget', 'stream'])
export type WaitingFor = z.infer<typeof WaitingFor>

/** A sync as it is kept. */
export const Sync = z.object({
  id: SyncId,
  connectionId: ConnectionId,
  kind: SyncKind,
  trigger: SyncTrigger,
  scopes: z.array(ScopeId).nullable().describe('What a targeted sync reads; null for all others'),
  state: SyncState,
  requestedAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  progress: z.object({
    phases: z.array(PhaseProgress).describe('In scopes; total is null until the list is read'),
    requests: z.int().describe('Requests sent to Bitbucket so far'),
    requestsExpected: z
      .int()
      .nullable()
      .describe('Of a sync without removals and interruptions; null until the lists are read'),
  }),
  estimate: SyncEstimate.nullable().describe('null: not known yet, or no longer of use'),
  waitingUntil: Instant.nullable().describe('It goes on then, if there is room by that time'),
  waitingFor: WaitingFor.nullable().describe(
    'request-budget: the hour of the credential is used up; stream: too many events wait for Kafka, which is away or slow',
  ),
  stats: z
    .record(z.string(), SyncCounts)
    .describe(
      'So far, as scopes are committed; service users are counted as scanned at the end. Of a preview: what would change',
    ),
  held: z
    .int()
    .describe(
      'Grants and nestings that it was the first to find gone, and that wait for a decision instead of being told',
    ),
  coverage: Coverage.nullable(),
  error: SyncFailure.nullable(),
  verified: z
    .array(Verified)
    .nullable()
    .describe('What became of what was to be verified; null before the end, and of others'),
})
export type Sync = z.infer<typeof Sync>

/** A sync as the API shows it: beside others of its connection. */
export const SyncView = Sync.extend({
  ahead: z
    .int()
    .nullable()
    .describe('How many syncs of the connection have their turn before it; null: it has begun, or is over'),
})
export type SyncView = z.infer<typeof SyncView>

/** What a schedule puts into the queue when it is time. */
export const SyncScheduled = z.object({ tenantId: z.string(), connectionId: ConnectionId })
export type SyncScheduled = z.infer<typeof SyncScheduled>

/** What the API puts into the queue when a sync is asked for. It holds ids only, never a secret. */
export const SyncRequested = z.object({ tenantId: z.string(), connectionId: ConnectionId, syncId: SyncId })
export type SyncRequested = z.infer<typeof SyncRequested>

/** What the API puts into the queue when a connection is to be removed. */
export const ConnectionRemoved = z.object({ connectionId: ConnectionId, traceparent: z.string().optional() })
export type ConnectionRemoved = z.infer<typeof ConnectionRemoved>
