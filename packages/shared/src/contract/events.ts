import { z } from 'zod'
import { type Connection, ConnectionDetails } from './connections.ts'
import { Entitlement, Grant, Instant, ServiceUser, ServiceUserAttributes } from './entities.ts'
import { HoldCause, HoldDecision, RemovalLimit } from './holds.ts'
import { ConnectionId, EntitlementId, GroupMembershipId, ScopeId, ServiceUserId } from './ids.ts'
import { Coverage, SyncCounts, SyncFailure, SyncKind, SyncTrigger } from './syncs.ts'

/**
 * The event catalogue. A type is provider-neutral and carries its major version; within a version only
 * optional additions are made. Order within a connection is causal: a user and an entitlement exist
 * before a grant or nesting that names them, and go after it.
 */

export const ConnectionRef = z
  .object({
    id: ConnectionId,
    uniqueIdentifier: z.string().describe('Name that the tenant gave it; unique within the tenant'),
    provider: z.literal('bitbucket-cloud').describe('The application that it connects'),
    workspace: z
      .object({ uuid: z.string().describe('With its braces'), slug: z.string().describe('Its name in addresses') })
      .describe('The workspace that it connects'),
  })
  .describe('The connection that the event belongs to')
export type ConnectionRef = z.infer<typeof ConnectionRef>

/** What the events say of the connection that they belong to. */
export function toConnectionRef({ id, uniqueIdentifier, provider, workspace }: Connection): ConnectionRef {
  return { id, uniqueIdentifier, provider, workspace: { uuid: workspace.uuid, slug: workspace.slug } }
}

export const Cause = z
  .enum(['full-sync', 'incremental-sync', 'targeted-sync', 'release', 'connection-removed', 'operator'])
  .describe('What led to the event; release: a held removal was approved; operator: somebody asked for it')
export type Cause = z.infer<typeof Cause>

const common = {
  connection: ConnectionRef,
  cause: Cause,
  observedAt: Instant.describe('When Bitbucket was read'),
  previouslyObservedAt: Instant.nullable().describe('The change happened between this and observedAt'),
  scope: ScopeId.nullable().describe('What was read; null: the event is about no single scope'),
}

const unobservableReason =
  'Such as http-403, or the code of an error; not-included: the settings leave it out; an open set'
const Evidence = z
  .object({
    reads: z.int().min(2).describe('Independent reads that lack it'),
    confirmedAt: Instant.describe('When the last of them was made'),
  })
  .optional()
  .describe('How it is known to be gone. Absent: nothing was read, for the whole connection was removed')
const changed = z
  .record(
    z.string(),
    z.object({
      from: z.unknown().optional().describe('Absent: there was none'),
      to: z.unknown().optional().describe('Absent: there is none any more'),
    }),
  )
  .describe('The fields that changed, by name; one within another as `resource.name`')
const direction = z.enum(['raised', 'lowered', 'unknown']).describe('unknown: a level that has no known order')
const membersAffected = z.int().nullable().describe('Members of the group; null: they are not known')
const container = GroupMembershipId.describe('Membership of the group that holds it')
const contained = EntitlementId.describe('What each member of the group gets by it')
const from = EntitlementId.describe('What was held before')
const to = EntitlementId.describe('What is held now: another level on the same resource')

const data = {
  'service-user.created': z
    .object({ ...common, serviceUser: ServiceUser })
    .describe('A service user was seen for the first time: as a member, in a group, or holding a permission.'),
  'service-user.updated': z
    .object({ ...common, serviceUser: ServiceUser, changed })
    .describe('The kind, status, membership or an external id of a service user changed.'),
  'service-user.attributes-changed': z
    .object({ ...common, attributes: ServiceUserAttributes, changed })
    .describe('Attributes of a service user changed. `attributes` has all of them, as they are now.'),
  'service-user.removed': z
    .object({
      ...common,
      serviceUser: ServiceUser,
      reason: z.enum(['left', 'account-closed', 'erased', 'connection-removed']).describe('Why it is gone'),
      evidence: Evidence,
    })
    .describe(
      'A service user is no longer in the workspace and holds nothing there; as last known. All its grants have ended before.',
    ),
  'entitlement.created': z
    .object({
      ...common,
      entitlement: Entitlement,
      possibleRenameOf: GroupMembershipId.optional().describe(
        'A group with the same members that went at the same time',
      ),
    })
    .describe(
      'There is a new entitlement: a role, a group, or a level on a resource that somebody now holds. Where the settings want all levels told, also one that nobody holds.',
    ),
  'entitlement.updated': z
    .object({
      ...common,
      entitlement: Entitlement,
      changed,
      moved: z
        .object({
          from: z.string().nullable().describe('Key of the project; null: none was known'),
          to: z.string().nullable().describe('Key of the project; null: none is known'),
        })
        .optional()
        .describe('The repository went to another project, by key: what everybody inherits on it has changed'),
    })
    .describe('Something about an entitlement or its resource changed, such as its name. Its id stays.'),
  'entitlement.removed': z
    .object({
      ...common,
      entitlement: Entitlement,
      reason: z
        .enum(['not-in-use', 'resource-removed', 'connection-removed'])
        .describe('Why it is gone; not-in-use: nobody holds it any more, or it is no longer told while nobody does'),
      possibleRenameTo: GroupMembershipId.optional().describe(
        'A group with the same members that came at the same time',
      ),
    })
    .describe(
      'An entitlement is no longer in use, or its resource is gone. All its grants and nestings have ended before.',
    ),
  'service-user-entitlement.granted': z
    .object({ ...common, grant: Grant })
    .describe('A service user now holds an entitlement, assigned to it directly.'),
  'service-user-entitlement.changed': z
    .object({
      ...common,
      serviceUserId: ServiceUserId,
      from,
      to,
      direction,
    })
    .describe('A service user now holds another level on the same resource. This is never told as a loss and a gain.'),
  'service-user-entitlement.revoked': z
    .object({
      ...common,
      grant: Grant,
      reason: z.enum(['removed', 'resource-removed', 'user-left', 'connection-removed']).describe('Why it is gone'),
      evidence: Evidence,
    })
    .describe('A service user no longer holds an entitlement. A second, independent read has confirmed it.'),
  'entitlement-nesting.added': z
    .object({
      ...common,
      container,
      contained,
      membersAffected,
    })
    .describe('A group now gives an entitlement to all its members.'),
  'entitlement-nesting.changed': z
    .object({
      ...common,
      container,
      from,
      to,
      direction,
      membersAffected,
    })
    .describe('A group now gives another level on the same resource. This is never told as a loss and a gain.'),
  'entitlement-nesting.removed': z
    .object({
      ...common,
      container,
      contained,
      reason: z.enum(['removed', 'resource-removed', 'connection-removed']).describe('Why it is gone'),
      membersAffected,
      evidence: Evidence,
    })
    .describe('A group no longer gives an entitlement. A second, independent read has confirmed it.'),
  'scope.unobservable': z
    .object({
      ...common,
      reason: z.string().describe(unobservableReason),
      lastGoodAt: Instant.nullable().describe('When it was last read to its end; null: never'),
      factsKept: z.int().describe('Grants and nestings that stay as last known'),
    })
    .describe(
      'A scope cannot be observed at present, or the reason for that has changed. What is known of it stays valid as last known: this is no revocation.',
    ),
  'scope.observable': z
    .object({ ...common, unobservableSince: Instant.describe('When that began') })
    .describe(
      'A scope that could not be observed was observed again, or is known to be gone. What was found in it then is told just before.',
    ),
  'sync.requested': z
    .object({
      ...common,
      kind: SyncKind,
      trigger: SyncTrigger,
      scopes: z.array(ScopeId).nullable().optional().describe('What a targeted sync reads'),
    })
    .describe('A sync was asked for.'),
  'sync.started': z
    .object({
      ...common,
      kind: SyncKind,
      plan: z
        .object({
          requests: z.int().describe('Requests to Bitbucket that it will take'),
          expectedEnd: Instant.describe('When it will have come to its end'),
        })
        .nullable()
        .optional()
        .describe('null: nothing is known of the workspace yet'),
    })
    .describe('A sync has begun to read.'),
  'sync.completed': z
    .object({
      ...common,
      kind: SyncKind,
      stats: z
        .record(z.string(), SyncCounts)
        .describe('By kind of entity: serviceUsers, entitlements, grants, nestings'),
      coverage: Coverage,
      evidence: z
        .record(
          z.string(),
          z.object({
            bitbucketReported: z.int().nullable().describe('How many Bitbucket says there are; null: it does not say'),
            read: z.int().describe('How many were read'),
            pages: z.int().nullable().optional().describe('In how many pages they came; null: not counted'),
          }),
        )
        .describe('By list: that it was read to its end'),
      requests: z.int().describe('Requests that were sent to Bitbucket'),
    })
    .describe('A sync has come to its end. It is a barrier: everything that it found was told before it.'),
  'sync.failed': z
    .object({ ...common, kind: SyncKind, error: SyncFailure, coverage: Coverage })
    .describe(
      'A sync could not come to its end. What it had read until then is told; nothing is removed because of it.',
    ),
  'sync.cancelled': z
    .object({ ...common, kind: SyncKind, coverage: Coverage })
    .describe('A sync was cancelled. What it had read until then is told.'),
  'sync.held': z
    .object({
      ...common,
      wouldRemove: z
        .object({
          grants: z.int().describe('Grants that would go'),
          nestings: z.int().describe('Nestings that would go'),
          of: z.int().describe('Grants and nestings that there are'),
          share: z.number().describe('Share of them that would go, from 0 to 1'),
        })
        .describe('What waits for the decision'),
      limit: RemovalLimit,
      causes: z.array(HoldCause).describe('The largest first'),
      sample: z.array(z.string()).max(20).describe('Ids of grants and nestings that would go'),
      expiresAt: Instant.describe('Without a decision by then, it counts as rejected'),
    })
    .describe(
      'More would be removed within a day than the limit allows: removals wait for a decision. Additions do not wait.',
    ),
  'sync.released': z
    .object({
      ...common,
      decision: HoldDecision,
      counts: z
        .object({
          removed: z.int().describe('Removals that follow, with the cause release'),
          kept: z.int().describe('Grants and nestings that stay as last known'),
        })
        .describe('What became of what was held'),
    })
    .describe('Held removals were decided on. The removals that were approved follow.'),
  'connection.created': z
    .object({
      ...common,
      name: z.string().describe('Name of the connection for people'),
      details: ConnectionDetails.optional(),
    })
    .describe('A workspace was connected.'),
  'connection.updated': z
    .object({ ...common, details: ConnectionDetails, changed })
    .describe('The settings of a connection changed.'),
  'connection.degraded': z
    .object({
      ...common,
      reason: z.string().describe('Code of the error; an open set'),
      since: Instant.describe('When it began'),
      remedy: z.string().describe('What to do about it'),
    })
    .describe(
      'A connection tells nothing new, for example because its credential was refused. Nothing it told is taken back.',
    ),
  'connection.recovered': z
    .object({
      ...common,
      reason: z.string().describe('What was wrong, as connection.degraded said'),
      since: Instant.describe('When it began'),
    })
    .describe('A connection tells what is new again.'),
  'connection.paused': z
    .object({ ...common, since: Instant.describe('When it was paused') })
    .describe(
      'Somebody has paused a connection: nothing is read, so nothing new is told. What was told stays valid as last known.',
    ),
  'connection.resumed': z
    .object({ ...common, since: Instant.describe('When it was paused, as connection.paused said') })
    .describe('A connection that was paused reads again; what has changed meanwhile is told by its next syncs.'),
  'connection.removed': z
    .object({
      ...common,
      ended: z
        .object({
          serviceUsers: z.int().describe('Service users'),
          entitlements: z.int().describe('Entitlements'),
          grants: z.int().describe('Grants'),
          nestings: z.int().describe('Nestings'),
        })
        .describe('How many of each were removed before it, with the cause connection-removed'),
    })
    .describe(
      'A workspace was disconnected. It is the last event of the connection: all that it told of has ended before it.',
    ),
  'stream.event-withheld': z
    .object({
      ...common,
      type: z.string().nullable().describe('Type of the event that is missing; null: it could not be read'),
      reason: z.enum(['too-large', 'unreadable']).describe('Why it cannot be told'),
      detail: z.string().describe('The same, for people'),
      deadLetter: z
        .object({
          topic: z.string().describe('Name of the topic'),
          partition: z.int().describe('Number of the partition'),
          offset: z.string().describe('Offset of the record'),
        })
        .describe('Where the event lies as it was'),
      stateTold: z.boolean().describe('Whether the state topic has what the event changed; if not, the view lacks it'),
    })
    .describe(
      'An event could not be told; this one stands in its place and has its number. The operator is told as well.',
    ),
  'stream.verification': z
    .object({ ...common, text: z.string().describe("The caller's own words") })
    .describe('Somebody asked whether the stream is alive. What was told before it is before it.'),
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

/** An event's name with the data that it has by that. */
export type NamedData = { [Name in EventName]: { readonly name: Name; readonly data: EventData<Name> } }[EventName]

/** An event as it is decided and committed, before it has its place in the connection's sequence. */
export interface PendingEvent<Name extends EventName = EventName> {
  readonly name: Name
  /** The entity that it is about. */
  readonly subject: string
  readonly data: EventData<Name>
  /** Digests of the entity before and after, null where it does not exist. They make the event's id. */
  readonly before: string | null
  readonly after: string | null
  /** The entity as it is now, where the data does not have the whole of it. */
  readonly entity?: ServiceUser
  /** When it was decided, where that is later than the reading: the removal was held. */
  readonly recordedAt?: string
}
