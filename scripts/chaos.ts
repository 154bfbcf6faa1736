// The chaos tests in their long form (npm run test:chaos): the whole system for ten minutes, unless CHAOS_SECONDS says
// otherwise, and 200,000 events by publishers that are killed 50 times, and paused in between (PUBLISHER_EVENTS, PUBLISHER_KILLS).
// CHAOS_SEED repeats the plan of a run.

import { run } from './run.ts'

const { CHAOS_SECONDS = '600', PUBLISHER_EVENTS = '200000', PUBLISHER_KILLS = '50' } = process.env
const sizes = { CHAOS_SECONDS, PUBLISHER_EVENTS, PUBLISHER_KILLS }
process.exitCode = await run(['vitest', 'run', '--project', 'e2e', 'test/chaos'], sizes)
