import type { EventData } from '@clarity/shared/contract/events'
import { countOf } from '../../ui/time.tsx'
import { describeChanged } from './changed-fields.ts'
import { groupOfMembership, resourceName, userName } from './entity-names.ts'
import { isPermission, levelOf, levelOn, membersCan, noLongerHolds, nowHolds } from './levels.ts'
import type { KnownEvent } from './read-event.ts'
import { type Names, type Sentence, say, type Text } from './sentence.ts'

/** Events about people, what can be held, and who holds it. Null: the event is about something else. */
export function describeAccess(event: KnownEvent, names: Names): Sentence | null {
  return describeUser(event, names) ?? describeEntitlement(event, names) ?? describeHolding(event, names)
}

const kinds = { person: 'a person', app: 'an app', team: 'a team', unknown: 'an account of a kind not known here' }

function describeUser({ name, data, subject }: KnownEvent, names: Names): Sentence | null {
  const user = userName(names, subject)
  switch (name) {
    case 'service-user.created': {
      const { kind, membership, status } = data.serviceUser
      const where = membership === 'member' ? 'in the workspace' : 'from outside the workspace'
      const details = status === 'active' ? [] : [say`The account is ${status}.`]
      return { tone: 'gain', text: say`${user} was seen for the first time: ${kinds[kind]} ${where}`, details }
    }
    case 'service-user.updated': {
      const { membership, status, ...rest } = data.changed
      const others = describeChanged(rest)
      if (membership !== undefined) {
        const left = membership.to === 'outside'
        const text = left
          ? say`${user} is no longer a member of the workspace, but still holds something there`
          : say`${user} is now a member of the workspace`
        return { tone: left ? 'attention' : 'gain', text, details: [...describeChanged(pick({ status })), ...others] }
      }
      if (status !== undefined) {
        const text = say`The account of ${user} is now ${String(status.to)}`
        return { tone: 'attention', text, details: [say`Before: ${String(status.from)}.`, ...others] }
      }
      return { tone: 'neutral', text: say`The account of ${user} changed`, details: others }
    }
    case 'service-user.attributes-changed': {
      const { displayName, ...rest } = data.changed
      const { from, to } = displayName ?? {}
      if (typeof from === 'string' && typeof to === 'string') {
        return {
          tone: 'neutral',
          text: say`${{ name: from }} is now called ${{ name: to }}`,
          details: describeChanged(rest),
        }
      }
      return { tone: 'neutral', text: say`What is known of ${user} changed`, details: describeChanged(data.changed) }
    }
    case 'service-user.removed': {
      const texts: Record<EventData<'service-user.removed'>['reason'], Text> = {
        left: say`${user} left the workspace and holds nothing there any more`,
        'account-closed': say`The account of ${user} was closed`,
        erased: say`The account of ${user} was erased`,
        'connection-removed': say`${user} is told no more, for the connection was removed`,
      }
      return { tone: 'loss', text: texts[data.reason], details: evidenceOf(data) }
    }
    default:
      return null
  }
}

function describeEntitlement({ name, data }: KnownEvent, names: Names): Sentence | null {
  switch (name) {
    case 'entitlement.created': {
      const { id, kind } = data.entitlement
      const former = data.possibleRenameOf
      const details = former
        ? [
            say`Perhaps it is ${resourceName(names, groupOfMembership(former))} under another name: it has the same members.`,
          ]
        : []
      const thing = levelOn(names, id)
      if (kind === 'group-membership') return { tone: 'gain', text: say`There is now ${thing}`, details }
      return { tone: 'neutral', text: capital(say`${thing} is now in use`), details }
    }
    case 'entitlement.updated': {
      const { entitlement, changed, moved } = data
      const { 'resource.name': renamed, name: _, ...rest } = changed
      const of = isPermission(entitlement.id) ? [say`Told of the level ${entitlement.level}.`] : []
      if (moved !== undefined) {
        const before = moved.from === null ? say`` : say`, before in ${{ name: moved.from }}`
        const text = say`${{ name: entitlement.resource.name }} is now in the project ${{ name: moved.to ?? 'not known' }}${before}`
        const inherited = say`What everybody inherits from the project has changed.`
        return { tone: 'attention', text, details: [inherited, ...of] }
      }
      if (typeof renamed?.from === 'string' && typeof renamed.to === 'string') {
        const { kind } = entitlement.resource
        const text = say`The ${kind} ${{ name: renamed.from }} is now called ${{ name: renamed.to }}`
        return { tone: 'neutral', text, details: [...describeChanged(rest), ...of] }
      }
      const text = say`Something about ${levelOn(names, entitlement.id)} changed`
      return { tone: 'neutral', text, details: describeChanged(changed) }
    }
    case 'entitlement.removed': {
      const { entitlement, reason, possibleRenameTo } = data
      const thing = levelOn(names, entitlement.id)
      const details = possibleRenameTo
        ? [
            say`Perhaps it is ${resourceName(names, groupOfMembership(possibleRenameTo))} now: that has the same members.`,
          ]
        : []
      const texts = {
        'not-in-use':
          entitlement.kind === 'group-membership' ? say`${thing} is gone` : say`${thing} is no longer in use`,
        'resource-removed': say`${thing} is gone`,
        'connection-removed': say`${thing} is told no more, for the connection was removed`,
      }
      // Who lost it was told before: that nobody is left takes nothing away.
      return { tone: 'neutral', text: capital(texts[reason]), details }
    }
    default:
      return null
  }
}

function describeHolding({ name, data }: KnownEvent, names: Names): Sentence | null {
  switch (name) {
    case 'service-user-entitlement.granted': {
      const { serviceUserId, entitlementId } = data.grant
      const text = say`${userName(names, serviceUserId)} ${nowHolds(names, entitlementId)}`
      return { tone: 'gain', text, details: isPermission(entitlementId) ? [assigned] : [] }
    }
    case 'service-user-entitlement.changed': {
      const { serviceUserId, from, to, direction } = data
      const user = userName(names, serviceUserId)
      const before = say`Before: ${levelOf(from)}.`
      // Who was lowered may still be able to do more, by a group or the project.
      const isLess = direction === 'lowered' && isPermission(to)
      const text = isLess ? say`${user} now has only ${levelOn(names, to)}` : say`${user} ${nowHolds(names, to)}`
      const tone = direction === 'lowered' ? 'loss' : direction === 'raised' ? 'gain' : 'attention'
      return { tone, text, details: isPermission(to) ? [before, assigned] : [before] }
    }
    case 'service-user-entitlement.revoked': {
      const { serviceUserId, entitlementId } = data.grant
      const text = say`${userName(names, serviceUserId)} ${noLongerHolds(names, entitlementId)}`
      const reasons = {
        removed: isPermission(entitlementId) ? [say`It was assigned directly.`] : [],
        'resource-removed': [say`It is gone, with all that was held on it.`],
        'user-left': [say`They left the workspace.`],
        'connection-removed': [say`The connection was removed.`],
      }
      return { tone: 'loss', text, details: [...reasons[data.reason], ...evidenceOf(data)] }
    }
    case 'entitlement-nesting.added':
    case 'entitlement-nesting.changed': {
      const group = resourceName(names, groupOfMembership(data.container))
      const members = membersOf(data.membersAffected)
      if (name === 'entitlement-nesting.added') {
        return { tone: 'gain', text: say`Members of ${group} ${membersCan(names, data.contained)}`, details: [members] }
      }
      const { from, to, direction } = data
      const isLess = direction === 'lowered'
      const text = isLess
        ? capital(say`${group} now gives only ${levelOn(names, to)}`)
        : say`Members of ${group} ${membersCan(names, to)}`
      const tone = isLess ? 'loss' : direction === 'raised' ? 'gain' : 'attention'
      return { tone, text, details: [say`Before: ${levelOf(from)}.`, members] }
    }
    case 'entitlement-nesting.removed': {
      const group = resourceName(names, groupOfMembership(data.container))
      const text = capital(say`${group} no longer gives ${levelOn(names, data.contained)}`)
      const reasons = {
        removed: [],
        'resource-removed': [say`It is gone, with all that was held on it.`],
        'connection-removed': [say`The connection was removed.`],
      }
      const details = [...reasons[data.reason], membersOf(data.membersAffected), ...evidenceOf(data)]
      return { tone: 'loss', text, details }
    }
    default:
      return null
  }
}

const assigned = say`Assigned directly.`

function membersOf(count: number | null): Text {
  if (count === null) return say`How many are in the group is not known.`
  return say`${countOf(count, 'person is', 'people are')} in the group.`
}

function evidenceOf({ evidence }: Pick<EventData<'service-user.removed'>, 'evidence'>): readonly Text[] {
  return evidence === undefined ? [] : [say`${countOf(evidence.reads, 'read')} agree on it.`]
}

/** Begins with a capital letter, unless it begins with a name. */
function capital([first, ...rest]: Text): Text {
  if (typeof first !== 'string') return first === undefined ? rest : [first, ...rest]
  return [`${first.slice(0, 1).toUpperCase()}${first.slice(1)}`, ...rest]
}

function pick<Value>(fields: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}
