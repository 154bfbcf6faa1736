import { applyChange, type ChangeOutcome } from './changes/apply.ts'
import type { Change, ChangeOf } from './changes/change.ts'
import { slugOf, unusedName } from './names.ts'
import { levels, type Project, type Repository, type Workspace } from './types.ts'
import { createVocabulary, type Vocabulary } from './vocabulary.ts'
import { resourcesOf } from './world.ts'

type Applied = Extract<ChangeOutcome, { state: 'applied' }>
type Draft = (workspace: Workspace, vocabulary: Vocabulary) => Change

/**
 * Makes `count` changes such as a working company makes: mostly grants, revocations and memberships, now
 * and then a joiner, a leaver, a new or a renamed repository. The same workspace and seed give the same ones.
 */
export function applyRandomChanges(workspace: Workspace, count: number, seed: number, nowMs: number): Applied[] {
  const vocabulary = createVocabulary('changes', workspace.uuid, seed)
  const applied: Applied[] = []
  // A draft may name what is not there: applyChange judges it. This ends, because people can always join.
  while (applied.length < count) {
    const draft = vocabulary.faker.helpers.weightedArrayElement(drafts)
    const outcome = applyChange(workspace, draft(workspace, vocabulary), nowMs)
    if (outcome.state === 'applied') applied.push(outcome)
  }
  return applied
}

const drafts: readonly { readonly weight: number; readonly value: Draft }[] = [
  { weight: 30, value: draftGrant },
  { weight: 20, value: draftRevoke },
  {
    weight: 16,
    value: (at, by) => ({
      type: 'add-group-member',
      slug: one(by, at.groups.keys()),
      userUuid: one(by, at.members.keys()),
    }),
  },
  { weight: 12, value: draftGroupMemberGone },
  { weight: 6, value: (_, by) => ({ type: 'add-user', displayName: by.person().displayName, permission: 'member' }) },
  { weight: 4, value: (at, by) => ({ type: 'remove-member', userUuid: one(by, at.members.keys()) }) },
  {
    weight: 2,
    value: (at, by) => ({
      type: 'set-member',
      userUuid: one(by, at.users.keys()),
      permission: by.faker.helpers.arrayElement(['owner', 'member']),
    }),
  },
  {
    weight: 2,
    value: (at, by) => ({
      type: 'rename-user',
      userUuid: one(by, at.users.keys()),
      displayName: by.person().displayName,
    }),
  },
  {
    weight: 4,
    value: (at, by) => ({ type: 'add-repository', projectUuid: one(by, at.projects.keys()), name: newName(at, by) }),
  },
  { weight: 2, value: (at, by) => ({ type: 'remove-repository', uuid: one(by, at.repositories.keys()) }) },
  {
    weight: 2,
    value: (at, by) => ({ type: 'rename-repository', uuid: one(by, at.repositories.keys()), name: newName(at, by) }),
  },
  {
    weight: 2,
    value: (at, by) => ({
      type: 'move-repository',
      uuid: one(by, at.repositories.keys()),
      projectUuid: one(by, at.projects.keys()),
    }),
  },
  { weight: 3, value: draftPrivacy },
  { weight: 1, value: (_, by) => ({ type: 'add-group', name: by.group() }) },
  { weight: 1, value: (at, by) => ({ type: 'rename-group', slug: one(by, at.groups.keys()), name: by.group() }) },
  { weight: 0.5, value: (at, by) => ({ type: 'remove-group', slug: one(by, at.groups.keys()) }) },
  {
    weight: 1,
    value: (_, by) => ({ type: 'add-project', name: by.project(), isPrivate: by.faker.datatype.boolean() }),
  },
  { weight: 1, value: (at, by) => ({ type: 'rename-project', uuid: one(by, at.projects.keys()), name: by.project() }) },
  { weight: 1, value: (at, by) => ({ type: 'remove-project', uuid: one(by, at.projects.keys()) }) },
]

function draftGrant(workspace: Workspace, by: Vocabulary): ChangeOf<'grant'> {
  const { faker } = by
  const userUuid = one(by, workspace.members.keys())
  const principal = faker.datatype.boolean(0.7) ? { groupSlug: one(by, workspace.groups.keys()) } : { userUuid }
  if (faker.datatype.boolean(0.25)) {
    const uuid = one(by, workspace.projects.keys())
    return {
      type: 'grant',
      resource: { kind: 'project', uuid },
      principal,
      permission: faker.helpers.arrayElement(levels),
    }
  }
  const uuid = one(by, workspace.repositories.keys())
  const permission = faker.helpers.arrayElement(['read', 'write', 'admin'] as const)
  return { type: 'grant', resource: { kind: 'repository', uuid }, principal, permission }
}

function draftRevoke(workspace: Workspace, by: Vocabulary): ChangeOf<'revoke'> {
  const granted = [...resourcesOf(workspace)].filter(({ grants }) => grants.users.size + grants.groups.size > 0)
  const uuid = one(
    by,
    granted.map((resource) => resource.uuid),
  )
  const project: Project | undefined = workspace.projects.get(uuid)
  const resource: Project | Repository | undefined = project ?? workspace.repositories.get(uuid)
  const principals = [
    ...[...(resource?.grants.users.keys() ?? [])].map((userUuid) => ({ userUuid })),
    ...[...(resource?.grants.groups.keys() ?? [])].map((groupSlug) => ({ groupSlug })),
  ]
  const principal = principals.length === 0 ? { userUuid: nothing } : by.faker.helpers.arrayElement(principals)
  return { type: 'revoke', resource: { kind: project ? 'project' : 'repository', uuid }, principal }
}

function draftGroupMemberGone(workspace: Workspace, by: Vocabulary): ChangeOf<'remove-group-member'> {
  const slug = one(by, workspace.groups.keys())
  return { type: 'remove-group-member', slug, userUuid: one(by, workspace.groups.get(slug)?.memberUuids ?? []) }
}

function draftPrivacy(workspace: Workspace, by: Vocabulary): ChangeOf<'set-repository-privacy'> {
  const uuid = one(by, workspace.repositories.keys())
  return { type: 'set-repository-privacy', uuid, isPrivate: !workspace.repositories.get(uuid)?.isPrivate }
}

function newName(workspace: Workspace, by: Vocabulary): string {
  return unusedName(by.repository, (name) => workspace.repositoriesBySlug.has(slugOf(name)))
}

/** The id of nothing: what a draft names when there is nothing to choose from. */
const nothing = ''

function one({ faker }: Vocabulary, ids: Iterable<string>): string {
  const choice = [...ids]
  return choice.length === 0 ? nothing : faker.helpers.arrayElement(choice)
}
