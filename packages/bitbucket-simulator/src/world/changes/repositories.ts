import { slugOf } from '../names.ts'
import type { Project, Workspace } from '../types.ts'
import * as world from '../world.ts'
import type { ChangedIds, ChangeOf } from './change.ts'
import { named, refuseIf } from './refusal.ts'

/** A new repository is private and nobody holds a grant on it. */
export function addRepository(workspace: Workspace, change: ChangeOf<'add-repository'>, at: string): ChangedIds {
  const { projectUuid, name } = change
  named(workspace.projects.get(projectUuid), 'project', projectUuid)
  const slug = freeSlug(workspace, name)
  const repository = { slug, name, isPrivate: true, projectUuid, language: '', size: 0, createdOn: at }
  const { uuid } = world.addRepository(workspace, repository)
  return { repositoryUuid: uuid, slug }
}

export function removeRepository(workspace: Workspace, { uuid }: ChangeOf<'remove-repository'>): ChangedIds {
  const repository = named(workspace.repositories.get(uuid), 'repository', uuid)
  workspace.repositories.delete(uuid)
  workspace.repositoriesBySlug.delete(repository.slug)
  return { repositoryUuid: uuid }
}

/** The slug follows the name; the old slug redirects until another repository takes it, the uuid stays. */
export function renameRepository(workspace: Workspace, change: ChangeOf<'rename-repository'>, at: string): ChangedIds {
  const { uuid, name } = change
  const repository = named(workspace.repositories.get(uuid), 'repository', uuid)
  refuseIf(repository.name === name, 'the repository has that name already')
  const slug = slugOf(name) === repository.slug ? repository.slug : freeSlug(workspace, name)
  workspace.repositoriesBySlug.delete(repository.slug)
  workspace.repositoriesBySlug.set(slug, repository)
  if (slug !== repository.slug) workspace.formerSlugs.set(repository.slug, uuid)
  workspace.formerSlugs.delete(slug)
  repository.name = name
  repository.slug = slug
  repository.updatedOn = at
  return { repositoryUuid: uuid, slug }
}

/** Explicit grants on the repository move with it. */
export function moveRepository(workspace: Workspace, change: ChangeOf<'move-repository'>, at: string): ChangedIds {
  const { uuid, projectUuid } = change
  const repository = named(workspace.repositories.get(uuid), 'repository', uuid)
  const project = named(workspace.projects.get(projectUuid), 'project', projectUuid)
  refuseIf(repository.projectUuid === projectUuid, 'the repository is in that project already')
  refusePublicIn(project, repository.isPrivate)
  repository.projectUuid = projectUuid
  repository.updatedOn = at
  return { repositoryUuid: uuid, projectUuid }
}

export function setRepositoryPrivacy(
  workspace: Workspace,
  change: ChangeOf<'set-repository-privacy'>,
  at: string,
): ChangedIds {
  const { uuid, isPrivate } = change
  const repository = named(workspace.repositories.get(uuid), 'repository', uuid)
  refuseIf(repository.isPrivate === isPrivate, `the repository is ${isPrivate ? 'private' : 'public'} already`)
  const { projectUuid } = repository
  refusePublicIn(named(workspace.projects.get(projectUuid), 'project', projectUuid), isPrivate)
  repository.isPrivate = isPrivate
  repository.updatedOn = at
  return { repositoryUuid: uuid }
}

function freeSlug(workspace: Workspace, name: string): string {
  const slug = slugOf(name)
  refuseIf(slug === '', 'the name has nothing to make a slug of')
  refuseIf(workspace.repositoriesBySlug.has(slug), `there is a repository ${slug} already`)
  return slug
}

function refusePublicIn(project: Project, isPrivate: boolean): void {
  refuseIf(project.isPrivate && !isPrivate, 'a private project holds no public repositories')
}
