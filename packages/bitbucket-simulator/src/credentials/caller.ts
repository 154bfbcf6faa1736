import { administersProject, administersRepository, canRead, holdsOn, ownsWorkspace } from '../world/effective.ts'
import { principalsOf } from '../world/truth.ts'
import type { AccessToken, ApiToken, OwnedConsumer, Project, Repository, User, Workspace } from '../world/types.ts'

/** Who is calling, and what Bitbucket lets him see and do. */
export interface Caller {
  readonly kind: 'consumer' | 'user' | 'access-token' | 'anonymous'
  /** Names the credential in the log; it is no secret. */
  readonly id: string
  /** Whose requests are counted together: all of a person's, whatever the token. */
  readonly countedAs: string
  readonly scopes: readonly string[]
  /** The workspace that the credential belongs to; null for who has none. */
  readonly workspace: Workspace | null
  /** The person behind the credential; null where there is none. */
  readonly user: User | null
  sees(workspace: Workspace): boolean
  canRead(workspace: Workspace, repository: Repository): boolean
  seesProject(workspace: Workspace, project: Project): boolean
  administers(workspace: Workspace): boolean
  administersProject(workspace: Workspace, project: Project): boolean
  administersRepository(workspace: Workspace, repository: Repository): boolean
}

/** Nobody: sees what is public. */
export const anonymous: Caller = {
  kind: 'anonymous',
  id: 'anonymous',
  countedAs: 'anonymous',
  scopes: [],
  workspace: null,
  user: null,
  sees: () => true,
  canRead: (_workspace, { isPrivate }) => !isPrivate,
  seesProject: (_workspace, { isPrivate }) => !isPrivate,
  administers: () => false,
  administersProject: () => false,
  administersRepository: () => false,
}

/** An OAuth consumer: it sees all of the workspace that it belongs to and nothing of others. */
export function consumerCaller({ consumer, workspace }: OwnedConsumer): Caller {
  const isOwn = (other: Workspace) => other === workspace
  const administers = (other: Workspace) => isOwn(other) && consumer.administrator
  return {
    kind: 'consumer',
    id: consumer.key,
    countedAs: consumer.key,
    scopes: consumer.scopes,
    workspace,
    user: null,
    sees: isOwn,
    canRead: isOwn,
    seesProject: isOwn,
    administers,
    administersProject: administers,
    administersRepository: administers,
  }
}

/** A person by API token: what the person may. */
export function userCaller({ id, scopes, workspace }: ApiToken, user: User): Caller {
  const { uuid } = user
  return {
    kind: 'user',
    id,
    countedAs: uuid,
    scopes,
    workspace,
    user,
    sees: (other) => other.members.has(uuid) || (other.users.has(uuid) && principalsOf(other).has(uuid)),
    canRead: (other, repository) => canRead(other, repository, uuid),
    seesProject: (other, project) => !project.isPrivate || ownsWorkspace(other, uuid) || holdsOn(other, project, uuid),
    administers: (other) => ownsWorkspace(other, uuid),
    administersProject: (other, project) => administersProject(other, project, uuid),
    administersRepository: (other, repository) => administersRepository(other, repository, uuid),
  }
}

/** An access token of a workspace, or of one project or repository in it. It administers nothing. */
export function accessTokenCaller({ id, scopes, workspace, resourceUuid }: AccessToken): Caller {
  const covers = (...uuids: readonly string[]) => resourceUuid === null || uuids.includes(resourceUuid)
  const isOwn = (other: Workspace) => other === workspace
  return {
    ...anonymous,
    kind: 'access-token',
    id,
    countedAs: id,
    scopes,
    workspace,
    sees: isOwn,
    canRead: (other, { uuid, projectUuid }) => isOwn(other) && covers(uuid, projectUuid),
    seesProject: (other, { uuid }) => isOwn(other) && covers(uuid),
  }
}
