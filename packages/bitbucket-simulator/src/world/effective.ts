/**
 * What people can do once groups, projects and the ownership of the workspace are followed; the strongest wins.
 * Written for the simulator alone: what judges a reader shares no code with it.
 */
import { type Level, levels, type Project, type Repository, type Workspace } from './types.ts'

type RepositoryLevel = Exclude<Level, 'create-repo'>

/** Who can do what on the repository, by the user's uuid: one level each, the highest. */
export function effectiveOn(workspace: Workspace, repository: Repository): Map<string, RepositoryLevel> {
  const held = new Map<string, RepositoryLevel>()
  for (const [userUuid, level] of grantsFor(workspace, repository)) {
    const before = held.get(userUuid)
    if (before === undefined || rankOf(level) > rankOf(before)) held.set(userUuid, level)
  }
  return held
}

/** Everything that leads to the repository; a user comes once for each way. */
function* grantsFor(workspace: Workspace, repository: Repository): Generator<[string, RepositoryLevel]> {
  yield* followGroups(workspace, repository)
  const { projects, owners } = workspace.effectiveIncludes
  const project = workspace.projects.get(repository.projectUuid)
  if (projects && project !== undefined) yield* followGroups(workspace, project)
  if (!owners) return
  for (const [userUuid, { permission }] of workspace.members) if (permission === 'owner') yield [userUuid, 'admin']
}

function* followGroups(workspace: Workspace, { grants }: Project | Repository): Generator<[string, RepositoryLevel]> {
  for (const [userUuid, level] of grants.users) yield [userUuid, onRepository(level)]
  for (const [slug, level] of grants.groups) {
    for (const userUuid of workspace.groups.get(slug)?.memberUuids ?? []) yield [userUuid, onRepository(level)]
  }
}

/** Whoever may create repositories in a project may write to those that are there. */
function onRepository(level: Level): RepositoryLevel {
  return level === 'create-repo' ? 'write' : level
}

/** Whether the user administers the project: by ownership of the workspace, or by a grant, directly or in a group. */
export function administersProject(workspace: Workspace, project: Project, userUuid: string): boolean {
  return ownsWorkspace(workspace, userUuid) || hasAdminGrant(workspace, project, userUuid)
}

/** Whether the user administers the repository, by itself or by its project. */
export function administersRepository(workspace: Workspace, repository: Repository, userUuid: string): boolean {
  if (ownsWorkspace(workspace, userUuid) || hasAdminGrant(workspace, repository, userUuid)) return true
  const project = workspace.projects.get(repository.projectUuid)
  return project !== undefined && hasAdminGrant(workspace, project, userUuid)
}

export function ownsWorkspace(workspace: Workspace, userUuid: string): boolean {
  return workspace.members.get(userUuid)?.permission === 'owner'
}

function hasAdminGrant(workspace: Workspace, { grants }: Project | Repository, userUuid: string): boolean {
  if (grants.users.get(userUuid) === 'admin') return true
  for (const [slug, level] of grants.groups) {
    if (level === 'admin' && workspace.groups.get(slug)?.memberUuids.has(userUuid)) return true
  }
  return false
}

/** Whether the user can see the repository: everybody sees a public one, others need a level on it. */
export function canRead(workspace: Workspace, repository: Repository, userUuid: string): boolean {
  if (!repository.isPrivate || ownsWorkspace(workspace, userUuid)) return true
  const project = workspace.projects.get(repository.projectUuid)
  return [repository, project].some((resource) => resource !== undefined && holdsOn(workspace, resource, userUuid))
}

/** Whether the user can see the project: it is public, or something in it is his to see. */
export function holdsOn(workspace: Workspace, { grants }: Project | Repository, userUuid: string): boolean {
  if (grants.users.has(userUuid)) return true
  for (const slug of grants.groups.keys()) if (workspace.groups.get(slug)?.memberUuids.has(userUuid)) return true
  return false
}

function rankOf(level: RepositoryLevel): number {
  return levels.indexOf(level)
}
