import { z } from 'zod'

/** Of each scope; a repository has as many grants in the other benches. */
export const factsPerScope = 20

export const CommitRun = z.object({ facts: z.int(), seconds: z.number(), cpuSeconds: z.number() })
export type CommitRun = z.infer<typeof CommitRun>

/** What the loop prints when it is done. */
export const CommitResult = z.object({
  fresh: CommitRun.describe('All scopes are new'),
  changed: CommitRun.describe('One fact of each scope has another level'),
  unchanged: CommitRun.describe('All are as they were'),
})
export type CommitResult = z.infer<typeof CommitResult>
