import type { StepId } from './steps.ts'

/** The fields of the wizard, as they are called where a mistake is told. */
export type FieldName =
  | 'name'
  | 'uniqueIdentifier'
  | 'workspace'
  | 'key'
  | 'secret'
  | `moreCredentials.${number}.key`
  | `moreCredentials.${number}.secret`
  | 'pattern'
  | 'timeZone'
  | 'appOwners'
  | 'projects'
  | 'repositories'
  | 'removalSharePercent'
  | 'removalCount'
  | 'attributes'

export type Mistakes = Readonly<Partial<Record<FieldName, string>>>

/** A mistake that Bitbucket or the API has told, with the connection that is in the way, if one is. */
export interface ToldMistake {
  readonly text: string
  readonly connectionId: string | null
}
export type ToldMistakes = Readonly<Partial<Record<FieldName, ToldMistake>>>

const ofAppSettings: ReadonlySet<FieldName> = new Set<FieldName>([
  ...(['pattern', 'timeZone', 'appOwners', 'projects', 'repositories', 'removalSharePercent', 'removalCount'] as const),
])

/** The step that a field is on. */
export function stepOf(field: FieldName): StepId {
  if (ofAppSettings.has(field)) return 'app-settings'
  return field === 'attributes' ? 'user-settings' : 'connect-app'
}

/** The field of the wizard that a field of the request is typed into; null: into none. */
export function toFieldName(path: string): FieldName | null {
  const more = /^moreCredentials\.(\d+)(?:\.(\w+))?/.exec(path)
  if (more) {
    const isSecret = more[2] === 'secret' || more[2] === 'token'
    return `moreCredentials.${Number(more[1])}.${isSecret ? 'secret' : 'key'}`
  }
  const known = prefixes.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`))
  return known?.[1] ?? null
}

/** The longer ones before those that they begin with. */
const prefixes: readonly (readonly [path: string, field: FieldName])[] = [
  ['name', 'name'],
  ['uniqueIdentifier', 'uniqueIdentifier'],
  ['workspace', 'workspace'],
  ['credential.secret', 'secret'],
  ['credential', 'key'],
  ['schedule.timeZone', 'timeZone'],
  ['schedule', 'pattern'],
  ['appOwners', 'appOwners'],
  ['include.repositories', 'repositories'],
  ['include', 'projects'],
  ['removalLimit.count', 'removalCount'],
  ['removalLimit', 'removalSharePercent'],
  ['attributes', 'attributes'],
]

/** The label of a field, for where it is named away from its step. */
export function labelOf(field: FieldName): string {
  const more = /^moreCredentials\.(\d+)\.(key|secret)$/.exec(field)
  if (more) return `${more[2] === 'key' ? 'Key or e-mail' : 'Secret or token'} of credential ${Number(more[1]) + 2}`
  return labels[field as keyof typeof labels]
}

const labels = {
  name: 'Name',
  uniqueIdentifier: 'Unique identifier',
  workspace: 'Workspace',
  key: 'API key',
  secret: 'API secret',
  pattern: 'Cron pattern',
  timeZone: 'Time zone',
  appOwners: 'App owners',
  projects: 'Projects',
  repositories: 'Repositories',
  removalSharePercent: 'Removal guard, share',
  removalCount: 'Removal guard, number',
  attributes: 'Attributes',
} as const satisfies Readonly<Partial<Record<FieldName, string>>>
