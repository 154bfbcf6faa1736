import { hash } from 'node:crypto'
import { directionOf } from '@clarity/shared/access/levels'
import type { Entitlement, Grant, ServiceUser } from '@clarity/shared/contract/entities'
import type { Cause, ConnectionRef, EventData, EventName, PendingEvent } from '@clarity/shared/contract/events'
import {
  type EntitlementId,
  entitlementId,
  type GroupMembershipId,
  grantId,
  isServiceUserId,
  nestingId,
  type ScopeId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import type { Coverage, Sync } from '@clarity/shared/contract/syncs'
import type { Holding } from './facts.ts'
import { changedFields } from './identity.ts'

/** What all events of one commit have in common, and what some of them tell beside the entity itself. */
export interface EventContext {
  readonly connection: ConnectionRef
  readonly cause: Cause
  readonly observedAt: string
  readonly previouslyObservedAt: string | null
  readonly scope: ScopeId | null
  /** How a removal was confirmed; null as long as there is none. */
  readonly evidence: { readonly reads: number; readonly confirmedAt: string } | null
  /** Why what is missing is missing. */
  readonly removal: 'removed' | 'resource-removed' | 'user-left' | 'connection-removed'
  readonly membersOf: (group: GroupMembershipId) => number | null
}

function digest(entity: unknown): string {
  return hash('sha256', JSON.stringify(entity), 'base64url')
}

function commonOf({ connection, cause, observedAt, previouslyObservedAt, scope }: EventContext) {
  return { connection, cause, observedAt, previouslyObservedAt, scope }
}

/** That the connection was removed needs none: nothing was read. */
function evidenceOf({ evidence, scope, removal }: EventContext) {
  if (removal === 'connection-removed') return {}
  if (evidence === null) throw new TypeError(`A removal in ${scope} was planned without evidence`)
  return { evidence }
}

function pending<Name extends EventName>(
  name: Name,
  subject: string,
  data: EventData<Name>,
  before: unknown,
  after: unknown,
): PendingEvent<Name> {
  const of = (entity: unknown) => (entity === null ? null : digest(entity))
  return { name, subject, data, before: of(before), after: of(after) }
}

export function userCreated(context: EventContext, serviceUser: ServiceUser): PendingEvent {
  return pending('service-user.created', serviceUser.id, { ...commonOf(context), serviceUser }, null, serviceUser)
}

/** The events, none to two, that tell how a service user changed. */
export function userChanged(context: EventContext, from: ServiceUser, to: ServiceUser): PendingEvent[] {
  const events: PendingEvent[] = []
  const { attributes: attributesBefore, externalIds: idsBefore, ...restBefore } = from
  const { attributes, externalIds, ...rest } = to
  const changed = { ...changedFields(restBefore, rest), ...changedFields(idsBefore, externalIds, 'externalIds.') }
  if (Object.keys(changed).length > 0) {
    // What changes of the attributes is told next; each event is a step by itself.
    const serviceUser = { ...to, attributes: attributesBefore }
    events.push(pending('service-user.updated', to.id, { ...commonOf(context), serviceUser, changed }, from, to))
  }
  const changedAttributes = changedFields(attributesBefore, attributes)
  if (Object.keys(changedAttributes).length > 0) {
    const data = { ...commonOf(context), attributes, changed: changedAttributes }
    events.push({ ...pending('service-user.attributes-changed', to.id, data, from, to), entity: to })
  }
  return events
}

export function userRemoved(context: EventContext, serviceUser: ServiceUser): PendingEvent {
  const ended = serviceUser.status === 'closed' ? 'account-closed' : 'left'
  const reason = context.removal === 'connection-removed' ? context.removal : ended
  const data = { ...commonOf(context), serviceUser, reason, ...evidenceOf(context) } as const
  return pending('service-user.removed', serviceUser.id, data, serviceUser, null)
}

/** `possibleRenameOf` is a group that goes while this one, with the same members, comes. */
export function entitlementCreated(
  context: EventContext,
  entitlement: Entitlement,
  possibleRenameOf?: GroupMembershipId,
): PendingEvent {
  const data = { ...commonOf(context), entitlement, ...(possibleRenameOf && { possibleRenameOf }) }
  return pending('entitlement.created', entitlement.id, data, null, entitlement)
}

export function entitlementUpdated(context: EventContext, from: Entitlement, to: Entitlement): PendingEvent {
  const { resource: resourceBefore, ...restBefore } = from
  const { resource, ...rest } = to
  const changed = { ...changedFields(restBefore, rest), ...changedFields(resourceBefore, resource, 'resource.') }
  const isMoved = resourceBefore.parent?.uuid !== resource.parent?.uuid
  const moved = { from: resourceBefore.parent?.key ?? null, to: resource.parent?.key ?? null }
  const data = { ...commonOf(context), entitlement: to, changed, ...(isMoved && { moved }) }
  return pending('entitlement.updated', to.id, data, from, to)
}

export function entitlementRemoved(
  context: EventContext,
  entitlement: Entitlement,
  possibleRenameTo?: GroupMembershipId,
): PendingEvent {
  const { removal } = context
  const isResource = removal === 'resource-removed' || entitlement.kind === 'group-membership'
  const reason = removal === 'connection-removed' ? removal : isResource ? 'resource-removed' : 'not-in-use'
  return pending(
    'entitlement.removed',
    entitlement.id,
    { ...commonOf(context), entitlement, reason, ...(possibleRenameTo && { possibleRenameTo }) },
    entitlement,
    null,
  )
}

function toGrant(holder: ServiceUserId, entitlement: EntitlementId): Grant {
  const id = grantId(holder, entitlement)
  return { id, serviceUserId: holder, entitlementId: entitlement, assignment: 'direct' }
}

/** A grant, when a service user holds; a nesting, when a group does. */
export function holdingAdded(context: EventContext, { holder, resource, level }: Holding): PendingEvent {
  const entitlement = entitlementId(resource, level)
  if (isServiceUserId(holder)) {
    const grant = toGrant(holder, entitlement)
    return pending('service-user-entitlement.granted', grant.id, { ...commonOf(context), grant }, null, grant)
  }
  const nesting = { container: holder, contained: entitlement }
  const data = { ...commonOf(context), ...nesting, membersAffected: context.membersOf(holder) }
  return pending('entitlement-nesting.added', nestingId(holder, entitlement), data, null, nesting)
}

export function holdingChanged(context: EventContext, before: Holding, after: Holding): PendingEvent {
  const { holder } = after
  const from = entitlementId(before.resource, before.level)
  const to = entitlementId(after.resource, after.level)
  const common = { ...commonOf(context), from, to, direction: directionOf(before.level, after.level) }
  if (isServiceUserId(holder)) {
    const data = { ...common, serviceUserId: holder }
    return pending('service-user-entitlement.changed', grantId(holder, to), data, from, to)
  }
  const data = { ...common, container: holder, membersAffected: context.membersOf(holder) }
  return pending('entitlement-nesting.changed', nestingId(holder, to), data, from, to)
}

export function holdingRemoved(context: EventContext, { holder, resource, level }: Holding): PendingEvent {
  const entitlement = entitlementId(resource, level)
  const evidence = evidenceOf(context)
  if (isServiceUserId(holder)) {
    const grant = toGrant(holder, entitlement)
    const data = { ...commonOf(context), grant, reason: context.removal, ...evidence }
    return pending('service-user-entitlement.revoked', grant.id, data, grant, null)
  }
  const nesting = { container: holder, contained: entitlement }
  const reason = context.removal === 'user-left' ? 'removed' : context.removal
  const data = { ...commonOf(context), ...nesting, reason, membersAffected: context.membersOf(holder), ...evidence }
  return pending('entitlement-nesting.removed', nestingId(holder, entitlement), data, nesting, null)
}

export function scopeUnobservable(
  context: EventContext,
  reason: string,
  lastGoodAt: string | null,
  factsKept: number,
): PendingEvent {
  const data = { ...commonOf(context), reason, lastGoodAt, factsKept }
  return pending('scope.unobservable', context.scope ?? '', data, null, reason)
}

export function scopeObservable(context: EventContext, unobservableSince: string): PendingEvent {
  return pending(
    'scope.observable',
    context.scope ?? '',
    { ...commonOf(context), unobservableSince },
    unobservableSince,
    null,
  )
}

export function syncStarted(
  context: EventContext,
  { id, kind }: Pick<Sync, 'id' | 'kind'>,
  plan: EventData<'sync.started'>['plan'],
): PendingEvent {
  return pending('sync.started', id, { ...commonOf(context), kind, plan }, 'requested', 'running')
}

export function syncCompleted(
  context: EventContext,
  { id, kind }: Pick<Sync, 'id' | 'kind'>,
  result: Pick<EventData<'sync.completed'>, 'stats' | 'coverage' | 'evidence' | 'requests'>,
): PendingEvent {
  return pending('sync.completed', id, { ...commonOf(context), kind, ...result }, 'running', 'completed')
}

export function syncCancelled(
  context: EventContext,
  { id, kind }: Pick<Sync, 'id' | 'kind'>,
  coverage: Coverage,
): PendingEvent {
  return pending('sync.cancelled', id, { ...commonOf(context), kind, coverage }, 'running', 'cancelled')
}

export function syncHeld(
  context: EventContext,
  syncId: string,
  held: Pick<EventData<'sync.held'>, 'wouldRemove' | 'limit' | 'causes' | 'sample' | 'expiresAt'>,
): PendingEvent {
  return pending('sync.held', syncId, { ...commonOf(context), ...held }, null, held)
}

export function syncReleased(
  context: EventContext,
  syncId: string,
  released: Pick<EventData<'sync.released'>, 'decision' | 'counts'>,
): PendingEvent {
  return pending('sync.released', syncId, { ...commonOf(context), ...released }, 'held', released)
}

export function connectionDegraded(
  context: EventContext,
  health: Pick<EventData<'connection.degraded'>, 'reason' | 'since' | 'remedy'>,
): PendingEvent {
  return pending('connection.degraded', context.connection.id, { ...commonOf(context), ...health }, null, health)
}

export function connectionRecovered(
  context: EventContext,
  { reason, since }: Pick<EventData<'connection.recovered'>, 'reason' | 'since'>,
): PendingEvent {
  const data = { ...commonOf(context), reason, since }
  return pending('connection.recovered', context.connection.id, data, { reason, since }, null)
}

export function connectionRemoved(
  context: EventContext,
  ended: EventData<'connection.removed'>['ended'],
): PendingEvent {
  return pending('connection.removed', context.connection.id, { ...commonOf(context), ended }, 'removing', null)
}

export function syncFailed(
  context: EventContext,
  { id, kind }: Pick<Sync, 'id' | 'kind'>,
  result: Pick<EventData<'sync.failed'>, 'error' | 'coverage'>,
): PendingEvent {
  return pending('sync.failed', id, { ...commonOf(context), kind, ...result }, 'running', 'failed')
}
