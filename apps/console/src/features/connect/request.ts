import { NewConnection } from '@clarity/shared/contract/connections'
import type { Schedule } from '@clarity/shared/contract/schedule'
import type { BodyOf } from '../../api/client.ts'
import type { Draft, Secrets } from './draft.ts'
import { type FieldName, type Mistakes, toFieldName } from './fields.ts'
import { parseWorkspace, proposeIdentifier } from './workspace-reference.ts'

/** A connection as the API takes it. */
export type ConnectionBody = BodyOf<'createConnection'>

/** The connection that the wizard describes, once nothing in it is a mistake; or what is one, by field, in the order of the steps. */
export type Described =
  | { readonly state: 'whole'; readonly connection: ConnectionBody }
  | { readonly state: 'mistaken'; readonly mistakes: Mistakes }

/** Reads the fields of all steps as the API would. */
export function describeConnection(draft: Draft, secrets: Secrets): Described {
  const given = toRequest(draft, secrets)
  const parsed = NewConnection.safeParse(given)
  const mistakes = new Map<FieldName, string>()
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const field = toFieldName(path.join('.'))
      if (field !== null && !mistakes.has(field)) mistakes.set(field, sentence(field, valueAt(given, path), message))
    }
  }
  if (draft.schedule === 'cron' && draft.pattern.trim().split(/\s+/).length !== 5) {
    mistakes.set('pattern', 'Write five fields: minute, hour, day of month, month, day of week, such as 0 3 * * 1-5.')
  }
  if (parsed.success && mistakes.size === 0) return { state: 'whole', connection: given }
  return { state: 'mistaken', mistakes: Object.fromEntries(mistakes) }
}

/** The unique identifier as it stands: what was typed, or what is proposed for the workspace. */
export function identifierOf({ uniqueIdentifier, workspace }: Draft): string {
  return uniqueIdentifier ?? proposeIdentifier(workspace)
}

/** The words, keys or patterns of a field that takes several, one a line or with commas between them. */
export function splitList(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((item) => item !== '')
}

function toRequest(draft: Draft, secrets: Secrets): ConnectionBody {
  const [projects, repositories] = [splitList(draft.projects), splitList(draft.repositories)]
  return {
    name: draft.name,
    uniqueIdentifier: identifierOf(draft).trim(),
    workspace: parseWorkspace(draft.workspace) ?? draft.workspace,
    credential: { kind: 'oauth-consumer', key: draft.key, secret: secrets.secret },
    ...(draft.moreCredentials.length > 0 && {
      moreCredentials: draft.moreCredentials.map(({ kind, key }, place) => {
        const secret = secrets.more[place] ?? ''
        return kind === 'oauth-consumer' ? { kind, key, secret } : { kind, email: key.trim(), token: secret }
      }),
    }),
    schedule: toSchedule(draft),
    appOwners: splitList(draft.appOwners),
    include: {
      projects: projects.length > 0 ? projects : null,
      repositories: repositories.length > 0 ? repositories : null,
    },
    publishLevels: draft.publishLevels,
    removalLimit: { share: toNumber(draft.removalSharePercent) / 100, count: toNumber(draft.removalCount) },
    confirmEmails: draft.confirmEmails,
    attributes: draft.attributes,
  }
}

/** When it syncs by itself. */
export function toSchedule({ schedule, pattern, timeZone, kind }: Draft): Schedule {
  if (schedule === 'manual') return { mode: 'manual' }
  if (schedule === 'cron') return { mode: 'cron', pattern: pattern.trim(), timeZone: timeZone.trim(), kind }
  return { mode: 'interval', minutes: Number(schedule), kind }
}

/** An empty field is no zero. */
function toNumber(typed: string): number {
  return typed.trim() === '' ? Number.NaN : Number(typed)
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Object(value)[key] : null),
    given,
  )
}

/** What is wrong with a field, and what to write; what the API says, with what was typed before it, where nothing better is known. */
function sentence(field: FieldName, value: unknown, message: string): string {
  const isEmpty = typeof value === 'string' && value.trim() === ''
  if (field.startsWith('moreCredentials.'))
    return isEmpty ? 'Fill this in, or remove the credential.' : ofCredential(field, message)
  switch (field) {
    case 'name':
      return isEmpty ? 'Enter a name, such as Bitbucket Acme.' : 'Shorten the name to 80 characters.'
    case 'uniqueIdentifier':
      return 'Write 3 to 63 lower case letters, digits or hyphens, such as bitbucket-acme.'
    case 'workspace':
      return isEmpty
        ? 'Enter the workspace, or paste the address of its page.'
        : 'We could not read a workspace name from this. Paste the address of your workspace page.'
    case 'key':
      return isEmpty
        ? 'Enter the key of the consumer.'
        : 'A key has no spaces; it looks as if more than the key was copied.'
    case 'secret':
      return isEmpty
        ? 'Enter the secret: it is not kept when you leave the page.'
        : 'A secret has no spaces; it looks as if more than the secret was copied.'
    case 'removalSharePercent':
      return 'Write a percentage from 0 to 100.'
    case 'removalCount':
      return 'Write a whole number, 0 or more.'
    default:
      return `${typeof value === 'string' && value !== '' ? `"${value}"` : 'This'} ${message}.`
  }
}

function ofCredential(field: FieldName, message: string): string {
  return field.endsWith('.key') && message.includes('e-mail')
    ? 'Write the e-mail address of the Atlassian account that made the token.'
    : 'There are no spaces in it; it looks as if more was copied.'
}
