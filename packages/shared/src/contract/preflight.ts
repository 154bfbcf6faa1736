import { z } from 'zod'
import { CredentialRef, NewConnection } from './connections.ts'
import { Instant } from './entities.ts'
import { Cadences } from './freshness.ts'
import { ConnectionId } from './ids.ts'
import { PreflightPreview } from './preflight-preview.ts'

/** What a caller sends to have a connection looked at before it is saved; its name may still be missing or wrong. */
export const PreflightRequest = NewConnection.extend({
  name: z.unknown().optional().describe('Checked where it is given'),
  uniqueIdentifier: z.unknown().optional().describe('Checked where it is given'),
})
export type PreflightRequest = z.infer<typeof PreflightRequest>

const reason = {
  code: z.string().describe('Stable'),
  message: z.string(),
  remedy: z.string().describe('What to do about it'),
  continuesAt: Instant.optional().describe(
    'When it goes on by itself, at the latest: Bitbucket takes requests of the credential again. Absent: nothing tells',
  ),
}
const notProbed = { state: z.literal('not-probed'), reason: z.string() }
const refused = { state: z.literal('refused'), ...reason }
const unknown = { state: z.literal('unknown'), ...reason }
const count = z.int().nullable().describe('Null where Bitbucket does not tell')

const field = z
  .union([
    z.enum(['name', 'uniqueIdentifier', 'workspace', 'credential', 'include']),
    z.templateLiteral(['moreCredentials.', z.int()]),
  ])
  .nullable()
  .describe('The field of the request at fault, as saving the connection would name it; null: none is')

export const PreflightProblem = z.object({
  field,
  endpoint: z.string().nullable().describe('The endpoint of Bitbucket that refuses'),
  ...reason,
  connectionId: ConnectionId.optional().describe('The connection of the tenant that has it already'),
  removedAt: Instant.optional().describe('When the connection that had it was removed'),
})
export type PreflightProblem = z.infer<typeof PreflightProblem>

const scopes = z.object({
  granted: z.array(z.string()).nullable().describe('Null where Bitbucket does not tell'),
  missing: z.array(z.string()),
  excess: z.array(z.string()).describe('Granted, and not needed'),
})

/** Of one credential alone: it gives a token that has the scopes and sees the workspace. */
const checkedCredential = { ...CredentialRef.shape, scopes }

const included = z.object({
  included: z.int().nullable().describe('Null where the list is too long to be read now'),
  of: count,
})

/** All that stands in the way of a full sync, and what the sync will cost. Nothing is saved. */
export const Preflight = z.object({
  ready: z
    .boolean()
    .describe('There is no problem: a full sync can read all that it needs, and what is given here can be saved so'),
  problems: z.array(PreflightProblem),
  warnings: z.array(PreflightProblem).describe('What need not be, and stands in nobody’s way'),
  credential: z
    .discriminatedUnion('state', [z.object({ state: z.literal('works') }), z.object(refused), z.object(unknown)])
    .describe('Whether Bitbucket accepts the first one'),
  credentials: z
    .array(
      z.discriminatedUnion('state', [
        z.object({ ...checkedCredential, state: z.literal('works') }),
        z.object({ ...checkedCredential, ...refused }),
        z.object({ ...checkedCredential, ...unknown }),
      ]),
    )
    .describe(
      'All of them, in their order, the first one first. One works that Bitbucket accepts, that has the scopes and that sees the ' +
        'same workspace',
    ),
  scopes: scopes.describe('Of the first one'),
  workspace: z.discriminatedUnion('state', [
    z.object({ state: z.literal('found'), uuid: z.string(), slug: z.string(), name: z.string() }),
    z.object(refused),
    z.object(notProbed),
  ]),
  administrator: z.boolean().nullable().describe('The credential administers the workspace; null when nothing tells'),
  endpoints: z
    .array(
      z.discriminatedUnion('state', [
        z.object({ endpoint: z.string(), state: z.literal('readable') }),
        z.object({ endpoint: z.string(), ...refused }),
        z.object({ endpoint: z.string(), ...notProbed }),
      ]),
    )
    .describe('The lists that a full sync reads'),
  counts: z.object({ members: count, groups: count, projects: count, repositories: count }),
  included: z
    .object({
      projects: included,
      repositories: included,
      requests: z.int().nullable().describe('Of a full sync of what is included'),
      saved: z.int().nullable().describe('By how many these are fewer than those of a full sync of everything'),
      complete: z
        .boolean()
        .describe('Both lists were read whole. They are when each takes 20 requests or fewer: up to 2,000 rows'),
    })
    .nullable()
    .describe('What `include` leaves; null without it, and where nothing could be read'),
  fullSync: z.object({
    requests: count.describe('Of what is included, and of everything where `included` does not tell'),
    requestsPerHour: z
      .number()
      .describe(
        'Of the credentials that work, together: what Bitbucket grants, or what this installation allows itself',
      ),
    hours: z.number().nullable().describe('How long these requests take at that'),
  }),
  cadences: Cadences.nullable().describe(
    'How often incremental syncs read what with these credentials, where they run as often as is of use; null where the size is ' +
      'not known or no credential works',
  ),
  scheduledRun: z
    .object({
      kind: z.enum(['incremental', 'full']),
      requests: z.int().describe('That one run makes, at most'),
      everySeconds: z.int().nullable().describe('Of an interval; of a cron pattern null'),
    })
    .nullable()
    .describe('One run of `schedule`; null for manual, without a schedule and without cadences'),
  preview: PreflightPreview,
  requests: z.int().describe('The requests of this preflight'),
})
export type Preflight = z.infer<typeof Preflight>
