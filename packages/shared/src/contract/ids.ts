import { z } from 'zod'

/**
 * The ids of the normalized model: stable across renames, unique within a connection, readable.
 * Bitbucket's UUIDs keep their braces in data and lose them in ids. An entitlement's id is always
 * `<resource id>#<level>`, so that who holds what on which resource can be read from the id alone.
 */

export const TenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a tenant id: lower case letters, digits, hyphen')
export type TenantId = z.infer<typeof TenantId>

export const ConnectionId = z.templateLiteral(['con_', z.string().regex(/[a-z0-9]+/)]).describe('Id of the connection')
export type ConnectionId = z.infer<typeof ConnectionId>

export const SyncId = z.templateLiteral(['syn_', z.string().regex(/[a-z0-9]+/)]).describe('Id of the sync')
export type SyncId = z.infer<typeof SyncId>

export const ServiceUserId = z.templateLiteral(['user:', z.string()]).describe('Id of the service user: `user:<uuid>`')
export type ServiceUserId = z.infer<typeof ServiceUserId>

export const GroupId = z.templateLiteral(['group:', z.string()])
export type GroupId = z.infer<typeof GroupId>

/** What a level is held on. */
export const ResourceId = z.union([
  z.literal('workspace'),
  GroupId,
  z.templateLiteral(['project:', z.string()]),
  z.templateLiteral(['repository:', z.string()]),
])
export type ResourceId = z.infer<typeof ResourceId>

export const GroupMembershipId = z
  .templateLiteral(['group:', z.string(), '#member'])
  .describe('Id of the membership of a group: `group:<slug>#member`')
export type GroupMembershipId = z.infer<typeof GroupMembershipId>

export const EntitlementId = z
  .union([
    z.templateLiteral(['workspace#', z.string()]),
    GroupMembershipId,
    z.templateLiteral(['project:', z.string(), '#', z.string()]),
    z.templateLiteral(['repository:', z.string(), '#', z.string()]),
  ])
  .describe('Id of the entitlement: `<resource>#<level>`')
export type EntitlementId = z.infer<typeof EntitlementId>

export const GrantId = z
  .templateLiteral([ServiceUserId, '|', EntitlementId])
  .describe('Id of the grant: `<service user>|<entitlement>`')
export type GrantId = z.infer<typeof GrantId>

export const NestingId = z
  .templateLiteral([GroupMembershipId, '|', EntitlementId])
  .describe('Id of the nesting: `<membership of the group>|<entitlement>`')
export type NestingId = z.infer<typeof NestingId>

/** The unit that is read, compared and committed as one. */
export const ScopeId = z
  .union(
    [
      z.enum(['workspace/members', 'workspace/groups', 'workspace/projects', 'workspace/repositories']),
      z.templateLiteral(['project/', z.string()]),
      z.templateLiteral(['repository/', z.string()]),
    ],
    { error: 'is no scope: write workspace/members, workspace/groups, project/<uuid> or repository/<uuid>' },
  )
  .describe('What is read, compared and committed as one')
export type ScopeId = z.infer<typeof ScopeId>

/** A UUID without the braces that Bitbucket writes around it. */
export function bareUuid(uuid: string): string {
  return uuid.slice(uuid.startsWith('{') ? 1 : 0, uuid.endsWith('}') ? -1 : undefined)
}

export function serviceUserId(uuid: string): ServiceUserId {
  return `user:${bareUuid(uuid)}`
}

export function groupMembershipId(slug: string): GroupMembershipId {
  return `group:${slug}#member`
}

export function entitlementId(resource: ResourceId, level: string): EntitlementId {
  if (resource === 'workspace') return `workspace#${level}`
  if (isGroupId(resource)) return `${resource}#member`
  return `${resource}#${level}`
}

/** The two parts of an entitlement's id: a level has no `#` in it, a group's slug might. */
export function entitlementParts(id: EntitlementId): { readonly resource: ResourceId; readonly level: string } {
  const at = id.lastIndexOf('#')
  return { resource: ResourceId.parse(id.slice(0, at)), level: id.slice(at + 1) }
}

const Holder = z.union([GroupMembershipId, ServiceUserId])

/** The two parts of the id of a grant or nesting. */
export function holdingParts(id: GrantId | NestingId): {
  readonly holder: ServiceUserId | GroupMembershipId
  readonly entitlement: EntitlementId
} {
  const at = id.indexOf('|')
  const holder = Holder.parse(id.slice(0, at))
  return { holder, entitlement: EntitlementId.parse(id.slice(at + 1)) }
}

/** The scope in which who holds something on a resource is read. */
export function scopeOfResource(resource: ResourceId): ScopeId {
  if (resource === 'workspace') return 'workspace/members'
  return isGroupId(resource) ? 'workspace/groups' : ScopeId.parse(resource.replace(':', '/'))
}

export function grantId(user: ServiceUserId, entitlement: EntitlementId): GrantId {
  return `${user}|${entitlement}`
}

export function nestingId(container: GroupMembershipId, contained: EntitlementId): NestingId {
  return `${container}|${contained}`
}

export function isServiceUserId(id: string): id is ServiceUserId {
  return id.startsWith('user:')
}

function isGroupId(id: ResourceId): id is GroupId {
  return id.startsWith('group:')
}
