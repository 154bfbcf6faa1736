import { z } from 'zod'
import { Instant } from './entities.ts'
import { ConnectionId, SyncId } from './ids.ts'

export const SyncKind = z.enum(['full'])
export type SyncKind = z.infer<typeof SyncKind>

export const SyncTrigger = z.enum(['saved', 'api'])
export type SyncTrigger = z.infer<typeof SyncTrigger>

export const SyncState = z.enum(['requested', 'running', 'completed', 'failed'])
export type SyncState = z.infer<typeof SyncState>

/** The steps of a full sync, in the order in which they run. */
export const syncPhases = [
  'workspace',
  'members',
  'groups',
  'projects',
  'repositories',
  'project-permissions',
  'repository-permissions',
  'removed-resources',
] as const
export const SyncPhase = z.enum(syncPhases)
export type SyncPhase = z.infer<typeof SyncPhase>

export const SyncCounts = z.object({
  scanned: z.int(),
  unchanged: z.int(),
  changed: z.int(),
  added: z.int(),
  removed: z.int(),
})
export type SyncCounts = z.infer<typeof SyncCounts>

export const entityKinds = ['serviceUsers', 'entitlements', 'grants', 'nestings'] as const
export type EntityKind = (typeof entityKinds)[number]

export const Coverage = z.object({
  complete: z.int().describe('Scopes read to their end'),
  stale: z.int().describe('Scopes that could not be read this time; their facts are kept'),
  unobservable: z.int().describe('Scopes that Bitbucket does not show to this credential; their facts are kept'),
})
export type Coverage = z.infer<typeof Coverage>

export const SyncFailure = z.object({
  code: z.string(),
  title: z.string(),
  retryable: z.boolean(),
  remedy: z.string(),
})
export type SyncFailure = z.infer<typeof SyncFailure>

export const PhaseProgress = z.object({ phase: SyncPhase, done: z.int(), total: z.int().nullable() })
export type PhaseProgress = z.infer<typeof PhaseProgress>

/** A sync as the API shows it. */
export const Sync = z.object({
  id: SyncId,
  connectionId: ConnectionId,
  kind: SyncKind,
  trigger: SyncTrigger,
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
  stats: z.record(z.string(), SyncCounts),
  coverage: Coverage.nullable(),
  error: SyncFailure.nullable(),
})
export type Sync = z.infer<typeof Sync>

/** What the API puts into the queue when a sync is asked for. It holds ids only, never a secret. */
export const SyncRequested = z.object({ tenantId: z.string(), connectionId: ConnectionId, syncId: SyncId })
export type SyncRequested = z.infer<typeof SyncRequested>
