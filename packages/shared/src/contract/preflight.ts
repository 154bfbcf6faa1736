import { z } from 'zod'
import { NewConnection } from './connections.ts'

/** What a caller sends to have a connection looked at before it is saved; its name may still be missing or wrong. */
export const PreflightRequest = NewConnection.extend({
  name: z.unknown().optional(),
  uniqueIdentifier: z.unknown().optional(),
})
export type PreflightRequest = z.infer<typeof PreflightRequest>

const reason = {
  code: z.string().describe('Stable'),
  message: z.string(),
  remedy: z.string().describe('What to do about it'),
}
const notProbed = { state: z.literal('not-probed'), reason: z.string() }
const refused = { state: z.literal('refused'), ...reason }
const count = z.int().nullable().describe('Null where Bitbucket does not tell')

/** All that stands in the way of a full sync, and what the sync will cost. Nothing is saved. */
export const Preflight = z.object({
  ready: z.boolean().describe('A full sync can read all that it needs: there is no problem'),
  problems: z.array(
    z.object({
      field: z.enum(['credential', 'workspace']).nullable().describe('The field of the request at fault'),
      endpoint: z.string().nullable().describe('The endpoint of Bitbucket that refuses'),
      ...reason,
    }),
  ),
  credential: z.discriminatedUnion('state', [
    z.object({ state: z.literal('works') }),
    z.object(refused),
    z.object({ state: z.literal('unknown'), ...reason }),
  ]),
  scopes: z.object({
    granted: z.array(z.string()).nullable().describe('Null where Bitbucket does not tell'),
    missing: z.array(z.string()),
  }),
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
  fullSync: z.object({
    requests: count,
    requestsPerHour: z.number().describe('What Bitbucket grants all credentials together'),
    hours: z.number().nullable().describe('How long these requests take at that'),
  }),
  requests: z.int().describe('The requests of this preflight'),
})
export type Preflight = z.infer<typeof Preflight>
