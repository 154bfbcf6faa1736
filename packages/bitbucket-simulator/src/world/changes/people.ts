import { isDeepStrictEqual } from 'node:util'
import { principalsOf } from '../truth.ts'
import type { Workspace } from '../types.ts'
import { addUser, resourcesOf } from '../world.ts'
import type { ChangedIds, ChangeOf } from './change.ts'
import { named, refuseIf } from './refusal.ts'

/** Gives an account a role; one that had left joins again. */
export function setMember(workspace: Workspace, change: ChangeOf<'set-member'>, at: string): ChangedIds {
  const { userUuid, permission } = change
  named(workspace.users.get(userUuid), 'user', userUuid)
  const member = workspace.members.get(userUuid)
  refuseIf(member?.permission === permission, `the user is ${permission} already`)
  if (member === undefined) workspace.members.set(userUuid, { permission, addedOn: at, lastAccessed: null })
  else {
    refuseIf(isLastOwner(workspace, userUuid), 'a workspace keeps at least one owner')
    member.permission = permission
  }
  return { userUuid }
}

/** The person leaves: role, direct grants and group memberships go; the account stays known. */
export function removeMember(workspace: Workspace, { userUuid }: ChangeOf<'remove-member'>): ChangedIds {
  named(workspace.members.get(userUuid), 'member', userUuid)
  refuseIf(isLastOwner(workspace, userUuid), 'a workspace keeps at least one owner')
  workspace.members.delete(userUuid)
  for (const group of workspace.groups.values()) group.memberUuids.delete(userUuid)
  for (const { grants } of resourcesOf(workspace)) grants.users.delete(userUuid)
  return { userUuid }
}

/** A person whom the workspace has never seen joins it. */
export function addPerson(workspace: Workspace, change: ChangeOf<'add-user'>, at: string): ChangedIds {
  const { displayName, permission } = change
  const { uuid } = addUser(workspace, { displayName, nickname: displayName, type: 'user', createdOn: at })
  workspace.members.set(uuid, { permission, addedOn: at, lastAccessed: null })
  return { userUuid: uuid }
}

/** Changes the display name; the nickname is another field, and stays. */
export function renameUser(workspace: Workspace, { userUuid, displayName }: ChangeOf<'rename-user'>): ChangedIds {
  const user = named(workspace.users.get(userUuid), 'user', userUuid)
  refuseIf(!principalsOf(workspace).has(userUuid), 'the user has left: nobody would see the new name')
  refuseIf(user.displayName === displayName, 'the user has that name already')
  user.displayName = displayName
  return { userUuid }
}

/** What Atlassian says of the account; a closed one keeps its grants, as it does for some time in Bitbucket. */
export function setAccount(workspace: Workspace, change: ChangeOf<'set-account'>): ChangedIds {
  const { type: _, userUuid, ...wanted } = change
  const user = named(workspace.users.get(userUuid), 'user', userUuid)
  const before = { ...user }
  Object.assign(user, wanted)
  refuseIf(isDeepStrictEqual(before, user), 'the account is so already')
  return { userUuid }
}

function isLastOwner(workspace: Workspace, userUuid: string): boolean {
  if (workspace.members.get(userUuid)?.permission !== 'owner') return false
  return [...workspace.members.values()].filter(({ permission }) => permission === 'owner').length === 1
}
