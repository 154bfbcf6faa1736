import { z } from 'zod'
import { RemovalLimit } from './holds.ts'
import { Schedule } from './schedule.ts'

/**
 * How a connection is set up, in the order of the wizard of Clarity: what is read and published of the application, and what
 * of its users. What this integration cannot do is here too, as fixed, for whoever looks for it.
 */

export const ConnectionName = z
  .string()
  .trim()
  .min(1, 'is empty: give the connection a name')
  .max(80, 'is longer than 80 characters')
  .describe('Its name for people; unique within the tenant')

const patternsMax = 200

const ProjectKey = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z][A-Z0-9_]{0,127}$/, 'is no key of a project, such as PAY')

const RepositoryPattern = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^!?[a-z0-9._*-]{1,128}$/, 'is no pattern of a slug: write payments-* or !*-archive')

/** What of the workspace is read. The workspace itself, its people and its groups always are. */
export const Include = z
  .strictObject({
    projects: z
      .array(ProjectKey)
      .min(1, 'is empty: name a project, or write null for all of them')
      .max(patternsMax)
      .nullable()
      .default(null)
      .describe('Keys of projects: only these, and the repositories in them; null: all'),
    repositories: z
      .array(RepositoryPattern)
      .min(1, 'is empty: write a pattern, or null for all of them')
      .max(patternsMax)
      .nullable()
      .default(null)
      .describe(
        'Patterns of slugs, * stands for any characters: only these; those that begin with ! are left out; null: all',
      ),
  })
  .describe('What is read; what is left out stays as last known and is told as unobservable, never as revoked')
export type Include = z.infer<typeof Include>

export const includeAll: Include = { projects: null, repositories: null }

/** Of which levels of a project or repository the stream tells as entitlements. */
export const PublishLevels = z
  .enum(['in-use', 'all'])
  .describe('in-use: levels that somebody or some group holds; all: every level of every project and repository')
export type PublishLevels = z.infer<typeof PublishLevels>

const Owner = z
  .string()
  .trim()
  .regex(/^[^\s@]{1,128}$/, 'is no id of an identity; write the id that Clarity gives it, not an e-mail address')

/** Attributes of a service user that can be left out of what is published. What tells accounts apart cannot. */
export const attributeNames = [
  'displayName',
  'nickname',
  'createdOn',
  'twoFactorEnabled',
  'addedOn',
  'lastAccessedOn',
  'profileUrl',
  'email',
] as const
export const AttributeName = z.enum(attributeNames)
export type AttributeName = z.infer<typeof AttributeName>

/** Those that say something of a person, for whoever decides what is published. */
export const personalAttributes: readonly AttributeName[] = [
  'displayName',
  'nickname',
  'lastAccessedOn',
  'profileUrl',
  'email',
]

/** What of a connection can be changed after it was saved. Its workspace and unique identifier cannot. */
export const SettingsChange = z.strictObject({
  name: ConnectionName.optional(),
  schedule: Schedule.optional().describe('When it syncs by itself'),
  appOwners: z
    .array(Owner)
    .max(20, 'names more than 20')
    .overwrite((owners) => [...new Set(owners)])
    .optional()
    .describe('Ids of the identities in Clarity who answer for it; one at least is advisable'),
  include: Include.optional(),
  publishLevels: PublishLevels.optional(),
  removalLimit: RemovalLimit.optional(),
  confirmEmails: z
    .boolean()
    .optional()
    .describe(
      'Whether Bitbucket is asked to confirm the candidate addresses that were sent; what it has confirmed before stays told',
    ),
  attributes: z
    .array(AttributeName)
    .overwrite((names) => attributeNames.filter((name) => names.includes(name)))
    .optional()
    .describe('Attributes of service users that are published, besides those that tell accounts apart'),
})
export type SettingsChange = z.infer<typeof SettingsChange>

/** What can be set of a connection beside its name and its schedule. Absent: as the defaults say. */
export const ConnectionSettings = SettingsChange.omit({ name: true, schedule: true })
export type ConnectionSettings = z.infer<typeof ConnectionSettings>

export interface AppliedSettings {
  readonly appOwners: readonly string[]
  readonly include: Include
  readonly publishLevels: PublishLevels
  readonly confirmEmails: boolean
  readonly attributes: readonly AttributeName[]
}

/** What holds where nothing was said. The removal limit has its own default, in `holds.ts`. */
export const defaultSettings: AppliedSettings = {
  appOwners: [],
  include: includeAll,
  publishLevels: 'in-use',
  confirmEmails: true,
  attributes: attributeNames,
}

/** The settings that hold for a connection. */
export function settingsOf(given: ConnectionSettings): AppliedSettings {
  return {
    appOwners: given.appOwners ?? defaultSettings.appOwners,
    include: given.include ?? defaultSettings.include,
    publishLevels: given.publishLevels ?? defaultSettings.publishLevels,
    confirmEmails: given.confirmEmails ?? defaultSettings.confirmEmails,
    attributes: given.attributes ?? defaultSettings.attributes,
  }
}

/** What a rule is asked about: a project by its key, or a repository by its slug and the key of its project. */
export type Included =
  | { readonly kind: 'project'; readonly key: string }
  | { readonly kind: 'repository'; readonly slug: string; readonly projectKey: string | undefined }

/** Whether a project or repository is to be read. */
export function isIncluded({ projects, repositories }: Include, what: Included): boolean {
  const key = what.kind === 'project' ? what.key : what.projectKey
  if (projects !== null && !(key !== undefined && projects.includes(key.toUpperCase()))) return false
  if (what.kind === 'project' || repositories === null) return true
  const wanted = repositories.filter((pattern) => !pattern.startsWith('!'))
  const unwanted = repositories.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const matches = (pattern: string) => matchesPattern(pattern, what.slug.toLowerCase())
  return (wanted.length === 0 || wanted.some(matches)) && !unwanted.some(matches)
}

/** One part after the other, each as far left as it goes: no pattern takes longer than the slug is long, times its parts. */
function matchesPattern(pattern: string, slug: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return slug === pattern
  if (!slug.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = slug.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return slug.length - last.length >= at && slug.endsWith(last)
}
