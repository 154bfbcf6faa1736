import type { Answer } from '../../api/client.ts'

/** What a validation answers. */
export type Preflight = Answer<'validateConnection'>
export type PreflightProblem = Preflight['problems'][number]
