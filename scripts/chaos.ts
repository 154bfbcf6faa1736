// The chaos test in its long form (npm run test:chaos): ten minutes, unless CHAOS_SECONDS says otherwise. CHAOS_SEED
// repeats the plan of a run.

import { run } from './run.ts'

const { CHAOS_SECONDS = '600' } = process.env
process.exitCode = await run(['vitest', 'run', '--project', 'e2e', 'test/chaos'], { CHAOS_SECONDS })
