import type { Hook } from '../hooks/hook.ts'

/**
 * The truth that the simulator serves. Plain data: every rule about it lives in `changes/`, every shape that
 * Bitbucket gives it lives in `endpoints/`. Uuids carry their braces everywhere, instants are written as
 * Bitbucket writes them, and the maps keep the order in which things came into being.
 */
export interface World {
  readonly workspaces: Map<string, Workspace>
  readonly workspacesBySlug: Map<string, Workspace>
  /** By key, with the workspace that owns it: keys are unique in the whole world. */
  readonly consumers: Map<string, OwnedConsumer>
  /** By the token itself. */
  readonly apiTokens: Map<string, ApiToken>
  /** By the token itself. */
  readonly accessTokens: Map<string, AccessToken>
}

export interface Workspace {
  readonly uuid: string
  readonly slug: string
  readonly name: string
  readonly createdOn: string
  /** Who owns it: a company's workspace shows as a `team` account, a personal one as a `user`. */
  kind: 'team' | 'personal'
  /** Where its people are administered; once that is admin.atlassian.com, some fields and endpoints are gone. */
  administration: 'bitbucket' | 'admin.atlassian.com'
  /** Paid seats: above 100 they raise the hourly limit of access tokens. */
  seats: number
  /** Whether the rows of the effective permissions include what projects and the ownership of the workspace give. */
  effectiveIncludes: { projects: boolean; owners: boolean }
  /** Counts the changes; what is derived from the truth holds as long as it stands. */
  revision: number
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
  /** Slugs that repositories had before they were renamed, with the uuid of who had it last. */
  readonly formerSlugs: Map<string, string>
  /** By uuid. */
  readonly hooks: Map<string, Hook>
}

export interface User {
  readonly uuid: string
  readonly type: 'user' | 'app_user'
  readonly createdOn: string
  /** Never listed: only who names it is told whose it is. */
  readonly email: string
  /** Null for accounts that Atlassian does not know yet. */
  accountId: string | null
  /** A closed account lingers in grants and groups for a while. */
  status: 'active' | 'inactive' | 'closed'
  /** Null where Bitbucket does not say. */
  has2fa: boolean | null
  displayName: string
  /** People have one, app users do not. */
  nickname: string | null
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
  /** Whether its app user counts as an administrator; whether Bitbucket lets it be one is not settled. */
  administrator: boolean
}

export interface OwnedConsumer {
  readonly consumer: Consumer
  readonly workspace: Workspace
}

/** A user's API token: Basic authentication by e-mail address and token, with that user's rights. */
export interface ApiToken {
  /** Names the token in the log. */
  readonly id: string
  readonly workspace: Workspace
  readonly userUuid: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number | null
}

/** A token of a workspace, a project or a repository. It stands for nobody, and may not read permissions. */
export interface AccessToken {
  readonly id: string
  readonly workspace: Workspace
  /** The project's or repository's uuid; null for the whole workspace. */
  readonly resourceUuid: string | null
  readonly scopes: readonly string[]
}
