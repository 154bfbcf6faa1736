import { projectKeyOf } from '../names.ts'
import type { Workspace } from '../types.ts'
import * as world from '../world.ts'
import type { ChangedIds, ChangeOf } from './change.ts'
import { named, refuseIf } from './refusal.ts'

export function addProject(workspace: Workspace, change: ChangeOf<'add-project'>, at: string): ChangedIds {
  const { name, isPrivate } = change
  refuseIf(
    [...workspace.projects.values()].some((project) => project.name === name),
    'a project has that name already',
  )
  const key = projectKeyOf(name, (candidate) => workspace.projectsByKey.has(candidate))
  const { uuid } = world.addProject(workspace, { key, name, description: '', isPrivate, createdOn: at })
  return { projectUuid: uuid, key }
}

/** Changes the name only; the key stays. */
export function renameProject(workspace: Workspace, change: ChangeOf<'rename-project'>, at: string): ChangedIds {
  const { uuid, name } = change
  const project = named(workspace.projects.get(uuid), 'project', uuid)
  refuseIf(project.name === name, 'the project has that name already')
  project.name = name
  project.updatedOn = at
  return { projectUuid: uuid }
}

/** Only an empty project can go, as in Bitbucket. */
export function removeProject(workspace: Workspace, { uuid }: ChangeOf<'remove-project'>): ChangedIds {
  const project = named(workspace.projects.get(uuid), 'project', uuid)
  const holdsOne = [...workspace.repositories.values()].some(({ projectUuid }) => projectUuid === uuid)
  refuseIf(holdsOne, 'the project holds repositories')
  workspace.projects.delete(uuid)
  workspace.projectsByKey.delete(project.key)
  return { projectUuid: uuid }
}
