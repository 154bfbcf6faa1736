import { entitlementParts, type GroupMembershipId, ResourceId, type ScopeId } from '@clarity/shared/contract/ids'
import type { KnownEvent } from './read-event.ts'
import { type Names, type Part, say, type Text } from './sentence.ts'

/** A service user by its name; without one by the beginning of its id, so that two of them can be told apart. */
export function userName(names: Names, id: string): Part {
  return { name: names(id) ?? `Account ${shortId(id)}` }
}

/** A resource with what it is where its name does not say so: the workspace, a group, a project, a repository. */
export function resourceName(names: Names, resource: string): Text {
  const [kind = ''] = resource.split(':')
  if (kind === 'workspace') return ['the workspace']
  if (kind === 'group') return say`the group ${{ name: names(resource) ?? resource.slice('group:'.length) }}`
  const name = names(resource)
  if (name === null) return say`the ${kind} ${{ name: shortId(resource) }}`
  return kind === 'project' ? say`the project ${{ name }}` : [{ name }]
}

export function groupOfMembership(container: GroupMembershipId): string {
  return entitlementParts(container).resource
}

/** What a scope is, in words. */
export function scopeName(names: Names, scope: ScopeId): Text {
  switch (scope) {
    case 'workspace/members':
      return ['The list of members']
    case 'workspace/groups':
      return ['The list of groups']
    case 'workspace/projects':
      return ['The list of projects']
    case 'workspace/repositories':
      return ['The list of repositories']
    default:
      return say`Who holds what on ${resourceName(names, scope.replace('/', ':'))}`
  }
}

/** Names that the event itself tells, by id. */
export function namesTold(event: KnownEvent): ReadonlyMap<string, string> {
  const told = new Map<string, string>()
  const attributes = attributesTold(event)
  const known = attributes?.displayName ?? attributes?.nickname
  if (known !== undefined) told.set(event.subject, known)
  const { data } = event
  if ('entitlement' in data) {
    const { resource } = entitlementParts(data.entitlement.id)
    told.set(resource, data.entitlement.resource.name)
  }
  return told
}

/** The ids of all that the sentence of the event names. */
export function idsMentioned({ name, data, subject }: KnownEvent): readonly string[] {
  switch (name) {
    case 'service-user.created':
    case 'service-user.updated':
    case 'service-user.attributes-changed':
    case 'service-user.removed':
      return [subject]
    case 'service-user-entitlement.granted':
    case 'service-user-entitlement.revoked':
      return nameable([data.grant.serviceUserId, entitlementParts(data.grant.entitlementId).resource])
    case 'service-user-entitlement.changed':
      return nameable([data.serviceUserId, entitlementParts(data.to).resource])
    case 'entitlement-nesting.added':
    case 'entitlement-nesting.removed':
      return nameable([groupOfMembership(data.container), entitlementParts(data.contained).resource])
    case 'entitlement-nesting.changed':
      return nameable([groupOfMembership(data.container), entitlementParts(data.to).resource])
    case 'scope.unobservable':
    case 'scope.observable':
      return data.scope === null || data.scope.startsWith('workspace/') ? [] : [data.scope.replace('/', ':')]
    default:
      return []
  }
}

/** Whom and what an event can be looked at further by: the person and the project or repository. */
export function subjectsOf(event: KnownEvent): { readonly person: string | null; readonly resource: string | null } {
  const ids = [...idsMentioned(event), ...namesTold(event).keys()]
  const isResource = (id: string) => ResourceId.safeParse(id).success
  return {
    person: ids.find((id) => id.startsWith('user:')) ?? null,
    // Of a nesting the group comes first; what it gives access to is what the event is listed under.
    resource: ids.findLast((id) => isResource(id)) ?? null,
  }
}

function attributesTold({ name, data }: KnownEvent) {
  if (name === 'service-user.attributes-changed') return data.attributes
  return 'serviceUser' in data ? data.serviceUser.attributes : null
}

function nameable(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => id !== 'workspace')
}

function shortId(id: string): string {
  return id.slice(id.indexOf(':') + 1).slice(0, 8)
}
