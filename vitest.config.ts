import { defineConfig } from 'vitest/config'

const servers = 'packages/testkit/src/global-setup.ts'
const notTests = ['**/node_modules/**', '**/dist/**']
const onRedis = '**/*.redis.test.ts'
const onKafka = '**/*.kafka.test.ts'
const onPostgres = '**/*.postgres.test.ts'
const wholeSystem = 'test/**/*.test.ts'
const scaledOut = 'test/scale/**/*.test.ts'
/** Those that take a system as it is: they stop no process, and leave each other alone. */
const onSuchServers = [
  'main-job',
  'requests',
  'settings',
  'api-isolation',
  'live-view',
  'pull-door',
  'api-walk',
  'api-fuzz',
  'other-languages',
]
const inBrowser = 'test/console/**/*.test.ts'

export default defineConfig({
  test: {
    allowOnly: false,
    env: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...notTests, onRedis, onKafka, onPostgres, wholeSystem],
          testTimeout: 10_000,
        },
      },
      { test: { name: 'redis', include: [onRedis], exclude: [...notTests, wholeSystem], ...onServers(20_000) } },
      { test: { name: 'kafka', include: [onKafka], exclude: [...notTests, wholeSystem], ...onServers(60_000) } },
      {
        test: { name: 'postgres', include: [onPostgres], exclude: [...notTests, wholeSystem], ...onServers(60_000) },
      },
      // One file at a time: each starts many processes, and its time-outs are about the system, not about its neighbours.
      {
        test: {
          name: 'e2e',
          include: [wholeSystem],
          exclude: [...notTests, inBrowser, scaledOut],
          ...onServers(180_000),
          fileParallelism: false,
        },
      },
      // A command of its own, npm run test:scale: nine servers, and nine processes of ours.
      {
        test: {
          name: 'scale',
          include: [scaledOut],
          exclude: notTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      // The same story on such servers: the tests of the whole system, on one that runs already.
      {
        test: {
          name: 'scale-e2e',
          include: onSuchServers.map((name) => `test/e2e/${name}.test.ts`),
          exclude: notTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          globalSetup: ['test/scale/global-setup.ts'],
          fileParallelism: false,
        },
      },
      // One system for all of them, and one browser at a time.
      {
        test: {
          name: 'console',
          include: [inBrowser],
          exclude: notTests,
          ...onServers(120_000),
          globalSetup: [servers, 'test/console/global-setup.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
})

function onServers(timeoutMs: number) {
  return { globalSetup: [servers], testTimeout: timeoutMs, hookTimeout: timeoutMs }
}
