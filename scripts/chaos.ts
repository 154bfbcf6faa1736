// The chaos tests in their long form: npm run test:chaos
//
//   --minutes 60            for how long the whole system is disturbed; 10 unless said otherwise, also by CHAOS_MINUTES
//
// Besides, 200,000 events by publishers that are killed 50 times, and paused in between (PUBLISHER_EVENTS, PUBLISHER_KILLS). CHAOS_SEED
// repeats the plan of a run.

import { parseArgs } from 'node:util'
import { run } from './run.ts'

const { CHAOS_MINUTES = '10', CHAOS_SECONDS, PUBLISHER_EVENTS = '200000', PUBLISHER_KILLS = '50' } = process.env
const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: CHAOS_MINUTES } },
  allowPositionals: true,
})
const seconds = Math.round(Number(values.minutes) * 60)
if (!(seconds >= 60)) {
  process.stderr.write(`--minutes ${values.minutes}: a run lasts a minute or more; write for example --minutes 60\n`)
  process.exit(1)
}
const sizes = { CHAOS_SECONDS: CHAOS_SECONDS ?? String(seconds), PUBLISHER_EVENTS, PUBLISHER_KILLS }
process.exitCode = await run(
  ['vitest', 'run', '--project', 'e2e', ...(positionals.length > 0 ? positionals : ['test/chaos'])],
  sizes,
)
