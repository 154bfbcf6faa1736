import type { ItemOf } from '../../api/client.ts'

export type HeldRemoval = ItemOf<'listHeldRemovals'>

/** What it looks like from outside when removals of one kind are found, finer than the reason that the API gives. */
export type HeldCause =
  | 'people-gone'
  | 'projects-gone'
  | 'repositories-gone'
  | 'group-members-gone'
  | 'project-permissions-gone'
  | 'repository-permissions-gone'
  | 'roles-gone'

export function causeOf({ cause, resource }: Pick<HeldRemoval, 'cause' | 'resource'>): HeldCause {
  if (cause === 'left-the-workspace') return 'people-gone'
  const isProject = resource.startsWith('project:')
  if (cause === 'resource-gone') return isProject ? 'projects-gone' : 'repositories-gone'
  if (resource.startsWith('group:')) return 'group-members-gone'
  if (resource === 'workspace') return 'roles-gone'
  return isProject ? 'project-permissions-gone' : 'repository-permissions-gone'
}

interface CauseWords {
  readonly title: string
  /** What usually lies behind it; the likeliest first. */
  readonly explanations: readonly string[]
  /** How to find out in Bitbucket. */
  readonly check: string
}

export const causeWords: Readonly<Record<HeldCause, CauseWords>> = {
  'people-gone': {
    title: 'People who are no longer in the workspace',
    explanations: [
      'Your identity provider has taken many people out of the workspace at once.',
      'The workspace went to another organisation, or was merged.',
      'They have really left.',
    ],
    check: 'Look at Workspace settings › People.',
  },
  'projects-gone': {
    title: 'Projects that are no longer listed',
    explanations: [
      'The consumer was replaced, or sees fewer projects than before.',
      'The projects were moved to another workspace.',
      'The projects were deleted.',
    ],
    check: 'Look whether the projects are in the workspace, for an administrator.',
  },
  'repositories-gone': {
    title: 'Repositories that are no longer listed',
    explanations: [
      'The consumer lost its right to administer them, so that Bitbucket no longer lists them to it.',
      'They were transferred to another workspace, or the workspace was renamed.',
      'They were deleted in a clean-up.',
    ],
    check: 'Look whether the repositories are in the workspace, for an administrator.',
  },
  'group-members-gone': {
    title: 'Groups that have lost members',
    explanations: [
      'A group was deleted or renamed. Under its new name it is another group.',
      'The groups come from a directory that was not in order at that time.',
      'Somebody has cleaned up the groups.',
    ],
    check: 'Look at Workspace settings › User groups.',
  },
  'project-permissions-gone': {
    title: 'Permissions on projects that are gone',
    explanations: [
      'A group was taken off the project, and with it what all its members had.',
      'The project was made to inherit from the workspace.',
      'Somebody has cleaned up.',
    ],
    check: 'Look at the settings of the project › User and group access.',
  },
  'repository-permissions-gone': {
    title: 'Permissions on repositories that are gone',
    explanations: [
      'A group was taken off the repositories, and with it what all its members had.',
      'Permissions were moved to the project, so that the repositories inherit them.',
      'A script or somebody has cleaned up.',
    ],
    check: 'Look at the settings of the repository › Repository permissions.',
  },
  'roles-gone': {
    title: 'Roles in the workspace that are gone',
    explanations: ['Your identity provider manages the roles and has changed them.', 'Somebody has changed the roles.'],
    check: 'Look at Workspace settings › People.',
  },
}
