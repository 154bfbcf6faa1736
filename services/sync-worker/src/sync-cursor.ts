import { ListCursor } from '@clarity/bitbucket'
import { SyncPhase } from '@clarity/shared/contract/syncs'
import { z } from 'zod'

/** What a list said of itself beside what came. */
export const ListEvidence = z.object({
  bitbucketReported: z.int().nullable(),
  read: z.int(),
  pages: z.int().nullable(),
})
export type ListEvidence = z.infer<typeof ListEvidence>

/** A list that is being read or applied. */
export const ListProgress = z.object({
  /** Its first read, the second one where something is missing, or what comes after. */
  step: z.enum(['reading', 'comparing', 'reading-again', 'comparing-again', 'applying', 'removing']),
  page: ListCursor,
  /** Whether it had to be read a second time; then what that read shows is what counts. */
  wasReadAgain: z.boolean(),
  /** How often it was read anew because it changed on the way. */
  restarts: z.int(),
})
export type ListProgress = z.infer<typeof ListProgress>

/**
 * Where a sync stands between two slices; whoever takes the next one goes on from here. What it has committed stands in
 * the facts, and what is still to be read of a phase in a list of its own.
 */
export const SyncCursor = z.object({
  phase: SyncPhase,
  workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string() }).nullable(),
  list: ListProgress.nullable(),
  /** Of the scopes to be read in this phase, those up to here are in the list of what is to be read. '0' begins, null ends. */
  scan: z.string().nullable(),
  /** Lists that were read whole: their rows are at hand, of the second read where there was one. */
  listed: z.array(z.object({ kind: z.enum(['project', 'repository']), again: z.boolean() })),
  evidence: z.record(z.string(), ListEvidence),
  /** Of the lists that were read whole: how many of their rows are to be read themselves. */
  included: z.partialRecord(z.enum(['project', 'repository']), z.int()).default({}),
  /** Scopes in a row that Bitbucket did not answer. */
  unanswered: z.int(),
  /** Slices in a row that Bitbucket refused for want of room. */
  refusals: z.int(),
  /** Requests for which there should be room before the next slice. */
  wants: z.int(),
})
export type SyncCursor = z.infer<typeof SyncCursor>

/** Where every sync begins. */
export const syncBegin: SyncCursor = {
  phase: 'workspace',
  workspace: null,
  list: null,
  scan: '0',
  listed: [],
  evidence: {},
  included: {},
  unanswered: 0,
  refusals: 0,
  wants: 1,
}
