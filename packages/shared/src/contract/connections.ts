import { z } from 'zod'
import { Instant } from './entities.ts'
import { RemovalLimit } from './holds.ts'
import { ConnectionId, SyncId, TenantId } from './ids.ts'
import { Schedule } from './schedule.ts'
import { attributeNames, ConnectionName, ConnectionSettings } from './settings.ts'

const noInnerBlanks = /^\S+$/

const pasted = (what: string) =>
  z.string().trim().regex(noInnerBlanks, `has blanks in it: copy the ${what} alone`).max(1024)

const OAuthConsumer = z.strictObject({
  kind: z.literal('oauth-consumer'),
  key: pasted('Key of the OAuth consumer'),
  secret: pasted('Secret of the OAuth consumer'),
})

const ApiToken = z.strictObject({
  kind: z.literal('api-token'),
  email: z.email('is no e-mail address: give that of the Atlassian account that made the token').max(254),
  token: pasted('API token'),
})

/** A credential as a caller sends it. */
export const NewCredential = z.discriminatedUnion('kind', [OAuthConsumer, ApiToken])
export type NewCredential = z.infer<typeof NewCredential>

/** What a credential is known by; nothing can be done with it. */
export const CredentialRef = z.object({ kind: z.enum(['oauth-consumer', 'api-token']), key: z.string() })
export type CredentialRef = z.infer<typeof CredentialRef>

const moreCredentials = z
  .array(NewCredential)
  .max(4, 'has more than 4: five credentials are enough for a workspace')
  .optional()
  .describe('Other consumers, or tokens of administrators: each adds its own 1,000 requests an hour')

/** What a caller sends to put other credentials in the place of all present ones. */
export const NewCredentials = z.strictObject({ credential: OAuthConsumer, moreCredentials })
export type NewCredentials = z.infer<typeof NewCredentials>

/** What a caller sends to connect a workspace. */
export const NewConnection = z.strictObject({
  ...ConnectionSettings.shape,
  name: ConnectionName,
  uniqueIdentifier: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      'must be 3 to 63 lower case letters, digits or hyphens, such as bitbucket-acme',
    ),
  workspace: z
    .string()
    .trim()
    .regex(
      /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,61}|\{[0-9A-Fa-f-]{36}\})$/,
      'is not a workspace slug (the part after bitbucket.org/) nor a UUID in braces',
    ),
  schedule: Schedule.optional().describe('Left out: it syncs when it is asked to'),
  credential: OAuthConsumer,
  moreCredentials,
})
export type NewConnection = z.infer<typeof NewConnection>

/** A connection as the API shows it: everything but its secrets. */
export const Connection = z.object({
  ...ConnectionSettings.shape,
  id: ConnectionId,
  tenantId: TenantId,
  name: z.string(),
  uniqueIdentifier: z.string(),
  provider: z.literal('bitbucket-cloud'),
  workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string() }),
  credential: CredentialRef,
  moreCredentials: z.array(CredentialRef).optional(),
  createdAt: Instant,
})
export type Connection = z.infer<typeof Connection>

/** What can be set of a connection, as the stream tells of it: a consumer bears what it does not know. */
const ToldSettings = z.object({
  appOwners: z.array(z.string()).optional().describe('Ids of the identities in Clarity who answer for it'),
  include: z
    .object({
      projects: z.array(z.string()).nullable().describe('Keys of projects: only these; null: all'),
      repositories: z
        .array(z.string())
        .nullable()
        .describe('Patterns of slugs: only these, and none that one with ! before it matches; null: all'),
    })
    .optional()
    .describe('What is read. Absent: everything'),
  publishLevels: z
    .string()
    .optional()
    .describe('in-use: levels that somebody or some group holds; all: every level; an open set. Absent: in-use'),
  removalLimit: RemovalLimit.optional(),
  confirmEmails: z.boolean().optional().describe('Whether Bitbucket is asked about candidate addresses. Absent: it is'),
  attributes: z
    .array(z.string())
    .optional()
    .describe('Attributes of service users that are told; an open set. Absent: all'),
})

/** A connection as the stream tells of it: what it is and how it is set up, without anything of its credentials. */
export const ConnectionDetails = z
  .object({
    id: ConnectionId,
    tenantId: TenantId.describe('Id of the tenant'),
    name: z.string().describe('Its name for people'),
    uniqueIdentifier: z.string().describe('Name that the tenant gave it; unique within the tenant'),
    provider: z.literal('bitbucket-cloud').describe('The application that it connects'),
    workspace: z
      .object({
        uuid: z.string().describe('With its braces'),
        slug: z.string().describe('Its name in addresses'),
        name: z.string().describe('Its name for people'),
      })
      .describe('The workspace that it connects'),
    schedule: z
      .object({
        mode: z.string().describe('manual, interval or cron; an open set'),
        minutes: z.int().optional().describe('Of interval: between two syncs'),
        pattern: z.string().optional().describe('Of cron'),
        timeZone: z.string().optional().describe('Of cron'),
        kind: z.string().optional().describe('What each run reads: incremental or full; an open set'),
      })
      .describe('When it syncs by itself'),
    ...ToldSettings.shape,
    createdAt: Instant.describe('When the workspace was connected'),
  })
  .describe('The connection, without its credentials')
export type ConnectionDetails = z.infer<typeof ConnectionDetails>

export function toConnectionDetails(connection: Connection, schedule: Schedule): ConnectionDetails {
  const { credential: _, moreCredentials: __, ...rest } = connection
  return { ...rest, schedule }
}

const { shape } = ConnectionSettings
const knownAttributes = z.array(z.string()).transform((names) => attributeNames.filter((name) => names.includes(name)))

/** The settings of a connection from what the stream has told. What this release does not understand counts as not set. */
export const RestoredSettings = z.object({
  appOwners: shape.appOwners.catch(undefined),
  include: shape.include.catch(undefined),
  publishLevels: shape.publishLevels.catch(undefined),
  removalLimit: shape.removalLimit.catch(undefined),
  confirmEmails: shape.confirmEmails.catch(undefined),
  attributes: knownAttributes.optional(),
})

/** Why a connection tells nothing new, and what to do about it. Nothing of what it told is taken back. */
export const ConnectionHealth = z.object({
  state: z.enum(['ok', 'degraded']),
  reason: z.string().optional(),
  since: Instant.optional(),
  remedy: z.string().optional(),
})
export type ConnectionHealth = z.infer<typeof ConnectionHealth>

/** How it is with a connection, in one word. */
export const ConnectionStatus = z.object({
  state: z
    .enum([
      ...(['up-to-date', 'on-track', 'delayed', 'waiting-for-budget'] as const),
      ...(['held', 'action-required', 'paused', 'never-synced'] as const),
    ])
    .describe(
      'up-to-date: the last sync came to its end; on-track: one is under way, or will be tried again by schedule; delayed: none ' +
        'has come to its end for twice the interval of the schedule; waiting-for-budget: the hour of the credential is used up; held: ' +
        'removals wait for a decision; action-required: somebody has to mend something; paused; never-synced',
    ),
  since: Instant.nullable().describe('null: not known'),
  reason: z
    .string()
    .nullable()
    .describe('A code, such as that of the error that the last sync ended with; an open set. null: nothing to say'),
})
export type ConnectionStatus = z.infer<typeof ConnectionStatus>

export const ConnectionView = Connection.extend({
  schedule: Schedule,
  health: ConnectionHealth,
  pausedSince: Instant.nullable().describe('While it is paused nothing is read; null: it is not'),
  latestSync: z.object({ id: SyncId, state: z.string() }).nullable(),
  status: ConnectionStatus,
  lastCompletedAt: Instant.nullable().describe(
    'When the last full or incremental sync came to its end; null: none has, or Redis was restored since',
  ),
})
export type ConnectionView = z.infer<typeof ConnectionView>

/** An RFC 9457 problem document. */
export const Problem = z.object({
  type: z.string().describe('Stable; ends in the code of the problem'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  remedy: z.string().describe('What to do about it'),
  errors: z
    .array(z.object({ field: z.string(), message: z.string(), remedy: z.string() }))
    .optional()
    .describe('The fields at fault'),
  requestId: z.string(),
})
export type Problem = z.infer<typeof Problem>
