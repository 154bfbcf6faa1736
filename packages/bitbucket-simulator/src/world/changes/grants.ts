import type { Level, Workspace } from '../types.ts'
import type { ChangedIds, ChangeOf } from './change.ts'
import { named, refuseIf } from './refusal.ts'

type GrantChange = ChangeOf<'grant' | 'revoke'>

/** Gives an explicit level, in place of the one held before; the user need not be a member. */
export function grant(workspace: Workspace, change: ChangeOf<'grant'>): ChangedIds {
  const { held, principalId, ids } = locate(workspace, change)
  refuseIf(held.get(principalId) === change.permission, `that principal holds ${change.permission} already`)
  held.set(principalId, change.permission)
  return ids
}

export function revoke(workspace: Workspace, change: ChangeOf<'revoke'>): ChangedIds {
  const { held, principalId, ids } = locate(workspace, change)
  named(held.get(principalId), 'grant of', principalId)
  held.delete(principalId)
  return ids
}

interface Located {
  /** The grants on the resource to principals of that kind. */
  readonly held: Map<string, Level>
  readonly principalId: string
  readonly ids: ChangedIds
}

function locate(workspace: Workspace, { resource: { kind, uuid }, principal }: GrantChange): Located {
  const resources = kind === 'project' ? workspace.projects : workspace.repositories
  const { grants } = named(resources.get(uuid), kind, uuid)
  const ids = kind === 'project' ? { projectUuid: uuid } : { repositoryUuid: uuid }
  if ('userUuid' in principal) {
    named(workspace.users.get(principal.userUuid), 'user', principal.userUuid)
    return { held: grants.users, principalId: principal.userUuid, ids: { ...ids, ...principal } }
  }
  named(workspace.groups.get(principal.groupSlug), 'group', principal.groupSlug)
  return { held: grants.groups, principalId: principal.groupSlug, ids: { ...ids, ...principal } }
}
