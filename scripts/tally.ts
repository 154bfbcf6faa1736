/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly meta: { readonly notRunBecause?: string }
    }[]
  }[]
}

export interface Tally {
  passed: number
  readonly failures: string[]
  readonly notRun: string[]
}

/**
 * Counts a run of vitest. Whatever is not a test that passed is a failure: one that was skipped without a reason why it
 * cannot run here, a file that could not be loaded, no test at all, or an exit code that nothing else explains.
 */
export function tallyTests(report: VitestReport | undefined, run: { exitCode: number; byName: boolean }): Tally {
  const tally: Tally = { passed: 0, failures: [], notRun: [] }
  for (const file of report?.testResults ?? []) {
    const failuresBefore = tally.failures.length
    for (const { fullName, status, meta } of file.assertionResults) {
      if (status === 'passed') tally.passed++
      else if (status === 'failed') tally.failures.push(fullName)
      else if (meta.notRunBecause) tally.notRun.push(`${fullName}: ${meta.notRunBecause}`)
      else if (!run.byName) tally.failures.push(`${fullName} (${status}, without a reason)`)
    }
    if (file.status !== 'passed' && tally.failures.length === failuresBefore) {
      tally.failures.push(`${file.name}: ${file.message}`)
    }
  }
  if (tally.passed + tally.failures.length === 0) tally.failures.push('no test ran')
  else if (run.exitCode !== 0 && tally.failures.length === 0) tally.failures.push(`vitest ended with ${run.exitCode}`)
  return tally
}

/** What the records of the test servers, a line of JSON each, say was not used: containers, and why. */
export function parseServers(records: string): string[] {
  return records
    .split('\n')
    .filter(Boolean)
    .map((line): { server: string; how: string; reason?: string } => JSON.parse(line))
    .filter(({ how }) => how === 'process')
    .map(({ server, reason }) => `${server} in a container: ${reason}; a local process was used instead`)
}
