import { slugOf } from '../names.ts'
import type { Workspace } from '../types.ts'
import { resourcesOf } from '../world.ts'
import type { ChangedIds, ChangeOf } from './change.ts'
import { named, refuseIf } from './refusal.ts'

export function addGroup(workspace: Workspace, { name }: ChangeOf<'add-group'>): ChangedIds {
  const slug = slugOf(name)
  refuseIf(slug === '', 'the name has nothing to make a slug of')
  refuseIf(workspace.groups.has(slug), `there is a group ${slug} already`)
  workspace.groups.set(slug, { slug, name, permission: null, memberUuids: new Set() })
  return { groupSlug: slug }
}

/** The group goes, and with it all that was granted to it. */
export function removeGroup(workspace: Workspace, { slug }: ChangeOf<'remove-group'>): ChangedIds {
  named(workspace.groups.get(slug), 'group', slug)
  workspace.groups.delete(slug)
  for (const { grants } of resourcesOf(workspace)) grants.groups.delete(slug)
  return { groupSlug: slug }
}

/** Changes the name only: whether Bitbucket would change the slug is not known, and the slug is the identity. */
export function renameGroup(workspace: Workspace, { slug, name }: ChangeOf<'rename-group'>): ChangedIds {
  const group = named(workspace.groups.get(slug), 'group', slug)
  refuseIf(group.name === name, 'the group has that name already')
  group.name = name
  return { groupSlug: slug }
}

export function addGroupMember(workspace: Workspace, change: ChangeOf<'add-group-member'>): ChangedIds {
  const { slug, userUuid } = change
  const group = named(workspace.groups.get(slug), 'group', slug)
  named(workspace.users.get(userUuid), 'user', userUuid)
  refuseIf(group.memberUuids.has(userUuid), 'the user is in the group already')
  group.memberUuids.add(userUuid)
  return { groupSlug: slug, userUuid }
}

export function removeGroupMember(workspace: Workspace, change: ChangeOf<'remove-group-member'>): ChangedIds {
  const { slug, userUuid } = change
  const group = named(workspace.groups.get(slug), 'group', slug)
  named(group.memberUuids.has(userUuid) ? userUuid : undefined, `member of ${slug}`, userUuid)
  group.memberUuids.delete(userUuid)
  return { groupSlug: slug, userUuid }
}
