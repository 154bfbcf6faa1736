import { isPrivileged } from '@clarity/shared/access/levels'
import type { Entitlement, ServiceUser } from '@clarity/shared/contract/entities'
import { type EventData, type EventName, eventType } from '@clarity/shared/contract/events'
import {
  type EntitlementId,
  entitlementId,
  grantId,
  groupMembershipId,
  nestingId,
  type ResourceId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import type { AccessEvent, BatchEvent } from '@clarity/subscriber'

export interface WorldOptions {
  readonly users: number
  readonly groups: number
  readonly projects: number
  readonly repositories: number
  readonly grantsPerRepository: number
}

export const connectionId = 'con_0123456789abcdef0123456789abcdef'
export const tenantId = 'acme'

const levels = ['read', 'read', 'write', 'admin']
const observedAt = '2026-11-23T10:15:02.113Z'
const common = {
  connection: {
    id: connectionId,
    uniqueIdentifier: 'bitbucket-acme',
    provider: 'bitbucket-cloud',
    workspace: { uuid: '{6f1c2e90-4b7d-4c35-8a12-9e5d3b7f0c64}', slug: 'acme' },
  },
  cause: 'full-sync',
  observedAt,
  previouslyObservedAt: null,
  scope: null,
} as const

/** What a first full sync of a large workspace tells: always the same for the same numbers. */
export class World {
  readonly #options: WorldOptions
  #sequence = 0n

  constructor(options: WorldOptions) {
    this.#options = options
  }

  user(index: number): ServiceUserId {
    return `user:${toUuid(1, index)}`
  }

  repository(index: number): ResourceId {
    return `repository:${toUuid(3, index)}`
  }

  project(index: number): ResourceId {
    return `project:${toUuid(2, index)}`
  }

  *events(): Generator<BatchEvent> {
    const { users, groups, projects } = this.#options
    for (let index = 0; index < users; index++)
      yield this.#tell('service-user.created', this.user(index), toUser(this.user(index), index))
    yield this.#created('workspace#owner', { kind: 'workspace', name: 'Acme' }, 'workspace-role')
    for (let index = 0; index < 5; index++) yield this.#granted(this.user(index), 'workspace#owner')
    for (let group = 0; group < groups; group++) {
      const id = groupMembershipId(`team-${group}`)
      yield this.#created(id, { kind: 'group', slug: `team-${group}`, name: `Team ${group}` }, 'group-membership')
      // Everybody is in two groups.
      for (let user = group; user < users * 2; user += groups) yield this.#granted(this.user(user % users), id)
    }
    for (let project = 0; project < projects; project++) yield* this.#projectEvents(project)
    for (let index = 0; index < this.#options.repositories; index++) yield* this.#repositoryEvents(index)
  }

  *#projectEvents(project: number): Generator<BatchEvent> {
    const { users, groups } = this.#options
    const resource = this.project(project)
    const what = {
      kind: 'project',
      uuid: `{${toUuid(2, project)}}`,
      key: `P${project}`,
      name: `Project ${project}`,
    } as const
    for (const level of ['read', 'write'])
      yield this.#created(entitlementId(resource, level), what, 'project-permission')
    const contained = entitlementId(resource, 'read')
    yield this.#nested(`team-${project % groups}`, contained)
    for (let user = 0; user < 5; user++)
      yield this.#granted(this.user((project * 7 + user * 31) % users), entitlementId(resource, 'write'))
  }

  *#repositoryEvents(index: number): Generator<BatchEvent> {
    const { users, groups, projects, grantsPerRepository } = this.#options
    const resource = this.repository(index)
    const project = index % projects
    const what = {
      kind: 'repository',
      uuid: `{${toUuid(3, index)}}`,
      slug: `service-${index}`,
      name: `Service ${index}`,
      url: `https://bitbucket.org/acme/service-${index}`,
      private: true,
      parent: { kind: 'project', uuid: `{${toUuid(2, project)}}`, key: `P${project}` },
    } as const
    for (const level of new Set(levels))
      yield this.#created(entitlementId(resource, level), what, 'repository-permission')
    yield this.#nested(`team-${index % groups}`, entitlementId(resource, 'write'))
    for (let grant = 0; grant < grantsPerRepository; grant++) {
      const user = this.user((index * 13 + grant * 97) % users)
      yield this.#granted(user, entitlementId(resource, levels[grant % levels.length] ?? 'read'))
    }
  }

  #created(id: EntitlementId, resource: Entitlement['resource'], kind: Entitlement['kind']): BatchEvent {
    const level = id.slice(id.lastIndexOf('#') + 1)
    const privileged = isPrivileged(level)
    const entitlement: Entitlement = {
      ...{ id, kind, level, resource, privileged },
      name: `${resource.name}: ${level}`,
      riskHint: privileged ? 'high' : 'normal',
    }
    return this.#tell('entitlement.created', id, { ...common, entitlement })
  }

  #granted(serviceUserId: ServiceUserId, to: EntitlementId): BatchEvent {
    const id = grantId(serviceUserId, to)
    const grant = { id, serviceUserId, entitlementId: to, assignment: 'direct' as const }
    return this.#tell('service-user-entitlement.granted', id, { ...common, grant })
  }

  #nested(slug: string, contained: EntitlementId): BatchEvent {
    const container = groupMembershipId(slug)
    return this.#tell('entitlement-nesting.added', nestingId(container, contained), {
      ...common,
      ...{ container, contained, membersAffected: 100 },
    })
  }

  #tell<Name extends EventName>(name: Name, subject: string, data: EventData<Name>): BatchEvent {
    this.#sequence += 1n
    const envelope = {
      id: 'q1yZ0m3F8rWcN5uT7vXbK2dL9hJ4sGpEaQoRiUwYtM0',
      type: eventType(name),
      source: `/tenants/${tenantId}/connections/${connectionId}`,
      subject,
      time: observedAt,
      tenantId,
      connectionId,
      sequence: this.#sequence,
      correlationId: 'syn_0123456789abcdef0123456789abcdef',
    }
    // The data are of this very name.
    return { envelope, event: { ...envelope, name, data } as unknown as AccessEvent, data }
  }
}

function toUser(id: ServiceUserId, index: number): EventData<'service-user.created'> {
  const serviceUser: ServiceUser = {
    id,
    kind: 'person',
    status: 'active',
    membership: 'member',
    externalIds: { uuid: `{${id.slice('user:'.length)}}`, accountId: `70121:${id.slice('user:'.length)}` },
    attributes: { displayName: `Person ${toName(index)} ${index}`, nickname: `nick${index}`, workspaceRole: 'member' },
  }
  return { ...common, serviceUser }
}

function toName(index: number): string {
  return ['Alma', 'Bela', 'Cleo', 'Dora', 'Elif', 'Faye', 'Gino', 'Hana'][index % 8] ?? 'Ivo'
}

/** Spread like random ones, as the ids of Bitbucket are. */
function toUuid(kind: number, index: number): string {
  const spread = (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return `${spread}-${kind.toString(16).padStart(4, '0')}-4000-8000-${index.toString(16).padStart(12, '0')}`
}
