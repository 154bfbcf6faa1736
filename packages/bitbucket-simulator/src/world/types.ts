/**
 * The truth that the simulator serves. Plain data: every rule about it lives in `changes/`, every shape that
 * Bitbucket gives it lives in `endpoints/`. Uuids carry their braces everywhere, instants are written as
 * Bitbucket writes them, and the maps keep the order in which things came into being.
 */
export interface World {
  readonly workspaces: Map<string, Workspace>
  readonly workspacesBySlug: Map<string, Workspace>
}

export interface Workspace {
  readonly uuid: string
  readonly slug: string
  readonly name: string
  readonly createdOn: string
  /** How many uuids this workspace has given out; the next one derives from it. */
  uuidsIssued: number
  /** Every account ever seen here by uuid; one that left stays, so that it can come back. */
  readonly users: Map<string, User>
  /** By the user's uuid. */
  readonly members: Map<string, Member>
  /** By slug: a group has no uuid. */
  readonly groups: Map<string, Group>
  readonly projects: Map<string, Project>
  readonly projectsByKey: Map<string, Project>
  readonly repositories: Map<string, Repository>
  readonly repositoriesBySlug: Map<string, Repository>
  readonly consumers: Map<string, Consumer>
}

export interface User {
  readonly uuid: string
  readonly accountId: string
  readonly type: 'user' | 'app_user'
  readonly createdOn: string
  displayName: string
  nickname: string
}

export const memberPermissions = ['owner', 'member'] as const
export type MemberPermission = (typeof memberPermissions)[number]

export interface Member {
  permission: MemberPermission
  readonly addedOn: string
  readonly lastAccessed: string | null
}

/** What a grant can give, lowest first. `create-repo` exists on projects only. */
export const levels = ['read', 'write', 'create-repo', 'admin'] as const
export type Level = (typeof levels)[number]

export interface Group {
  readonly slug: string
  name: string
  /** What Bitbucket gives this group on a new repository; null for nothing. */
  readonly permission: 'read' | 'write' | 'admin' | null
  readonly memberUuids: Set<string>
}

/** The explicit grants on one resource: by the user's uuid, and by the group's slug. */
export interface Grants {
  readonly users: Map<string, Level>
  readonly groups: Map<string, Level>
}

export interface Project {
  readonly uuid: string
  readonly key: string
  readonly description: string
  readonly isPrivate: boolean
  readonly createdOn: string
  readonly grants: Grants
  name: string
  updatedOn: string
}

export interface Repository {
  readonly uuid: string
  readonly language: string
  readonly size: number
  readonly createdOn: string
  readonly grants: Grants
  slug: string
  name: string
  isPrivate: boolean
  projectUuid: string
  updatedOn: string
}

/** An OAuth consumer of the workspace that holds it. */
export interface Consumer {
  readonly key: string
  secret: string
  scopes: readonly string[]
  /** A public consumer may not use the client_credentials grant. */
  private: boolean
  /** Bitbucket refuses a consumer without one, although this grant never calls it. */
  callbackUrl: string | null
}
