// The whole system on a Redis Cluster (three masters, three replicas) and on three Kafka brokers, with four workers and three
// publishers: first the end-to-end tests, then with changes at random while masters, brokers and processes are killed (npm run test:scale). SCALE_SEED repeats what is changed in Bitbucket.

import { run } from './run.ts'

process.exitCode = await run(['vitest', 'run', '--project', 'scale*', ...process.argv.slice(2)])
