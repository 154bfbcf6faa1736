// Prints how the simulator's answers compare with Atlassian's description: BITBUCKET_OPENAPI=<file> node src/testing/conformance.ts
import { walkEverything } from './walk.ts'

const openApiPath = process.env.BITBUCKET_OPENAPI
if (openApiPath === undefined) {
  process.stderr.write("BITBUCKET_OPENAPI must be the path of Atlassian's OpenAPI file\n")
  process.exitCode = 1
} else {
  const report = await walkEverything(openApiPath)
  const answers = (report?.notDescribed ?? []).reduce((sum, one) => sum + one.answers, 0)
  const lines = [
    `${report?.endpoints.length} endpoints, ${report?.checked} answers held against the description`,
    `${answers} answers of which it says nothing: ${[...new Set(report?.notDescribed.map(({ route, what }) => (what === 'status' ? `${what}es of ${route}` : route)))].length} kinds`,
    `${report?.unknown.length} unknown deviations, ${report?.unused.length} known ones not met ${report?.unused.join(', ')}`.trimEnd(),
    ...(report?.known ?? []).map(({ id, count, reason }) => `  ${String(count).padStart(6)}  ${id}: ${reason}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
