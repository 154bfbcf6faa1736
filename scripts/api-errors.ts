import {
  inputProblems,
  otherProblems,
  type ProblemEntry,
  validationProblems,
  validationWarnings,
} from '@clarity/shared/runtime/problem-table'

/** The text of docs/api-errors.md: every problem that the API answers with of its own. */
export function renderApiErrors(): string {
  const rows = Object.entries<ProblemEntry>({ ...inputProblems, ...otherProblems })
    .toSorted(([a, first], [b, second]) => first.status - second.status || (a < b ? -1 : 1))
    .map(([code, { status, means, remedy }]) => `| ${status} | \`${code}\` | ${means} | ${remedy} |`)
  const table = ['| status | code | means | what to do |', '|---|---|---|---|', ...rows]
  return `${[intro, '', ...table, '', ofValidations, '', ...toldByValidations()].join('\n')}\n`
}

function toldByValidations(): string[] {
  const rowsOf = (what: string, entries: Readonly<Record<string, Omit<ProblemEntry, 'status'>>>) =>
    Object.entries(entries).map(([code, { means, remedy }]) => `| ${what} | \`${code}\` | ${means} | ${remedy} |`)
  const rows = [...rowsOf('problem', validationProblems), ...rowsOf('warning', validationWarnings)]
  return ['| as | code | means | what to do |', '|---|---|---|---|', ...rows]
}

const intro = `# Problems of the API

Every error of the API is a problem document (RFC 9457), \`application/problem+json\`. Its \`type\` is stable and ends in the code:
\`urn:clarity:problem:<code>\`. \`detail\` says what went wrong, \`remedy\` what to do; \`errors\` names the fields at fault by their path,
each with its own remedy; \`requestId\` is the id under which the log and the audit log have the request, and is in the
header \`X-Request-Id\` too.

What Bitbucket refuses comes with the codes of [bitbucket-errors.md](bitbucket-errors.md): with 422 where the caller can mend it, with
503 where time does. A 429 or 503 says by \`Retry-After\` when to try again.

This page is made from the code by \`pnpm run docs\`; a test fails when it is out of date, or when a code is nowhere used.`

const ofValidations = `## What a validation tells

\`POST /v1/connections/validate\` answers with what is in the way as a list, each with its code, the field as saving the connection would
name it, and the remedy: with the codes of [bitbucket-errors.md](bitbucket-errors.md), with \`name-taken\`, \`identifier-taken\`,
\`workspace-taken\` and \`other-workspace\` as above, and with these.`
