// All of `npm test`: format and lint, types, then every test. All of them run, also when an earlier one fails; the last
// line counts what passed and what failed. Arguments go to vitest: `npm test -- packages/launcher`.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'
import { parseServers, type Tally, tallyTests, type VitestReport } from './tally.ts'

const filters = process.argv.slice(2)
const reportDir = mkdtempSync(join(tmpdir(), 'clarity-test-'))
process.once('exit', () => rmSync(reportDir, { recursive: true, force: true }))
const reportFile = join(reportDir, 'vitest.json')
const serversFile = join(reportDir, 'servers.jsonl')

const total: Tally = {
  passed: 0,
  failures: [],
  notRun: [
    'docker-compose.yml end to end: a command of its own, npm run test:compose, which needs Docker',
    'On a Redis Cluster and three Kafka brokers: a command of its own, npm run test:scale, for it takes minutes',
  ],
}
await check('Format and lint', [['biome', 'ci', process.stdout.isTTY ? '--colors=force' : '--colors=off', '.']])
await check('Types', [
  // Loose: pnpm, which turbo calls for each package, is to see what was set for it.
  [
    'turbo',
    'run',
    'typecheck',
    '--output-logs=errors-only',
    '--ui=stream',
    '--no-update-notifier',
    '--env-mode=loose',
    '--continue',
  ],
  ['tsc', '--project', 'scripts/tsconfig.json'],
])
await test()
printSummary()
process.exitCode = total.failures.length === 0 ? 0 : 1

async function check(name: string, commands: [string, ...string[]][]): Promise<void> {
  let passed = true
  await section(name, async () => {
    for (const command of commands) passed = (await run(command)) === 0 && passed
  })
  if (passed) total.passed++
  else total.failures.push(name)
}

async function test(): Promise<void> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  let exitCode = 1
  await section('Tests', async () => {
    exitCode = await run(['vitest', 'run', '--project', '!scale*', ...reporters, ...filters], {
      TEST_SERVERS_FILE: serversFile,
    })
  })
  // Narrowed by name, all other tests of a file count as skipped; that was the wish.
  const byName = filters.some((filter) => /^(-t|--testNamePattern)/.test(filter))
  const tests = tallyTests(readReport(), { exitCode, byName })
  total.passed += tests.passed
  total.failures.push(...tests.failures)
  total.notRun.push(...parseServers(existsSync(serversFile) ? readFileSync(serversFile, 'utf8') : ''), ...tests.notRun)
}

function readReport(): VitestReport | undefined {
  if (!existsSync(reportFile)) return undefined
  // vitest writes it last and at once, so what is there is whole.
  return JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport
}

async function section(name: string, work: () => Promise<void>): Promise<void> {
  print(`\n== ${name}`)
  const startedAt = performance.now()
  await work()
  print(`== ${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function printSummary(): void {
  const list = (heading: string, items: readonly string[]) => {
    if (items.length > 0) print(`\n${heading}\n${items.map((item) => `- ${item}`).join('\n')}`)
  }
  list('Not run on this machine:', total.notRun)
  list('Failed:', total.failures)
  print(`\n${total.passed} passed, ${total.failures.length} failed`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
