import { instantOf, slugOf, uuidOf } from './names.ts'
import type { Grants, Project, Repository, User, Workspace, World } from './types.ts'

/** A world without workspaces. */
export function createWorld(): World {
  return {
    workspaces: new Map(),
    workspacesBySlug: new Map(),
    consumers: new Map(),
    apiTokens: new Map(),
    accessTokens: new Map(),
  }
}

/** An empty workspace under a slug that is free; its uuid depends on slug and seed only. */
export function addWorkspace(world: World, slug: string, name: string, seed: number, createdAtMs: number): Workspace {
  const workspace: Workspace = {
    uuid: uuidOf('workspace', slug, seed),
    slug,
    name,
    createdOn: instantOf(createdAtMs),
    kind: 'team',
    administration: 'bitbucket',
    seats: 0,
    effectiveIncludes: { projects: true, owners: true },
    revision: 0,
    uuidsIssued: 0,
    users: new Map(),
    members: new Map(),
    groups: new Map(),
    projects: new Map(),
    projectsByKey: new Map(),
    repositories: new Map(),
    repositoriesBySlug: new Map(),
    formerSlugs: new Map(),
    hooks: new Map(),
  }
  world.workspaces.set(workspace.uuid, workspace)
  world.workspacesBySlug.set(slug, workspace)
  return workspace
}

/** The workspace of that slug, or of that uuid in braces. */
export function findWorkspace(world: World, slugOrUuid: string): Workspace | undefined {
  return world.workspacesBySlug.get(slugOrUuid) ?? world.workspaces.get(slugOrUuid)
}

/** The user of that uuid in braces, or of that account id. */
export function findUser(workspace: Workspace, uuidOrAccountId: string): User | undefined {
  const byUuid = workspace.users.get(uuidOrAccountId)
  if (byUuid !== undefined) return byUuid
  for (const user of workspace.users.values()) if (user.accountId === uuidOrAccountId) return user
  return undefined
}

/** The repository of that slug, or of that uuid in braces. */
export function findRepository(workspace: Workspace, slugOrUuid: string): Repository | undefined {
  return workspace.repositoriesBySlug.get(slugOrUuid) ?? workspace.repositories.get(slugOrUuid)
}

type NewUser = Pick<User, 'type' | 'createdOn' | 'displayName' | 'nickname'>

export function addUser(workspace: Workspace, user: NewUser): User {
  const uuid = issueUuid(workspace)
  const id = uuid.slice(1, -1)
  const added: User = {
    ...user,
    uuid,
    accountId: `712020:${id}`,
    email: `${slugOf(user.displayName)}.${id.slice(0, 4)}@example.com`,
    status: 'active',
    has2fa: null,
  }
  workspace.users.set(uuid, added)
  return added
}

export function addProject(workspace: Workspace, project: Omit<Project, 'uuid' | 'grants' | 'updatedOn'>): Project {
  const added = { ...project, uuid: issueUuid(workspace), grants: noGrants(), updatedOn: project.createdOn }
  workspace.projects.set(added.uuid, added)
  workspace.projectsByKey.set(added.key, added)
  return added
}

export function addRepository(
  workspace: Workspace,
  repository: Omit<Repository, 'uuid' | 'grants' | 'updatedOn'>,
): Repository {
  const added = { ...repository, uuid: issueUuid(workspace), grants: noGrants(), updatedOn: repository.createdOn }
  workspace.repositories.set(added.uuid, added)
  workspace.repositoriesBySlug.set(added.slug, added)
  return added
}

/** Everything that carries grants: the projects, then the repositories. */
export function* resourcesOf(workspace: Workspace): Generator<Project | Repository> {
  yield* workspace.projects.values()
  yield* workspace.repositories.values()
}

/** A uuid that the workspace has never given out. */
export function issueUuid(workspace: Workspace): string {
  return uuidOf(workspace.uuid, workspace.uuidsIssued++)
}

function noGrants(): Grants {
  return { users: new Map(), groups: new Map() }
}
