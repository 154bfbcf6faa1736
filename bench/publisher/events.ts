import { createHash } from 'node:crypto'
import type { Entitlement, ServiceUser } from '@clarity/shared/contract/entities'
import { eventExamples } from '@clarity/shared/contract/event-examples'
import type { ConnectionRef, EventData, EventName, PendingEvent } from '@clarity/shared/contract/events'
import {
  type ConnectionId,
  entitlementId,
  grantId,
  groupMembershipId,
  nestingId,
  scopeOfResource,
  serviceUserId,
} from '@clarity/shared/contract/ids'

// Events as a first full sync tells them: of each twenty, a member of the workspace, and a repository with its four
// entitlements, twelve grants and three nestings. The examples give everything but the ids and names, and no id comes twice.

const users = 2_000
const groups = 40
const eventsPerRepository = 20
const levels = ['read', 'write', 'admin', 'create'] as const
const observedAt = '2026-11-23T10:15:02.113Z'

/** The event number `index`, from 0, of a connection's first full sync. */
export function eventOf(connectionId: ConnectionId, index: number): PendingEvent {
  const repository = Math.floor(index / eventsPerRepository)
  const place = index % eventsPerRepository
  const context = { connection: connectionOf(connectionId), uuid: uuidOf(`${connectionId} repository ${repository}`) }
  if (place === 0) return userCreated(context.connection, `${connectionId} new user ${repository}`)
  if (place <= levels.length) return entitlementCreated(context, repository, place - 1)
  if (place < 17) return granted(context, place - levels.length, repository)
  return nested(context, place - 17, repository)
}

interface Context {
  readonly connection: ConnectionRef
  /** Of the repository. */
  readonly uuid: string
}

function userCreated(connection: ConnectionRef, name: string): PendingEvent {
  const example = eventExamples['service-user.created'].data
  const uuid = uuidOf(name)
  const [first, , second] = uuid.split('-')
  const serviceUser: ServiceUser = {
    ...example.serviceUser,
    id: serviceUserId(uuid),
    externalIds: { uuid: `{${uuid}}`, accountId: `70121:${uuidOf(uuid)}` },
    attributes: { ...example.serviceUser.attributes, displayName: `Person ${first}`, nickname: `person-${second}` },
  }
  return pending('service-user.created', serviceUser.id, { ...example, connection, observedAt, serviceUser })
}

function entitlementCreated({ connection, uuid }: Context, repository: number, at: number): PendingEvent {
  const example = eventExamples['entitlement.created'].data
  const [level, slug] = [levels[at] ?? 'read', `service-${repository}-api`]
  const entitlement: Entitlement = {
    ...example.entitlement,
    id: entitlementId(`repository:${uuid}`, level),
    level,
    name: `Repository ${slug}: ${level}`,
    resource: {
      kind: 'repository',
      uuid: `{${uuid}}`,
      slug,
      name: `Service ${repository} API`,
      url: `https://bitbucket.org/${connection.workspace.slug}/${slug}`,
      private: true,
      parent: { kind: 'project', uuid: `{${uuidOf(`project ${repository % 200}`)}}`, key: `P${repository % 200}` },
    },
  }
  return pending('entitlement.created', entitlement.id, { ...example, ...inRepository(connection, uuid), entitlement })
}

function granted({ connection, uuid }: Context, at: number, repository: number): PendingEvent {
  const example = eventExamples['service-user-entitlement.granted'].data
  // Twelve that differ.
  const serviceUser = serviceUserId(uuidOf(`user ${(repository * 13 + at) % users}`))
  const entitlement = entitlementId(`repository:${uuid}`, levels[at % 3] ?? 'read')
  const id = grantId(serviceUser, entitlement)
  const grant = { ...example.grant, id, serviceUserId: serviceUser, entitlementId: entitlement }
  return pending('service-user-entitlement.granted', id, { ...example, ...inRepository(connection, uuid), grant })
}

function nested({ connection, uuid }: Context, at: number, repository: number): PendingEvent {
  const example = eventExamples['entitlement-nesting.added'].data
  const container = groupMembershipId(`team-${(repository * 3 + at) % groups}`)
  const contained = entitlementId(`repository:${uuid}`, levels[at] ?? 'read')
  const data = { ...example, ...inRepository(connection, uuid), container, contained }
  return pending('entitlement-nesting.added', nestingId(container, contained), data)
}

function inRepository(connection: ConnectionRef, uuid: string) {
  const scope = scopeOfResource(`repository:${uuid}`)
  return { connection, cause: 'full-sync' as const, observedAt, previouslyObservedAt: null, scope }
}

function pending<Name extends EventName>(name: Name, subject: string, data: EventData<Name>): PendingEvent<Name> {
  return { name, subject, data, before: null, after: createHash('sha256').update(subject).digest('base64url') }
}

function connectionOf(id: ConnectionId): ConnectionRef {
  const example = eventExamples['service-user.created'].data.connection
  return { ...example, id, workspace: { uuid: `{${uuidOf(id)}}`, slug: `workspace-${id.slice('con_'.length)}` } }
}

/** Looks random, as Bitbucket's do, and is the same for the same text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
