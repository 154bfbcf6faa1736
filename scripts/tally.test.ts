import { expect, test } from 'vitest'
import { parseServers, tallyTests, type VitestReport } from './tally.ts'

type Result = VitestReport['testResults'][number]['assertionResults'][number]

const run = { exitCode: 0, byName: false }
const result = (fullName: string, status: string, meta: Result['meta'] = {}): Result => ({ fullName, status, meta })

function reportOf(assertionResults: Result[], file: { status?: string; message?: string } = {}): VitestReport {
  return { testResults: [{ name: 'a.test.ts', status: 'passed', message: '', ...file, assertionResults }] }
}

test('counts what passed and names what failed', () => {
  const report = reportOf([result('adds', 'passed'), result('divides', 'failed')], { status: 'failed' })
  expect(tallyTests(report, { ...run, exitCode: 1 })).toEqual({ passed: 1, failures: ['divides'], notRun: [] })
})

test('counts a skipped test as failed, unless it says why it cannot run here', () => {
  const report = reportOf([
    result('adds', 'passed'),
    result('divides', 'skipped'),
    result('later', 'todo'),
    result('builds', 'skipped', { notRunBecause: 'no Docker' }),
  ])
  const failures = ['divides (skipped, without a reason)', 'later (todo, without a reason)']
  expect(tallyTests(report, run)).toEqual({ passed: 1, failures, notRun: ['builds: no Docker'] })
  expect(tallyTests(report, { ...run, byName: true }).failures).toEqual([])
})

test('counts a file that could not be loaded as failed', () => {
  const report = reportOf([], { status: 'failed', message: 'no such module' })
  expect(tallyTests(report, { ...run, exitCode: 1 }).failures).toEqual(['a.test.ts: no such module'])
})

test.each([
  ['no report', undefined, 1, 'no test ran'],
  ['a report without a test', { testResults: [] }, 0, 'no test ran'],
  ['an exit code that nothing explains', reportOf([result('adds', 'passed')]), 7, 'vitest ended with 7'],
])('counts %s as failed', (_, report, exitCode, failure) => {
  expect(tallyTests(report, { ...run, exitCode }).failures).toEqual([failure])
})

test('says why servers were not containers', () => {
  const given = JSON.stringify({ server: 'Redis', how: 'given' })
  const local = JSON.stringify({ server: 'Kafka', how: 'process', reason: 'no Docker daemon' })
  expect(parseServers(`${given}\n${local}\n`)).toEqual([
    'Kafka in a container: no Docker daemon; a local process was used instead',
  ])
})
