import type { AccessEvent } from './event.ts'
import type { AccessState } from './view.ts'

/** One line that a person understands. `state` is what is known before the event; it gives the names. */
export function describeEvent(event: AccessEvent, state: AccessState): string {
  const user = (id: string) => state.serviceUsers.get(id)?.attributes.displayName ?? id
  const entitlement = (id: string) => state.entitlements.get(id)?.name ?? id
  switch (event.name) {
    case 'service-user.created': {
      const { attributes, id, membership } = event.data.serviceUser
      return `new service user ${attributes.displayName ?? id} (${membership === 'member' ? 'member' : 'outside the workspace'})`
    }
    case 'service-user.updated':
    case 'service-user.attributes-changed':
      return `service user ${user(event.subject)}: ${describeChanged(event.data.changed)}`
    case 'service-user.removed':
      return `service user ${user(event.subject)} is gone (${event.data.reason})`
    case 'entitlement.created':
      return `new entitlement "${event.data.entitlement.name}"`
    case 'entitlement.updated':
      return `entitlement "${entitlement(event.subject)}": ${describeChanged(event.data.changed)}`
    case 'entitlement.removed':
      return `entitlement "${event.data.entitlement.name}" is gone (${event.data.reason})`
    case 'service-user-entitlement.granted':
      return `${user(event.data.grant.serviceUserId)} now holds "${entitlement(event.data.grant.entitlementId)}"`
    case 'service-user-entitlement.changed':
      return `${user(event.data.serviceUserId)}: "${entitlement(event.data.from)}" ${event.data.direction} to "${entitlement(event.data.to)}"`
    case 'service-user-entitlement.revoked':
      return `${user(event.data.grant.serviceUserId)} no longer holds "${entitlement(event.data.grant.entitlementId)}" (${event.data.reason})`
    case 'entitlement-nesting.added':
      return `"${entitlement(event.data.container)}" now gives "${entitlement(event.data.contained)}"`
    case 'entitlement-nesting.changed':
      return `"${entitlement(event.data.container)}": "${entitlement(event.data.from)}" ${event.data.direction} to "${entitlement(event.data.to)}"`
    case 'entitlement-nesting.removed':
      return `"${entitlement(event.data.container)}" no longer gives "${entitlement(event.data.contained)}" (${event.data.reason})`
    case 'scope.unobservable':
      return `${event.data.scope} cannot be observed (${event.data.reason}); ${event.data.factsKept} facts are kept`
    case 'scope.observable':
      return `${event.data.scope} can be observed again`
    case 'sync.failed':
      return `${event.data.kind} sync failed: ${event.data.error.title}`
    case 'sync.completed':
      return `${event.data.kind} sync completed with ${event.data.requests} requests`
    case 'sync.requested':
    case 'sync.started':
      return `${event.data.kind} sync ${event.name.slice('sync.'.length)}`
    case 'sync.cancelled':
      return `${event.data.kind} sync cancelled`
    case 'sync.held': {
      const { grants, nestings, of } = event.data.wouldRemove
      return `${grants + nestings} removals of ${of} are held until somebody decides, at the latest ${event.data.expiresAt}`
    }
    case 'sync.released': {
      const { decision, counts } = event.data
      return `held removals: ${decision} (${counts.removed} go, ${counts.kept} stay)`
    }
    case 'connection.degraded':
      return `connection tells nothing new since ${event.data.since} (${event.data.reason}): ${event.data.remedy}`
    case 'connection.recovered':
      return 'connection tells what is new again'
    case 'connection.created':
      return `connection "${event.data.name}" to workspace ${event.data.connection.workspace.slug} created`
    case 'connection.updated':
      return `connection "${event.data.details.name}": ${describeChanged(event.data.changed)}`
    case 'connection.paused':
      return 'connection paused: nothing new is read until it is resumed'
    case 'connection.resumed':
      return `connection resumed, after a pause since ${event.data.since}`
    case 'connection.removed':
      return `connection to workspace ${event.data.connection.workspace.slug} removed, with all that it told`
    case 'stream.event-withheld':
      return `an event is missing here (${event.data.reason}): ${event.data.detail}`
    case 'stream.verification':
      return `verification: ${event.data.text}`
  }
}

function describeChanged(changed: Readonly<Record<string, { from?: unknown; to?: unknown }>>): string {
  const say = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))
  return Object.entries(changed)
    .map(([field, { from, to }]) => `${field} ${say(from)} -> ${say(to)}`)
    .join(', ')
}
