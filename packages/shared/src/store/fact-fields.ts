import {
  type GroupMembershipId,
  isServiceUserId,
  type ResourceId,
  type ScopeId,
  type ServiceUserId,
} from '../contract/ids.ts'

/**
 * How the facts of one scope are stored, one field a fact:
 *
 * | field                  | value   | meaning                                              |
 * |------------------------|---------|------------------------------------------------------|
 * | `#<level>`             | empty   | this level of the resource is published              |
 * | `user:<uuid>`          | level   | the service user holds the level on the resource     |
 * | `group:<slug>`         | level   | the group holds the level on the resource            |
 * | `group:<slug>`         | empty   | (scope of the groups) the group exists               |
 * | `user:<uuid>@<slug>`   | member  | (scope of the groups) the service user is in it      |
 */

/** The resource whose levels a scope publishes; null for the scope of the groups and for lists. */
export function resourceIdOf(scopeId: ScopeId): ResourceId | null {
  if (scopeId === 'workspace/members') return 'workspace'
  const [kind, uuid] = scopeId.split('/')
  if (kind === 'project') return `project:${uuid}`
  if (kind === 'repository') return `repository:${uuid}`
  return null
}

/** The field under which a holding is kept. */
export function holdingField(holder: ServiceUserId | GroupMembershipId, resource: ResourceId): string {
  const name = isServiceUserId(holder) ? holder : holder.slice(0, -'#member'.length)
  return resource.startsWith('group:') ? `${name}@${resource.slice('group:'.length)}` : name
}

/** The field that says that a level of the scope's resource is published. */
export function levelField(level: string): string {
  return `#${level}`
}

/** The field that says that a group exists. */
export function groupField(slug: string): string {
  return `group:${slug}`
}
