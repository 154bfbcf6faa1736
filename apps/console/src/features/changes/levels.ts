import { type EntitlementId, entitlementParts } from '@clarity/shared/contract/ids'
import { resourceName } from './entity-names.ts'
import { type Names, say, type Text } from './sentence.ts'

const roles: Readonly<Record<string, string>> = {
  owner: 'an owner',
  member: 'a member',
  collaborator: 'a collaborator',
}

/** What whoever holds it can do, after "can now": "administer payments-api". Null: the level has no such word. */
function abilityOf(names: Names, resource: string, level: string): Text | null {
  const on = resourceName(names, resource)
  switch (level) {
    case 'read':
      return say`read ${on}`
    case 'write':
      return say`write to ${on}`
    case 'create-repo':
      return say`create repositories in ${on}`
    case 'admin':
      return say`administer ${on}`
    default:
      return null
  }
}

/** What somebody who has got it is or can do from now on, after their name. */
export function nowHolds(names: Names, id: EntitlementId): Text {
  const { resource, level } = entitlementParts(id)
  if (resource === 'workspace') return say`is now ${roleName(level)} of the workspace`
  if (resource.startsWith('group:')) return say`is now a member of ${resourceName(names, resource)}`
  const ability = abilityOf(names, resource, level)
  return ability === null ? say`now has “${level}” on ${resourceName(names, resource)}` : say`can now ${ability}`
}

/** That it is lost, after the name of who held it. A person may still come to the same by another way. */
export function noLongerHolds(names: Names, id: EntitlementId): Text {
  const { resource, level } = entitlementParts(id)
  if (resource === 'workspace') return say`is no longer ${roleName(level)} of the workspace`
  if (resource.startsWith('group:')) return say`is no longer a member of ${resourceName(names, resource)}`
  return say`no longer has ${level} on ${resourceName(names, resource)}`
}

/** What members of a group can do by it from now on. */
export function membersCan(names: Names, id: EntitlementId): Text {
  const { resource, level } = entitlementParts(id)
  const ability = abilityOf(names, resource, level)
  return ability === null ? say`now have “${level}” on ${resourceName(names, resource)}` : say`can now ${ability}`
}

/** A level on a resource as a thing: "admin on payments-api", "the role owner", "the group Platform". */
export function levelOn(names: Names, id: EntitlementId): Text {
  const { resource, level } = entitlementParts(id)
  if (resource === 'workspace') return say`the role ${level}`
  if (resource.startsWith('group:')) return resourceName(names, resource)
  return say`${level} on ${resourceName(names, resource)}`
}

/** Whether it is assigned on a project or repository, to which other ways may lead as well. */
export function isPermission(id: EntitlementId): boolean {
  const { resource } = entitlementParts(id)
  return resource.startsWith('project:') || resource.startsWith('repository:')
}

export function levelOf(id: EntitlementId): string {
  return entitlementParts(id).level
}

function roleName(level: string): string {
  return roles[level] ?? `“${level}”`
}
