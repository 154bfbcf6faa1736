/**
 * The one door through which a living workspace changes. A change is checked whole before it touches
 * anything, and one that would leave the truth as it was is refused: an applied change always shows.
 */
import { instantOf } from '../names.ts'
import type { Workspace } from '../types.ts'
import type { Change, ChangedIds } from './change.ts'
import { grant, revoke } from './grants.ts'
import { addGroup, addGroupMember, removeGroup, removeGroupMember, renameGroup } from './groups.ts'
import { addPerson, removeMember, renameUser, setAccount, setMember } from './people.ts'
import { addProject, removeProject, renameProject } from './projects.ts'
import { Refusal } from './refusal.ts'
import {
  addRepository,
  moveRepository,
  removeRepository,
  renameRepository,
  setRepositoryPrivacy,
} from './repositories.ts'

export type ChangeOutcome =
  | { readonly state: 'applied'; readonly change: Change; readonly ids: ChangedIds }
  | { readonly state: 'refused'; readonly status: 404 | 409; readonly message: string }

/** Makes the change at that instant, or says why not and leaves the workspace untouched. */
export function applyChange(workspace: Workspace, change: Change, nowMs: number): ChangeOutcome {
  try {
    const ids = dispatch(workspace, change, instantOf(nowMs))
    workspace.revision++
    return { state: 'applied', change, ids }
  } catch (error) {
    if (error instanceof Refusal) return { state: 'refused', status: error.status, message: error.message }
    throw error
  }
}

function dispatch(workspace: Workspace, change: Change, at: string): ChangedIds {
  switch (change.type) {
    case 'set-member':
      return setMember(workspace, change, at)
    case 'remove-member':
      return removeMember(workspace, change)
    case 'add-user':
      return addPerson(workspace, change, at)
    case 'rename-user':
      return renameUser(workspace, change)
    case 'set-account':
      return setAccount(workspace, change)
    case 'add-group':
      return addGroup(workspace, change)
    case 'remove-group':
      return removeGroup(workspace, change)
    case 'rename-group':
      return renameGroup(workspace, change)
    case 'add-group-member':
      return addGroupMember(workspace, change)
    case 'remove-group-member':
      return removeGroupMember(workspace, change)
    case 'add-project':
      return addProject(workspace, change, at)
    case 'rename-project':
      return renameProject(workspace, change, at)
    case 'remove-project':
      return removeProject(workspace, change)
    case 'add-repository':
      return addRepository(workspace, change, at)
    case 'remove-repository':
      return removeRepository(workspace, change)
    case 'rename-repository':
      return renameRepository(workspace, change, at)
    case 'move-repository':
      return moveRepository(workspace, change, at)
    case 'set-repository-privacy':
      return setRepositoryPrivacy(workspace, change, at)
    case 'grant':
      return grant(workspace, change)
    case 'revoke':
      return revoke(workspace, change)
  }
}
