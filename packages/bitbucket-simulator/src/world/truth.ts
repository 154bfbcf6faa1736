import type { Grants, Level, MemberPermission, User, Workspace } from './types.ts'
import { resourcesOf } from './world.ts'

/** A workspace's whole truth as JSON: what an oracle compares with what was read over the API. */
export interface Truth {
  readonly uuid: string
  readonly slug: string
  readonly name: string
  /** Every principal: member of the workspace, member of a group, or holder of a grant. */
  readonly users: readonly Pick<User, 'uuid' | 'accountId' | 'displayName' | 'nickname' | 'type'>[]
  readonly members: readonly { readonly userUuid: string; readonly permission: MemberPermission }[]
  readonly groups: readonly TruthGroup[]
  readonly projects: readonly TruthProject[]
  readonly repositories: readonly TruthRepository[]
}

export interface TruthGroup {
  readonly slug: string
  readonly name: string
  readonly permission: string | null
  readonly memberUuids: readonly string[]
}

/** The explicit grants on one resource, and nothing inherited. */
export interface TruthGrants {
  readonly users: readonly { readonly userUuid: string; readonly permission: Level }[]
  readonly groups: readonly { readonly slug: string; readonly permission: Level }[]
}

export interface TruthProject extends TruthGrants {
  readonly uuid: string
  readonly key: string
  readonly name: string
  readonly isPrivate: boolean
}

export interface TruthRepository extends TruthGrants {
  readonly uuid: string
  readonly slug: string
  readonly name: string
  readonly isPrivate: boolean
  readonly projectUuid: string
}

/** Copies the truth out of the live workspace: later changes do not reach the copy. */
export function toTruth(workspace: Workspace): Truth {
  const principals = principalsOf(workspace)
  return {
    uuid: workspace.uuid,
    slug: workspace.slug,
    name: workspace.name,
    users: [...workspace.users.values()]
      .filter(({ uuid }) => principals.has(uuid))
      .map(({ uuid, accountId, displayName, nickname, type }) => ({ uuid, accountId, displayName, nickname, type })),
    members: [...workspace.members].map(([userUuid, { permission }]) => ({ userUuid, permission })),
    groups: [...workspace.groups.values()].map(({ slug, name, permission, memberUuids }) => ({
      slug,
      name,
      permission,
      memberUuids: [...memberUuids],
    })),
    projects: [...workspace.projects.values()].map(({ uuid, key, name, isPrivate, grants }) => ({
      uuid,
      key,
      name,
      isPrivate,
      ...toTruthGrants(grants),
    })),
    repositories: [...workspace.repositories.values()].map(({ uuid, slug, name, isPrivate, projectUuid, grants }) => ({
      uuid,
      slug,
      name,
      isPrivate,
      projectUuid,
      ...toTruthGrants(grants),
    })),
  }
}

/** The uuids of all who are members, are in a group, or hold a grant. */
export function principalsOf(workspace: Workspace): Set<string> {
  const principals = new Set(workspace.members.keys())
  for (const group of workspace.groups.values()) for (const uuid of group.memberUuids) principals.add(uuid)
  for (const { grants } of resourcesOf(workspace)) for (const uuid of grants.users.keys()) principals.add(uuid)
  return principals
}

function toTruthGrants(grants: Grants): TruthGrants {
  return {
    users: [...grants.users].map(([userUuid, permission]) => ({ userUuid, permission })),
    groups: [...grants.groups].map(([slug, permission]) => ({ slug, permission })),
  }
}
