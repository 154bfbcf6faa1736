import { formatTime } from '../../ui/time.tsx'
import { permissionLabel } from './permissions.ts'
import type { PreflightProblem } from './preflight.ts'

/** What stands in the way, and what to do about it, in the words of the wizard. */
export interface Said {
  readonly text: string
  readonly remedy: string | null
}

export interface Surroundings {
  /** The workspace as it was typed. */
  readonly workspace: string
  /** Scopes that the credential lacks, or has without need. */
  readonly missing?: readonly string[]
  readonly excess?: readonly string[]
}

type Told = Pick<PreflightProblem, 'code' | 'message' | 'remedy' | 'continuesAt' | 'removedAt'>

/** Of a cause that nothing better is known of, what the API says. */
export function textOf(problem: Told, surroundings: Surroundings): Said {
  const known = texts[problem.code]
  return known === undefined ? { text: `${problem.message}.`, remedy: problem.remedy } : known(problem, surroundings)
}

const say =
  (text: string, remedy: string | null = null) =>
  () => ({ text, remedy })

const withdrawn = say('Bitbucket has withdrawn a function we used.', 'Report this; nothing that is known is lost.')
const away = say(
  'Bitbucket does not answer at the moment.',
  'Look at its status page (bitbucket.status.atlassian.com) and validate again. Your entries are kept.',
)

const texts: Readonly<Record<string, (problem: Told, surroundings: Surroundings) => Said>> = {
  'bad-credentials': say(
    'Bitbucket does not know this key and secret.',
    'Copy both again from Workspace settings > OAuth consumers > Clarity Security.',
  ),
  'consumer-not-private': say(
    'The consumer is not private.',
    "Edit it, tick 'This is a private consumer', save, then validate again.",
  ),
  'consumer-without-callback-url': say(
    'The consumer has no callback URL.',
    'Enter https://claritysecurity.com and save; it will not be called.',
  ),
  'scope-missing': (problem, { missing = [] }) =>
    missing.length === 0
      ? { text: `${problem.message}.`, remedy: problem.remedy }
      : {
          text: `${missing.length === 1 ? 'A permission is' : `${inWords(missing.length)} permissions are`} missing: ${labels(missing)}.`,
          remedy: `Tick ${missing.length === 1 ? 'it' : 'them'} at the consumer. ${notIncluded(missing)}`,
        },
  'scope-excess': (problem, { excess = [] }) => ({
    text: excess.some((scope) => scope === 'repository:write' || scope === 'project:write')
      ? 'This consumer may also write code. We do not need that.'
      : 'This consumer may do more than we need.',
    remedy: excess.length === 0 ? problem.remedy : `Consider removing ${labels(excess)}.`,
  }),
  'workspace-not-found': (_, { workspace }) => ({
    text: `This consumer cannot see the workspace '${workspace}'.`,
    remedy: 'Look for a typing error. A consumer sees the workspace it was made in.',
  }),
  'token-kind-unsupported': say(
    'Bitbucket accepts the login, but not for reading this.',
    "Add an administrator's API token, or go on without it.",
  ),
  'not-permitted': say(
    'We can see that it is there but not who may use it: the consumer lacks admin rights.',
    'See that the consumer was made by an administrator of the workspace, in this workspace.',
  ),
  gone: withdrawn,
  'rate-limited': usedUp,
  'hour-used-up': usedUp,
  unavailable: away,
  'no-answer': away,
  'address-refused': say(
    'Bitbucket refuses our address.',
    'The workspace allows only certain IP addresses. Add those of this service under Workspace settings > Access controls; whoever runs it for you knows them.',
  ),
  'name-taken': say('Another application is called this.', 'Choose a different name.'),
  'identifier-taken': ({ removedAt }) => ({
    text:
      removedAt === undefined
        ? 'This identifier is used by another application.'
        : `This identifier was used by an application that was removed on ${formatTime(removedAt)}.`,
    remedy: 'Choose another one. Identifiers are never used twice, so that old records stay clear.',
  }),
  'invalid-name': say('The name is not one that can be used.', 'Write 1 to 80 characters.'),
  'invalid-identifier': say(
    'The identifier is not one that can be used.',
    'Write 3 to 63 lower case letters, digits or hyphens, such as bitbucket-acme.',
  ),
  'workspace-taken': say(
    'This workspace is connected already.',
    'Use that application, or connect another workspace: each is connected once.',
  ),
  'other-workspace': say(
    'This credential sees another workspace.',
    'Give credentials that administer the one workspace.',
  ),
  'credential-repeated': say(
    'This credential is given twice, so it adds no requests.',
    'Leave it out, or give another consumer: the limit is one of each consumer or person.',
  ),
  'nothing-included': say(
    'The workspace has projects or repositories, and none of them is included.',
    'Look for a misspelt key or pattern, or include more.',
  ),
}

function usedUp({ continuesAt }: Told): Said {
  const when = continuesAt === undefined ? 'within the hour' : `at ${formatTime(continuesAt)}`
  return {
    text: "This consumer's requests for the hour are used up.",
    remedy: `Validate again ${when}. Your entries are kept, but not the secret if you close this page.`,
  }
}

function notIncluded(missing: readonly string[]): string {
  return missing.some((scope) => scope.endsWith(':admin'))
    ? 'Read permissions do not include Admin.'
    : 'Admin permissions do not include Read.'
}

function labels(scopes: readonly string[]): string {
  return scopes.map(permissionLabel).join(', ')
}

function inWords(count: number): string {
  return ['No', 'One', 'Two', 'Three', 'Four', 'Five'][count] ?? String(count)
}
