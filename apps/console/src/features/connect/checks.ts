import { countOf, formatCount } from '../../ui/time.tsx'
import { type FieldName, type ToldMistake, type ToldMistakes, toFieldName } from './fields.ts'
import { listLabel, readText } from './lists.ts'
import type { Preflight, PreflightProblem } from './preflight.ts'
import { type Said, type Surroundings, textOf } from './problem-texts.ts'

export type CheckState = 'passed' | 'warning' | 'failed' | 'waiting' | 'not-tried'

/** One line of a validation: what was tried, how it went, and what to do about it. */
export interface Check {
  readonly id: string
  readonly label: string
  readonly state: CheckState
  readonly text: string
  readonly remedy: string | null
  /** Of the problem; null: there is none. */
  readonly code: string | null
  /** Where to mend it; null: nowhere in the wizard. */
  readonly field: FieldName | null
  /** The connection that is in the way. */
  readonly connectionId: string | null
}

const waitingCodes = new Set(['rate-limited', 'hour-used-up', 'unavailable', 'no-answer'])

/** The lines of a validation, in the order in which they were tried. */
export function toChecks(preflight: Preflight, workspace: string): Check[] {
  return [
    ...named(preflight, workspace),
    ...ofCredential(preflight, workspace),
    ...ofWorkspace(preflight, workspace),
    ...ofMoreCredentials(preflight, workspace),
    ...ofEndpoints(preflight, workspace),
    ...ofInclude(preflight, workspace),
  ]
}

/** The mistakes that a validation has found in fields, with the connection that is in the way. */
export function mistakesOf(preflight: Preflight, workspace: string): ToldMistakes {
  const mistakes: Partial<Record<FieldName, ToldMistake>> = {}
  for (const problem of preflight.problems) {
    const field = fieldOf(problem)
    if (field === null || mistakes[field] !== undefined || waitingCodes.has(problem.code)) continue
    const { text, remedy } = textOf(problem, surroundingsOf(preflight, workspace))
    mistakes[field] = {
      text: remedy === null ? text : `${text} ${remedy}`,
      connectionId: problem.connectionId ?? null,
    }
  }
  return mistakes
}

/**
 * Whether what stands in the way are lists that cannot be read, and nothing else: then it can be saved all the same, and what is in
 * these lists stays unknown.
 */
export function canGoOnWithout({ ready, problems }: Preflight): boolean {
  return (
    !ready &&
    problems.every(({ field, endpoint, code }) => field === null && endpoint !== null && !waitingCodes.has(code))
  )
}

/** What cannot be read, for people. */
export function unreadable({ endpoints }: Preflight): string[] {
  return endpoints.flatMap(({ endpoint, state }) => (state === 'refused' ? [listLabel(endpoint)] : []))
}

function named({ problems }: Preflight, workspace: string): Check[] {
  const taken = problems.filter(({ field }) => field === 'name' || field === 'uniqueIdentifier')
  if (taken.length === 0) return [passed('names', 'Name and unique identifier', 'Both are free.')]
  return taken.map((problem) =>
    failed(`names-${problem.field}`, problem.field === 'name' ? 'Name' : 'Unique identifier', problem, { workspace }),
  )
}

function ofCredential(preflight: Preflight, workspace: string): Check[] {
  const { credential, scopes, warnings } = preflight
  const surroundings = surroundingsOf(preflight, workspace)
  if (credential.state !== 'works') {
    const why = 'Bitbucket has given no access to look with.'
    return [
      failed('credential', 'Key and secret', { ...credential, field: 'credential' }, surroundings),
      notTried('permissions', 'Permissions of the consumer', why),
    ]
  }
  const accepted = passed('credential', 'Key and secret', 'Bitbucket accepts them.')
  const problem = preflight.problems.find(({ field, code }) => field === 'credential' && code === 'scope-missing')
  const warning = warnings.find(({ field, code }) => field === 'credential' && code === 'scope-excess')
  if (problem !== undefined)
    return [accepted, failed('permissions', 'Permissions of the consumer', problem, surroundings)]
  if (warning !== undefined) {
    return [
      accepted,
      { ...failed('permissions', 'Permissions of the consumer', warning, surroundings), state: 'warning' },
    ]
  }
  const text =
    scopes.granted === null
      ? 'Bitbucket does not name them; each list below was tried instead.'
      : 'All five are there, and no more.'
  return [accepted, passed('permissions', 'Permissions of the consumer', text)]
}

function ofWorkspace(preflight: Preflight, given: string): Check[] {
  const { workspace, administrator } = preflight
  const surroundings = surroundingsOf(preflight, given)
  if (workspace.state === 'not-probed') return [notTried('workspace', 'Workspace', `${workspace.reason}.`)]
  if (workspace.state === 'refused') {
    return [failed('workspace', 'Workspace', { ...workspace, field: 'workspace' }, surroundings)]
  }
  const taken = preflight.problems.find(({ field }) => field === 'workspace')
  const found =
    taken === undefined
      ? passed('workspace', 'Workspace', `${workspace.name} (${workspace.slug}).`)
      : failed('workspace', 'Workspace', taken, surroundings)
  if (administrator === null) return [found]
  const label = 'Administration'
  return [
    found,
    administrator
      ? passed('administrator', label, 'The consumer may look as an administrator does.')
      : {
          ...notTried('administrator', label, 'The consumer does not administer the workspace.'),
          state: 'warning',
          remedy: 'What it may not read is said below; let an administrator of the workspace make the consumer.',
        },
  ]
}

function ofMoreCredentials(preflight: Preflight, workspace: string): Check[] {
  return preflight.credentials.slice(1).map((credential, place) => {
    const [id, label] = [`credential-${place + 2}`, `Credential ${place + 2}`]
    const field = `moreCredentials.${place}` as const
    if (credential.state !== 'works') {
      return failed(id, label, { ...credential, field }, { workspace, ...credential.scopes })
    }
    const warning = preflight.warnings.find((told) => told.field === field)
    return warning === undefined
      ? passed(id, label, 'Works, sees the same workspace and adds its own requests.')
      : { ...failed(id, label, warning, { workspace, ...credential.scopes }), state: 'warning' }
  })
}

function ofEndpoints(preflight: Preflight, workspace: string): Check[] {
  return preflight.endpoints.map((tried): Check => {
    const [id, label] = [tried.endpoint, listLabel(tried.endpoint)]
    if (tried.state === 'readable') return passed(id, label, readText(tried.endpoint, preflight))
    if (tried.state === 'not-probed') return notTried(id, label, `${tried.reason}.`)
    const refused = failed(id, label, { ...tried, field: null }, surroundingsOf(preflight, workspace))
    return tried.code === 'scope-missing' ? { ...refused, ...explained } : refused
  })
}

/** What is missing is said with the permissions. */
const explained: Said = { text: 'Cannot be read without the permissions that are missing.', remedy: null }

function ofInclude({ included, warnings }: Preflight, workspace: string): Check[] {
  const [id, label] = ['include', 'What is included']
  const warning = warnings.find(({ field }) => field === 'include')
  if (warning !== undefined) return [{ ...failed(id, label, warning, { workspace }), state: 'warning' }]
  return included === null ? [] : [passed(id, label, includedText(included))]
}

/** "12 of 40 projects and 300 of 5,000 repositories: 9,400 requests fewer." */
export function includedText(included: NonNullable<Preflight['included']>): string {
  if (!included.complete) return 'There are too many projects or repositories to count now; the first sync tells.'
  const { projects, repositories, saved } = included
  const part = ({ included: some, of }: typeof projects, many: string) =>
    `${some === null ? '?' : formatCount(some)} of ${of === null ? '?' : formatCount(of)} ${many}`
  const fewer = saved === null || saved === 0 ? '' : `: ${countOf(saved, 'request')} fewer for each full sync`
  return `${part(projects, 'projects')} and ${part(repositories, 'repositories')}${fewer}.`
}

function surroundingsOf({ scopes }: Preflight, workspace: string): Surroundings {
  return { workspace, missing: scopes.missing, excess: scopes.excess }
}

function fieldOf({ field }: Pick<PreflightProblem, 'field'>): FieldName | null {
  return field === null ? null : toFieldName(field)
}

function passed(id: string, label: string, text: string): Check {
  return { id, label, state: 'passed', text, remedy: null, code: null, field: null, connectionId: null }
}

function notTried(id: string, label: string, text: string): Check {
  return { ...passed(id, label, text), state: 'not-tried' }
}

type Failure = Omit<PreflightProblem, 'endpoint'>

function failed(id: string, label: string, problem: Failure, surroundings: Surroundings): Check {
  const said: Said = textOf(problem, surroundings)
  return {
    ...{ id, label, ...said, code: problem.code, field: fieldOf(problem) },
    state: waitingCodes.has(problem.code) ? 'waiting' : 'failed',
    connectionId: problem.connectionId ?? null,
  }
}
