import { type GroupMembershipId, groupMembershipId } from '@clarity/shared/contract/ids'
import type { Facts, Reading } from './facts.ts'

/** Which new group may be which old one under another name, and the other way round. */
export interface Renames {
  readonly from: ReadonlyMap<GroupMembershipId, GroupMembershipId>
  readonly to: ReadonlyMap<GroupMembershipId, GroupMembershipId>
}

/**
 * Bitbucket gives groups no id but their slug, so a renamed one is a group that goes and another that comes. Where exactly
 * one goes and one comes with the same members in the same reading, that is said of both; it is never taken for certain,
 * and of a group without members it cannot be told.
 */
export function possibleRenames({ before, after }: { readonly before: Facts; readonly after: Reading }): Renames {
  const gone = [...before.groups].filter((slug) => !after.facts.groups.has(slug))
  const come = [...after.facts.groups].filter((slug) => !before.groups.has(slug))
  const from = new Map<GroupMembershipId, GroupMembershipId>()
  const to = new Map<GroupMembershipId, GroupMembershipId>()
  if (gone.length === 0 || come.length === 0) return { from, to }
  const goneByMembers = groupBy(gone, membersByGroup(before))
  const comeByMembers = groupBy(come, membersByGroup(after.facts))
  for (const [members, [newSlug, ...others]] of comeByMembers) {
    const [oldSlug, ...otherOld] = goneByMembers.get(members) ?? []
    if (newSlug === undefined || oldSlug === undefined || others.length > 0 || otherOld.length > 0) continue
    from.set(groupMembershipId(newSlug), groupMembershipId(oldSlug))
    to.set(groupMembershipId(oldSlug), groupMembershipId(newSlug))
  }
  return { from, to }
}

function membersByGroup({ holdings }: Facts): Map<string, string[]> {
  const members = new Map<string, string[]>()
  for (const { holder, resource } of holdings.values()) {
    const slug = resource.slice('group:'.length)
    const others = members.get(slug)
    if (others === undefined) members.set(slug, [holder])
    else others.push(holder)
  }
  return members
}

/** The slugs that have the same members; those without any are left out. */
function groupBy(slugs: readonly string[], members: ReadonlyMap<string, string[]>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const slug of slugs) {
    const of = members.get(slug)
    if (of === undefined) continue
    const key = of.toSorted().join('\n')
    groups.set(key, [...(groups.get(key) ?? []), slug])
  }
  return groups
}
