import { isPrivileged } from '@clarity/shared/access/levels'
import type { Entitlement } from '@clarity/shared/contract/entities'
import {
  type EntitlementId,
  entitlementId,
  entitlementParts,
  type GroupMembershipId,
  type ResourceId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'

/** What may happen in a small workspace. */
export const commandKinds = [
  'user',
  'user-status',
  'user-name',
  'user-gone',
  'user-erased',
  'entitlement',
  'rename',
  'entitlement-gone',
  'grant',
  'grant-level',
  'revoke',
  'nest',
  'nest-level',
  'unnest',
  'scope',
  'health',
  'pause',
  'settings',
  'sync',
] as const

type Some<Value> = readonly [Value, ...Value[]]

export const levels: Some<string> = ['read', 'write', 'create-repo', 'admin', 'triage']
export const resources: Some<ResourceId> = ['repository:r', 'repository:s', 'project:p']
export const users: Some<ServiceUserId> = ['user:a', 'user:b', 'user:c', 'user:d']
export const groups: Some<GroupMembershipId> = ['group:g#member', 'group:h#member']
/** What a group may hold. */
const held = resources.flatMap((resource) => levels.map((level) => entitlementId(resource, level)))
export const entitlements: Some<EntitlementId> = ['workspace#owner', 'workspace#member', ...groups, ...held]

/** One of the values, whatever the number. */
export function pick<Value>(values: Some<Value>, index: number): Value
export function pick<Value>(values: readonly Value[], index: number): Value | undefined
export function pick<Value>(values: readonly Value[], index: number): Value | undefined {
  return values[index % values.length]
}

export function toEntitlement(id: EntitlementId, name: string): Entitlement {
  const { resource, level } = entitlementParts(id)
  const [kind = 'workspace', uuid = ''] = resource.split(':')
  const kinds = {
    workspace: 'workspace-role',
    group: 'group-membership',
    project: 'project-permission',
    repository: 'repository-permission',
  } as const
  const resourceKind = kind === 'group' || kind === 'project' || kind === 'repository' ? kind : 'workspace'
  const privileged = isPrivileged(level)
  return {
    id,
    kind: kinds[resourceKind],
    level,
    name: `${resource}: ${level}`,
    resource: {
      kind: resourceKind,
      uuid: `{${uuid}}`,
      slug: uuid,
      name,
      ...(resourceKind === 'repository' && {
        parent: { kind: 'project', uuid: '{p}', key: 'P' },
        private: uuid !== 's',
      }),
    },
    privileged,
    riskHint: privileged ? 'high' : 'normal',
  }
}
