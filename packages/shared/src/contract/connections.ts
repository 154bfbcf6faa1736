import { z } from 'zod'
import { Instant } from './entities.ts'
import { RemovalLimit } from './holds.ts'
import { ConnectionId, SyncId, TenantId } from './ids.ts'
import { Schedule } from './schedule.ts'

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

/** What a caller sends to connect a workspace. */
export const NewConnection = z.strictObject({
  name: z.string().trim().min(1, 'is empty: give the connection a name').max(80, 'is longer than 80 characters'),
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
  removalLimit: RemovalLimit.optional().describe('Of removals within a day that are told without asking'),
  credential: OAuthConsumer,
  moreCredentials: z
    .array(NewCredential)
    .max(4, 'has more than 4: five credentials are enough for a workspace')
    .optional()
    .describe('Other consumers, or tokens of administrators: each adds its own 1,000 requests an hour'),
})
export type NewConnection = z.infer<typeof NewConnection>

/** A connection as the API shows it: everything but its secrets. */
export const Connection = z.object({
  id: ConnectionId,
  tenantId: TenantId,
  name: z.string(),
  uniqueIdentifier: z.string(),
  provider: z.literal('bitbucket-cloud'),
  workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string() }),
  credential: CredentialRef,
  moreCredentials: z.array(CredentialRef).optional(),
  removalLimit: RemovalLimit.optional(),
  createdAt: Instant,
})
export type Connection = z.infer<typeof Connection>

/** Why a connection tells nothing new, and what to do about it. Nothing of what it told is taken back. */
export const ConnectionHealth = z.object({
  state: z.enum(['ok', 'degraded']),
  reason: z.string().optional(),
  since: Instant.optional(),
  remedy: z.string().optional(),
})
export type ConnectionHealth = z.infer<typeof ConnectionHealth>

export const ConnectionView = Connection.extend({
  schedule: Schedule,
  health: ConnectionHealth,
  latestSync: z.object({ id: SyncId, state: z.string() }).nullable(),
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
