import { z } from 'zod'
import type { Connection } from './connections.ts'
import { Entitlement, Grant, Instant, ServiceUser, ServiceUserAttributes } from './entities.ts'
import { HoldCause, HoldDecision, RemovalLimit } from './holds.ts'
import { ConnectionId, EntitlementId, GroupMembershipId, ScopeId, ServiceUserId } from './ids.ts'
import { Coverage, SyncCounts, SyncFailure, SyncKind, SyncTrigger } from './syncs.ts'

/**
 * The event catalogue. A type is provider-neutral and carries its major version; within a version only
 * optional additions are made. Order within a connection is causal: a user and an entitlement exist
 * before a grant or nesting that names them, and go after it.
 */

export const ConnectionRef = z.object({
  id: ConnectionId,
  uniqueIdentifier: z.string(),
  provider: z.literal('bitbucket-cloud'),
  workspace: z.object({ uuid: z.string(), slug: z.string() }),
})
export type ConnectionRef = z.infer<typeof ConnectionRef>

/** What the events say of the connection that they belong to. */
export function toConnectionRef({ id, uniqueIdentifier, provider, workspace }: Connection): ConnectionRef {
  return { id, uniqueIdentifier, provider, workspace: { uuid: workspace.uuid, slug: workspace.slug } }
}

export const Cause = z.enum([
  'full-sync',
  'incremental-sync',
  'targeted-sync',
  'release',
  'connection-removed',
  'operator',
])
export type Cause = z.infer<typeof Cause>

const common = {
  connection: ConnectionRef,
  cause: Cause,
  observedAt: Instant.describe('When Bitbucket was read'),
  previouslyObservedAt: Instant.nullable().describe('The change happened between this and observedAt'),
  scope: ScopeId.nullable(),
}

const Evidence = z.object({ reads: z.int().min(2).describe('Independent reads that lack it'), confirmedAt: Instant })
const changed = z.record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() }))
const direction = z.enum(['raised', 'lowered', 'unknown']).describe('unknown: a level that has no known order')

const data = {
  'service-user.created': z.object({ ...common, serviceUser: ServiceUser }),
  'service-user.updated': z.object({ ...common, serviceUser: ServiceUser, changed }),
  'service-user.attributes-changed': z.object({ ...common, attributes: ServiceUserAttributes, changed }),
  'service-user.removed': z.object({
    ...common,
    serviceUser: ServiceUser,
    reason: z.enum(['left', 'account-closed', 'erased', 'connection-removed']),
    evidence: Evidence,
  }),
  'entitlement.created': z.object({
    ...common,
    entitlement: Entitlement,
    possibleRenameOf: GroupMembershipId.optional().describe('A group with the same members that went at the same time'),
  }),
  'entitlement.updated': z.object({
    ...common,
    entitlement: Entitlement,
    changed,
    moved: z
      .object({ from: z.string().nullable(), to: z.string().nullable() })
      .optional()
      .describe('The repository went to another project, by key: what everybody inherits on it has changed'),
  }),
  'entitlement.removed': z.object({
    ...common,
    entitlement: Entitlement,
    reason: z.enum(['not-in-use', 'resource-removed', 'connection-removed']),
    possibleRenameTo: GroupMembershipId.optional(),
  }),
  'service-user-entitlement.granted': z.object({ ...common, grant: Grant }),
  'service-user-entitlement.changed': z.object({
    ...common,
    serviceUserId: ServiceUserId,
    from: EntitlementId,
    to: EntitlementId,
    direction,
  }),
  'service-user-entitlement.revoked': z.object({
    ...common,
    grant: Grant,
    reason: z.enum(['removed', 'resource-removed', 'user-left', 'connection-removed']),
    evidence: Evidence,
  }),
  'entitlement-nesting.added': z.object({
    ...common,
    container: GroupMembershipId,
    contained: EntitlementId,
    membersAffected: z.int().nullable().describe('null: the members of the group are not known'),
  }),
  'entitlement-nesting.changed': z.object({
    ...common,
    container: GroupMembershipId,
    from: EntitlementId,
    to: EntitlementId,
    direction,
    membersAffected: z.int().nullable(),
  }),
  'entitlement-nesting.removed': z.object({
    ...common,
    container: GroupMembershipId,
    contained: EntitlementId,
    reason: z.enum(['removed', 'resource-removed', 'connection-removed']),
    membersAffected: z.int().nullable(),
    evidence: Evidence,
  }),
  'scope.unobservable': z.object({
    ...common,
    reason: z.string(),
    lastGoodAt: Instant.nullable(),
    factsKept: z.int(),
  }),
  'scope.observable': z.object({ ...common, unobservableSince: Instant }),
  'sync.requested': z.object({
    ...common,
    kind: SyncKind,
    trigger: SyncTrigger,
    scopes: z.array(ScopeId).nullable().optional().describe('What a targeted sync reads'),
  }),
  'sync.started': z.object({
    ...common,
    kind: SyncKind,
    plan: z
      .object({ requests: z.int(), expectedEnd: Instant })
      .nullable()
      .optional()
      .describe('null: nothing is known of the workspace yet'),
  }),
  'sync.completed': z.object({
    ...common,
    kind: SyncKind,
    stats: z.record(z.string(), SyncCounts),
    coverage: Coverage,
    evidence: z.record(z.string(), z.object({ bitbucketReported: z.int().nullable(), read: z.int() })),
    requests: z.int(),
  }),
  'sync.failed': z.object({ ...common, kind: SyncKind, error: SyncFailure, coverage: Coverage }),
  'sync.cancelled': z.object({ ...common, kind: SyncKind, coverage: Coverage }),
  'sync.held': z.object({
    ...common,
    wouldRemove: z.object({ grants: z.int(), nestings: z.int(), of: z.int(), share: z.number() }),
    limit: RemovalLimit,
    causes: z.array(HoldCause),
    sample: z.array(z.string()).max(20).describe('Ids of grants and nestings that would go'),
    expiresAt: Instant,
  }),
  'sync.released': z.object({
    ...common,
    decision: HoldDecision,
    counts: z.object({ removed: z.int(), kept: z.int() }),
  }),
  'connection.created': z.object({ ...common, name: z.string() }),
  'connection.degraded': z.object({ ...common, reason: z.string(), since: Instant, remedy: z.string() }),
  'connection.recovered': z.object({ ...common, reason: z.string(), since: Instant }),
} as const

export type EventName = keyof typeof data
export type EventData<Name extends EventName = EventName> = z.infer<(typeof data)[Name]>

/** The data schema of each event, by its name without prefix and version. */
export const eventData: { readonly [Name in EventName]: (typeof data)[Name] } = data

const typePrefix = 'io.claritysecurity.access.'

/** The CloudEvents type of an event, such as `io.claritysecurity.access.service-user.created.v1`. */
export function eventType(name: EventName): string {
  return `${typePrefix}${name}.v1`
}

/** The name of a CloudEvents type that this version knows, or null. */
export function eventNameOf(type: string): EventName | null {
  if (!type.startsWith(typePrefix) || !type.endsWith('.v1')) return null
  const name = type.slice(typePrefix.length, -'.v1'.length)
  return isEventName(name) ? name : null
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(data, name)
}

/** An event as it is decided and committed, before it has its place in the connection's sequence. */
export interface PendingEvent<Name extends EventName = EventName> {
  readonly name: Name
  /** The entity that it is about. */
  readonly subject: string
  readonly data: EventData<Name>
  /** Digests of the entity before and after, null where it does not exist. They make the event's id. */
  readonly before: string | null
  readonly after: string | null
}
