import type { ConnectionDetails } from './connections.ts'
import type { Entitlement, Grant, ServiceUser } from './entities.ts'
import { dataSchemaOf, type EventHeaders } from './event-headers.ts'
import { type ConnectionRef, type EventData, type EventName, eventType } from './events.ts'
import { type EntitlementId, entitlementId, grantId, groupMembershipId, nestingId, serviceUserId } from './ids.ts'

/** One event of each name, all values invented: for the documentation, and to test whatever reads or writes events. */

export interface EventExample<Name extends EventName = EventName> {
  readonly subject: string
  readonly data: EventData<Name>
}

const connection: ConnectionRef = {
  id: 'con_41',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{6f1c2e90-4b7d-4c35-8a12-9e5d3b7f0c64}', slug: 'acme' },
}

const userUuid = '3f0c9a52-7d1e-4b36-9a58-0c2f6d1e8b47'
const projectUuid = '77aa41e8-5c3d-4f92-b06e-1d8f2a9c4b35'
const repositoryUuid = '0d3fa6c1-2b84-4e57-8f19-6a7b3c9d5e20'

const user = serviceUserId(userUuid)
const platform = groupMembershipId('platform')
const read = entitlementId(`repository:${repositoryUuid}`, 'read')
const write = entitlementId(`repository:${repositoryUuid}`, 'write')
const admin = entitlementId(`repository:${repositoryUuid}`, 'admin')
const projectRead = entitlementId(`project:${projectUuid}`, 'read')
const projectWrite = entitlementId(`project:${projectUuid}`, 'write')
const sync = 'syn_88'

const observedAt = '2026-11-23T10:15:02.113Z'
const previouslyObservedAt = '2026-11-22T22:10:41.870Z'
const confirmedAt = '2026-11-23T10:15:02.113Z'

/** The common part of what a scheduled sync reads. */
const reading = { connection, cause: 'incremental-sync', observedAt, previouslyObservedAt } as const
const inMembers = { ...reading, scope: 'workspace/members' } as const
const inProject = { ...reading, scope: `project/${projectUuid}` } as const
const inRepository = { ...reading, scope: `repository/${repositoryUuid}` } as const
/** The common part of what is about the sync or the connection as a whole. */
const whole = { ...reading, previouslyObservedAt: null, scope: null } as const
const asked = { ...whole, cause: 'operator' } as const

const serviceUser: ServiceUser = {
  id: user,
  kind: 'person',
  status: 'active',
  membership: 'member',
  externalIds: { uuid: `{${userUuid}}`, accountId: '70121:5c1d7e42-example' },
  attributes: {
    displayName: 'Example Person',
    nickname: 'example',
    accountStatus: 'active',
    twoFactorEnabled: null,
    workspaceRole: 'member',
    email: 'person@example.test',
    emailEvidence: 'confirmed',
  },
}

const entitlement: Entitlement = {
  id: admin,
  kind: 'repository-permission',
  level: 'admin',
  name: 'Repository payments-api: admin',
  resource: {
    kind: 'repository',
    uuid: `{${repositoryUuid}}`,
    slug: 'payments-api',
    name: 'Payments API',
    url: 'https://bitbucket.org/acme/payments-api',
    private: true,
    parent: { kind: 'project', uuid: `{${projectUuid}}`, key: 'PAY' },
  },
  privileged: true,
  riskHint: 'high',
}

const details: ConnectionDetails = {
  id: connection.id,
  tenantId: 'acme',
  name: 'Bitbucket of Acme',
  uniqueIdentifier: connection.uniqueIdentifier,
  provider: connection.provider,
  workspace: { ...connection.workspace, name: 'Acme' },
  schedule: { mode: 'interval', minutes: 60, kind: 'incremental' },
  createdAt: '2026-11-20T08:00:00.000Z',
}

const toGrant = (entitlementId: EntitlementId): Grant => ({
  id: grantId(user, entitlementId),
  serviceUserId: user,
  entitlementId,
  assignment: 'direct',
})

const coverage = { complete: 10_398, stale: 5, unobservable: 2 }
const refused = {
  code: 'token-refused',
  title: 'Bitbucket refused the credential',
  retryable: false,
  remedy: 'Validate the connection; make a new OAuth consumer or API token if this one is revoked or has expired.',
}

const accessExamples = {
  'service-user.created': { subject: user, data: { ...inMembers, previouslyObservedAt: null, serviceUser } },
  'service-user.updated': {
    subject: user,
    data: {
      ...inMembers,
      serviceUser: { ...serviceUser, status: 'inactive' },
      changed: { status: { from: 'active', to: 'inactive' } },
    },
  },
  'service-user.attributes-changed': {
    subject: user,
    data: {
      ...inMembers,
      attributes: { ...serviceUser.attributes, twoFactorEnabled: true },
      changed: { twoFactorEnabled: { from: null, to: true } },
    },
  },
  'service-user.removed': {
    subject: user,
    data: { ...inMembers, serviceUser, reason: 'left', evidence: { reads: 2, confirmedAt } },
  },
  'entitlement.created': { subject: admin, data: { ...inRepository, previouslyObservedAt: null, entitlement } },
  'entitlement.updated': {
    subject: admin,
    data: {
      ...inRepository,
      entitlement,
      changed: { url: { from: 'https://bitbucket.org/acme/payments', to: 'https://bitbucket.org/acme/payments-api' } },
    },
  },
  'entitlement.removed': { subject: admin, data: { ...inRepository, entitlement, reason: 'not-in-use' } },
  'service-user-entitlement.granted': { subject: grantId(user, read), data: { ...inRepository, grant: toGrant(read) } },
  'service-user-entitlement.changed': {
    subject: grantId(user, admin),
    data: { ...inRepository, serviceUserId: user, from: write, to: admin, direction: 'raised' },
  },
  'service-user-entitlement.revoked': {
    subject: grantId(user, admin),
    data: { ...inRepository, grant: toGrant(admin), reason: 'removed', evidence: { reads: 2, confirmedAt } },
  },
  'entitlement-nesting.added': {
    subject: nestingId(platform, projectWrite),
    data: { ...inProject, container: platform, contained: projectWrite, membersAffected: 12 },
  },
  'entitlement-nesting.changed': {
    subject: nestingId(platform, projectRead),
    data: {
      ...inProject,
      container: platform,
      from: projectWrite,
      to: projectRead,
      direction: 'lowered',
      membersAffected: 12,
    },
  },
  'entitlement-nesting.removed': {
    subject: nestingId(platform, projectRead),
    data: {
      ...inProject,
      container: platform,
      contained: projectRead,
      reason: 'removed',
      membersAffected: 12,
      evidence: { reads: 2, confirmedAt },
    },
  },
} satisfies Partial<{ [Name in EventName]: EventExample<Name> }>

const lifeCycleExamples = {
  'scope.unobservable': {
    subject: inRepository.scope,
    data: { ...inRepository, reason: 'http-403', lastGoodAt: previouslyObservedAt, factsKept: 17 },
  },
  'scope.observable': {
    subject: inRepository.scope,
    data: { ...inRepository, unobservableSince: previouslyObservedAt },
  },
  'sync.requested': { subject: sync, data: { ...asked, kind: 'full', trigger: 'api', scopes: null } },
  'sync.started': {
    subject: sync,
    data: { ...whole, kind: 'incremental', plan: { requests: 940, expectedEnd: '2026-11-23T11:20:00.000Z' } },
  },
  'sync.completed': {
    subject: sync,
    data: {
      ...whole,
      kind: 'incremental',
      stats: { grants: { scanned: 41_210, unchanged: 41_172, changed: 6, added: 21, removed: 11 } },
      coverage,
      evidence: {
        repositories: { bitbucketReported: 5_000, read: 5_000, pages: 50 },
        members: { bitbucketReported: 2_000, read: 2_000, pages: 20 },
      },
      requests: 10_511,
    },
  },
  'sync.failed': {
    subject: sync,
    data: {
      ...whole,
      kind: 'incremental',
      error: refused,
      coverage,
    },
  },
  'sync.cancelled': { subject: sync, data: { ...whole, kind: 'incremental', coverage } },
  'sync.held': {
    subject: sync,
    data: {
      ...whole,
      wouldRemove: { grants: 398, nestings: 15, of: 2_950, share: 0.14 },
      limit: { share: 0.1, count: 20 },
      causes: [{ kind: 'no-longer-listed', scope: inRepository.scope, count: 38 }],
      sample: [grantId(user, admin)],
      expiresAt: '2026-11-30T10:15:02.113Z',
    },
  },
  'sync.released': { subject: sync, data: { ...asked, decision: 'approved', counts: { removed: 413, kept: 0 } } },
  'connection.created': { subject: connection.id, data: { ...asked, name: details.name, details } },
  'connection.updated': {
    subject: connection.id,
    data: { ...asked, details, changed: { schedule: { from: { mode: 'manual' }, to: details.schedule } } },
  },
  'connection.degraded': {
    subject: connection.id,
    data: { ...whole, reason: refused.code, since: observedAt, remedy: refused.remedy },
  },
  'connection.recovered': { subject: connection.id, data: { ...whole, reason: refused.code, since: observedAt } },
  'connection.paused': { subject: connection.id, data: { ...asked, since: observedAt } },
  'connection.resumed': { subject: connection.id, data: { ...asked, since: previouslyObservedAt } },
  'connection.removed': {
    subject: connection.id,
    data: {
      ...whole,
      cause: 'connection-removed',
      ended: { serviceUsers: 212, entitlements: 1_204, grants: 2_950, nestings: 310 },
    },
  },
  'stream.event-withheld': {
    subject: user,
    data: {
      ...asked,
      type: eventType('service-user.created'),
      reason: 'too-large',
      detail: 'Kafka takes no record of 1,212,416 bytes',
      deadLetter: { topic: 'clarity.bitbucket.dead-letter', partition: 0, offset: '3' },
      stateTold: false,
    },
  },
  'stream.verification': { subject: connection.id, data: { ...asked, text: 'Monday morning check' } },
} satisfies Partial<{ [Name in EventName]: EventExample<Name> }>

export const eventExamples: { readonly [Name in EventName]: EventExample<Name> } = {
  ...accessExamples,
  ...lifeCycleExamples,
}

/** The headers of the record that would carry the example. */
export function exampleHeaders(name: EventName): EventHeaders {
  const { subject, data } = eventExamples[name]
  return {
    ce_specversion: '1.0',
    ce_id: 'q1yZ0m3F8rWcN5uT7vXbK2dL9hJ4sGpEaQoRiUwYtM0',
    ce_type: eventType(name),
    ce_source: `/tenants/acme/connections/${connection.id}`,
    ce_subject: subject,
    ce_time: data.observedAt,
    ce_dataschema: dataSchemaOf(eventType(name)),
    ce_sequence: '00000000000000041172',
    ce_partitionkey: connection.id,
    ce_correlationid: sync,
    ce_tenantid: 'acme',
    ce_traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'content-type': 'application/json',
  }
}
