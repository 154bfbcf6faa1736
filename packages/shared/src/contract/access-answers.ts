import { z } from 'zod'
import { ConnectionHealth } from './connections.ts'
import { AccessPath, EffectiveAccess } from './effective-access.ts'
import { Entitlement, Instant, Resource, ServiceUser } from './entities.ts'
import { EventHeaders } from './event-headers.ts'
import { stateValue } from './state.ts'

/** What the API answers about who has which access. */

const since = Instant.nullable().describe('Since when it is as it is; null: before anything that is still known')

export const KnownServiceUser = z.object({
  serviceUser: ServiceUser,
  since,
  privileged: z.boolean().describe('Holds something that administers its resource, directly or by a group'),
})
export type KnownServiceUser = z.infer<typeof KnownServiceUser>

export const KnownEntitlement = z.object({ entitlement: Entitlement, since })
export type KnownEntitlement = z.infer<typeof KnownEntitlement>

export const HeldEntitlement = KnownEntitlement.extend({
  holders: z.object({ grants: z.int(), nestings: z.int() }).describe('Service users who hold it directly; groups'),
})
export type HeldEntitlement = z.infer<typeof HeldEntitlement>

const readAt = Instant.nullable()
  .optional()
  .describe('When the oldest of what it rests on was last read; null: some of it never was; absent: it is of the past')

const holding = {
  id: z.string(),
  entitlementId: z.string(),
  entitlementName: z.string().nullable().describe('As it was last while this was held; null: not known'),
  resource: z.string().describe('Id of the resource'),
  level: z.string(),
  privileged: z.boolean(),
  grantedAt: Instant.nullable().describe('When it was first seen; null: before anything that is still known'),
  removedAt: Instant.nullable().describe('When it was seen to be gone; null: it is held'),
  readAt,
} as const

export const KnownGrant = z.object({
  ...holding,
  serviceUserId: z.string(),
  serviceUserName: z.string().nullable().describe('As it was last while this was held; null: not known, or erased'),
})
export type KnownGrant = z.infer<typeof KnownGrant>

export const KnownNesting = z.object({
  ...holding,
  container: z.string().describe('Membership of the group that holds it'),
  groupName: z.string().nullable(),
  members: z.int().describe('How many are in the group'),
})
export type KnownNesting = z.infer<typeof KnownNesting>

export const KnownResource = z.object({
  id: z.string(),
  resource: Resource,
  project: z.string().nullable().describe('Id of the project that a repository is in'),
  people: z.int().describe('How many can do something there, by whatever way, or are in the group'),
  readAt,
})
export type KnownResource = z.infer<typeof KnownResource>

/** Effective access, with the times of what it rests on. */
export const KnownAccess = EffectiveAccess.extend({
  readAt,
  paths: z.array(
    AccessPath.extend({
      steps: z.array(
        z.object({
          ...AccessPath.shape.steps.element.shape,
          name: z
            .string()
            .nullable()
            .describe('Of the person, group, project, repository or workspace; null: not known, or erased'),
          since: Instant.nullable()
            .optional()
            .describe(
              'Since when the assignment is known; null: before anything that is still known; absent: it is none',
            ),
        }),
      ),
      since: Instant.nullable().describe('Since when it leads there as a whole; null: before anything that is known'),
    }),
  ),
})
export type KnownAccess = z.infer<typeof KnownAccess>

export const AccessOfUser = KnownAccess.extend({ on: Resource.describe('What the access is to') })
export type AccessOfUser = z.infer<typeof AccessOfUser>

export const AccessOfPerson = KnownAccess.extend({
  serviceUser: ServiceUser.nullable().describe('null: nothing but the id is known'),
})
export type AccessOfPerson = z.infer<typeof AccessOfPerson>

export const AccessCounts = z.object({
  serviceUsers: z.int(),
  outside: z.int().describe('Of them, those who are no members of the workspace'),
  emailConfirmed: z.int().describe('Of them, those of whom Bitbucket has confirmed an address'),
  emailNotFound: z.int().describe('Of them, those who have none of the addresses that were asked about'),
  emailNotAsked: z.int().describe('Of them, those for whom no address was asked about since they came'),
  groups: z.int(),
  projects: z.int().describe('On which something is held by itself'),
  repositories: z.int().describe('On which something is held by itself'),
  entitlements: z.int(),
  grants: z.int(),
  privilegedGrants: z.int(),
  nestings: z.int(),
})
export type AccessCounts = z.infer<typeof AccessCounts>

/** How fresh an answer is, and what it does not cover. */
export const AccessCoverage = z.object({
  state: z
    .enum(['complete', 'partial', 'none'])
    .describe('partial: something could not be read; none: no sync has come to its end yet'),
  observedAt: Instant.nullable().describe('When the last sync ended that came to its end'),
  lastCompletedSyncId: z.string().nullable(),
  unobservable: z.array(stateValue.scope).describe('Scopes of which what is known stays as last known'),
  health: ConnectionHealth,
  sequence: z.int().describe('The last event that the answers include'),
  time: Instant.nullable().describe('Of that event'),
  knownFrom: z.int().describe('From which event on it is known who had which access; 0: from the first one'),
  knownSince: Instant.nullable().describe('Since when; null: from the first event on'),
  rebuilding: z.boolean().describe('Events were missing: the answers are of before the gap until it is mended'),
})
export type AccessCoverage = z.infer<typeof AccessCoverage>

const side = z
  .object({ level: z.string(), entitlementId: z.string(), since: Instant.nullable() })
  .nullable()
  .describe('null: nothing is held')

/** One difference between two moments. */
export const AccessChange = z.object({
  kind: z.enum(['grant', 'nesting']),
  change: z.enum(['granted', 'revoked', 'changed']),
  holder: z.string().describe('Id of a service user, or of the membership of a group'),
  holderName: z.string().nullable().describe('As it was last until then; null: not known, or erased'),
  resource: z.string().describe('Id of the resource'),
  resourceName: z.string().nullable().describe('As it was last until then; null: not known'),
  from: side,
  to: side,
  endedAt: Instant.nullable().describe('When what was held at first ended'),
})
export type AccessChange = z.infer<typeof AccessChange>

/** An event as Kafka has it. */
export const ToldEvent = z.object({
  sequence: z.int(),
  name: z.string().describe('Name of the event; of a type that this release does not know, the whole type'),
  headers: EventHeaders.describe('As the headers of the Kafka record'),
  data: z.unknown().describe('As the value of the Kafka record'),
})
export type ToldEvent = z.infer<typeof ToldEvent>

export const ToldEvents = z.object({
  items: z.array(ToldEvent),
  next: z.int().describe('Give it as `after` to get what follows'),
  last: z.int().describe('Number of the last event that there is'),
  more: z.boolean().describe('Whether more are there already'),
})
export type ToldEvents = z.infer<typeof ToldEvents>
