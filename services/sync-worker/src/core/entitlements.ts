import { isPrivileged } from '@clarity/shared/access/levels'
import type { Entitlement, Resource } from '@clarity/shared/contract/entities'
import { entitlementId, groupMembershipId, type ResourceId, type ScopeId } from '@clarity/shared/contract/ids'
import type { PublishLevels } from '@clarity/shared/contract/settings'

/** What every workspace has, and what is told besides where all levels are. */
const roles = ['owner', 'member']
const allLevels = {
  workspace: [...roles, 'collaborator'],
  project: ['read', 'write', 'create-repo', 'admin'],
  repository: ['read', 'write', 'admin'],
} as const satisfies Partial<Record<Resource['kind'], readonly string[]>>

/** The levels of a scope's resource that are told also while nobody holds them. */
export function levelsToldAnyway(scopeId: ScopeId, publishLevels: PublishLevels): readonly string[] {
  if (scopeId === 'workspace/members') return publishLevels === 'all' ? allLevels.workspace : roles
  if (publishLevels === 'in-use') return []
  if (scopeId.startsWith('project/')) return allLevels.project
  return scopeId.startsWith('repository/') ? allLevels.repository : []
}

/** The entitlement that a level on a resource is. Names are unique within a connection: they use slugs and keys. */
export function toEntitlement(id: ResourceId, resource: Resource, level: string): Entitlement {
  const privileged = isPrivileged(level)
  return {
    id: entitlementId(id, level),
    kind: kindOf(resource),
    level,
    name: nameOf(resource, level),
    resource,
    privileged,
    riskHint: privileged ? 'high' : 'normal',
  }
}

/** The entitlement that membership of a group is. What the group gets by default on new repositories is its risk. */
export function toGroupEntitlement(group: {
  slug: string
  name: string
  defaultPermission?: string | null
}): Entitlement {
  const { slug, name, defaultPermission } = group
  const risky = defaultPermission === 'admin' || defaultPermission === 'write'
  return {
    id: groupMembershipId(slug),
    kind: 'group-membership',
    level: 'member',
    name: `Group ${slug}: member`,
    resource: { kind: 'group', slug, name, ...(defaultPermission === undefined ? {} : { defaultPermission }) },
    privileged: false,
    riskHint: risky ? 'high' : 'normal',
  }
}

function kindOf(resource: Resource): Entitlement['kind'] {
  switch (resource.kind) {
    case 'workspace':
      return 'workspace-role'
    case 'group':
      return 'group-membership'
    case 'project':
      return 'project-permission'
    case 'repository':
      return 'repository-permission'
  }
}

function nameOf(resource: Resource, level: string): string {
  switch (resource.kind) {
    case 'workspace':
      return `Workspace: ${level}`
    case 'group':
      return `Group ${resource.slug}: ${level}`
    case 'project':
      return `Project ${resource.key}: ${level}`
    case 'repository':
      return `Repository ${resource.slug}: ${level}`
  }
}
