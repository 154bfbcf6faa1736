import { directionOf } from '@clarity/shared/access/levels'
import type { ServiceUser } from '@clarity/shared/contract/entities'
import { type EventData, type EventName, eventType } from '@clarity/shared/contract/events'
import {
  type EntitlementId,
  entitlementId,
  entitlementParts,
  type GroupMembershipId,
  grantId,
  nestingId,
  type ResourceId,
  ScopeId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import { type AccessEvent, applyEvent, type BatchEvent, emptyState } from '@clarity/subscriber'
import { type commandKinds, entitlements, groups, levels, pick, toEntitlement, users } from './vocabulary.ts'

/** One thing that somebody may do in a small workspace; whatever does not fit to what is there then, is left out. */
export interface Command {
  readonly what: (typeof commandKinds)[number]
  /** Choose among what there is. */
  readonly a: number
  readonly b: number
  /** How many ms the reading is older or newer than its place in the sequence says. */
  readonly jitterMs: number
}

const evidence = { reads: 2, confirmedAt: '2026-11-01T00:00:00.000Z' }

/** The events that some commands give, each of them valid after those before it, numbered from 1. */
export class HistoryBuilder {
  readonly events: AccessEvent[] = []
  readonly connectionId: `con_${string}`
  readonly tenantId: string
  readonly #state = emptyState()
  readonly #unobservable = new Map<ScopeId, string>()
  #degradedSince: string | null = null
  #pausedSince: string | null = null
  #minutes = 5
  #jitterMs = 0

  constructor(connectionId: `con_${string}` = 'con_1', tenantId = 'acme') {
    this.connectionId = connectionId
    this.tenantId = tenantId
    this.#tell('connection.created', connectionId, { ...this.#common(null), name: 'Acme', details: this.#details() })
  }

  run(commands: readonly Command[]): this {
    for (const command of commands) {
      this.#jitterMs = command.jitterMs
      this.#do(command)
    }
    return this
  }

  /** Tells that all has ended, and then the end of the connection. */
  remove(): this {
    this.#jitterMs = 0
    for (const id of this.#state.nestings.keys()) this.#unnest(id, 'connection-removed')
    for (const id of this.#state.grants.keys()) this.#revoke(id, 'connection-removed')
    for (const id of this.#state.entitlements.keys()) this.#entitlementGone(id)
    for (const id of this.#state.serviceUsers.keys()) this.#userGone(id, 'connection-removed')
    const ended = { serviceUsers: 0, entitlements: 0, grants: 0, nestings: 0 }
    this.#tell('connection.removed', this.connectionId, { ...this.#common(null), ended })
    return this
  }

  /** The number of the last event. */
  get last(): bigint {
    return BigInt(this.events.length)
  }

  #do({ what, a, b }: Command): void {
    const user = pick(users, a)
    const entitlement = pick(entitlements, b)
    const { serviceUsers, grants, nestings } = this.#state
    // Most of what happens, happens to what is there.
    const known = pick([...this.#state.entitlements.values()], b)?.id
    const someone = pick([...serviceUsers.values()], a)?.id
    const doing: Readonly<Record<Command['what'], () => void>> = {
      user: () => this.#user(user, b),
      'user-status': () => this.#userStatus(someone, b),
      'user-name': () => this.#userName(someone, b),
      'user-gone': () => this.#userGone(user, 'left'),
      'user-erased': () => this.#userGone(user, 'erased'),
      entitlement: () => this.#entitlement(entitlement, a),
      rename: () => this.#rename(known, a),
      'entitlement-gone': () => this.#entitlementGone(entitlement),
      grant: () => this.#grant(someone, known),
      'grant-level': () => this.#grantLevel(a, b),
      revoke: () => this.#revoke(pick([...grants.keys()], a), 'removed'),
      nest: () => this.#nest(pick(groups, a), known),
      'nest-level': () => this.#nestLevel(a, b),
      unnest: () => this.#unnest(pick([...nestings.keys()], a), 'removed'),
      scope: () => this.#scope(pick(['repository/r', 'project/p'], a)),
      health: () => this.#health(),
      pause: () => this.#pause(),
      settings: () => this.#settings(b + 5),
      sync: () => this.#sync(`syn_${a}`, b),
    }
    doing[what]()
  }

  #user(id: ServiceUserId, b: number): void {
    if (this.#state.serviceUsers.has(id)) return
    const attributes = {
      displayName: `Name ${b}`,
      ...(b % 2 === 1
        ? { email: `person${b}@example.test`, emailEvidence: 'confirmed' as const }
        : { emailEvidence: b % 4 === 0 ? ('candidate-not-found' as const) : ('not-asked' as const) }),
    }
    const externalIds = { uuid: `{${id}}`, ...(b % 3 === 0 && { accountId: `account-${b}` }) }
    const serviceUser: ServiceUser = {
      id,
      kind: 'person',
      status: 'active',
      membership: b % 2 === 0 ? 'member' : 'outside',
      externalIds,
      attributes,
    }
    this.#tell('service-user.created', id, { ...this.#common('workspace/members'), serviceUser })
  }

  #userStatus(id: ServiceUserId | undefined, b: number): void {
    const from = this.#state.serviceUsers.get(id ?? '')
    const status = pick(['active', 'inactive', 'closed'] as const, b)
    if (from === undefined || from.status === status) return
    const changed = { status: { from: from.status, to: status } }
    this.#tell('service-user.updated', from.id, {
      ...this.#common('workspace/members'),
      serviceUser: { ...from, status },
      changed,
    })
  }

  #userName(id: ServiceUserId | undefined, b: number): void {
    const from = this.#state.serviceUsers.get(id ?? '')
    const nickname = b % 3 === 0 ? undefined : `nick ${b}`
    if (from === undefined || from.attributes.nickname === nickname) return
    const { nickname: was, ...rest } = from.attributes
    const attributes = { ...rest, ...(nickname !== undefined && { nickname }) }
    const changed = {
      nickname: { ...(was !== undefined && { from: was }), ...(nickname !== undefined && { to: nickname }) },
    }
    this.#tell('service-user.attributes-changed', from.id, {
      ...this.#common('workspace/members'),
      attributes,
      changed,
    })
  }

  #userGone(id: string, reason: EventData<'service-user.removed'>['reason']): void {
    const serviceUser = this.#state.serviceUsers.get(id)
    const holds = [...this.#state.grants.values()].some(({ serviceUserId }) => serviceUserId === id)
    if (serviceUser === undefined || holds) return
    const data = { ...this.#common('workspace/members'), serviceUser, reason, evidence }
    this.#tell('service-user.removed', id, data)
  }

  #entitlement(id: EntitlementId, a: number): void {
    if (this.#state.entitlements.has(id)) return
    const entitlement = toEntitlement(id, `Thing ${a}`)
    this.#tell('entitlement.created', id, { ...this.#common(null), entitlement })
  }

  #rename(id: EntitlementId | undefined, a: number): void {
    const from = this.#state.entitlements.get(id ?? '')
    const name = `Thing ${a}`
    if (from === undefined || from.resource.name === name) return
    const changed = { 'resource.name': { from: from.resource.name, to: name } }
    const entitlement = { ...from, resource: { ...from.resource, name } }
    this.#tell('entitlement.updated', from.id, { ...this.#common(null), entitlement, changed })
  }

  #entitlementGone(id: string): void {
    const entitlement = this.#state.entitlements.get(id)
    const isHeld = [...this.#state.grants.values()].some(({ entitlementId }) => entitlementId === id)
    const isNested = [...this.#state.nestings.values()].some((one) => one.container === id || one.contained === id)
    if (entitlement === undefined || isHeld || isNested) return
    this.#tell('entitlement.removed', id, { ...this.#common(null), entitlement, reason: 'not-in-use' })
  }

  #grant(serviceUserId: ServiceUserId | undefined, to: EntitlementId | undefined): void {
    if (serviceUserId === undefined || to === undefined) return
    const id = grantId(serviceUserId, to)
    if (this.#state.grants.has(id)) return
    const grant = { id, serviceUserId, entitlementId: to, assignment: 'direct' as const }
    this.#tell('service-user-entitlement.granted', id, { ...this.#common(null), grant })
  }

  #grantLevel(a: number, b: number): void {
    const grant = pick([...this.#state.grants.values()], a)
    if (grant === undefined) return
    const { resource, level } = entitlementParts(grant.entitlementId)
    const to = this.#another(resource, level, b)
    if (to === null) return
    const { serviceUserId, entitlementId: from } = grant
    if (this.#state.grants.has(grantId(serviceUserId, to))) return
    const direction = directionOf(level, entitlementParts(to).level)
    const data = { ...this.#common(null), serviceUserId, from, to, direction }
    this.#tell('service-user-entitlement.changed', grantId(serviceUserId, to), data)
  }

  #revoke(id: string | undefined, reason: EventData<'service-user-entitlement.revoked'>['reason']): void {
    const grant = this.#state.grants.get(id ?? '')
    if (grant === undefined) return
    this.#tell('service-user-entitlement.revoked', grant.id, { ...this.#common(null), grant, reason, evidence })
  }

  /** Another level on the resource, which is there then; null on what has no levels. */
  #another(resource: ResourceId, level: string, b: number): EntitlementId | null {
    const to = pick(levels, b)
    if (!/^(project|repository):/.test(resource) || to === level) return null
    const id = entitlementId(resource, to)
    this.#entitlement(id, b)
    return id
  }

  #nest(container: GroupMembershipId, contained: EntitlementId | undefined): void {
    const { entitlements: known, nestings } = this.#state
    if (contained === undefined || !/^(project|repository):/.test(contained) || !known.has(container)) return
    const id = nestingId(container, contained)
    if (nestings.has(id)) return
    this.#tell('entitlement-nesting.added', id, { ...this.#common(null), container, contained, membersAffected: null })
  }

  #nestLevel(a: number, b: number): void {
    const nesting = pick([...this.#state.nestings.values()], a)
    if (nesting === undefined) return
    const { container, contained: from } = nesting
    const { resource, level } = entitlementParts(from)
    const to = this.#another(resource, level, b)
    if (to === null) return
    if (this.#state.nestings.has(nestingId(container, to))) return
    const direction = directionOf(level, entitlementParts(to).level)
    const data = { ...this.#common(null), container, from, to, direction, membersAffected: 3 }
    this.#tell('entitlement-nesting.changed', nestingId(container, to), data)
  }

  #unnest(id: string | undefined, reason: EventData<'entitlement-nesting.removed'>['reason']): void {
    const nesting = this.#state.nestings.get(id ?? '')
    if (nesting === undefined) return
    const { container, contained } = nesting
    const data = { ...this.#common(null), container, contained, reason, membersAffected: 3, evidence }
    this.#tell('entitlement-nesting.removed', nesting.id, data)
  }

  #scope(scope: ScopeId): void {
    const since = this.#unobservable.get(scope)
    const common = this.#common(scope)
    if (since === undefined) {
      this.#unobservable.set(scope, common.observedAt)
      this.#tell('scope.unobservable', scope, { ...common, reason: 'http-403', lastGoodAt: null, factsKept: 1 })
    } else {
      this.#unobservable.delete(scope)
      this.#tell('scope.observable', scope, { ...common, unobservableSince: since })
    }
  }

  #health(): void {
    const common = this.#common(null)
    const since = this.#degradedSince
    this.#degradedSince = since === null ? common.observedAt : null
    const data = { ...common, reason: 'token-refused', since: since ?? common.observedAt }
    if (since === null) this.#tell('connection.degraded', this.connectionId, { ...data, remedy: 'Look.' })
    else this.#tell('connection.recovered', this.connectionId, data)
  }

  #pause(): void {
    const common = this.#common(null)
    const since = this.#pausedSince
    this.#pausedSince = since === null ? common.observedAt : null
    const data = { ...common, since: since ?? common.observedAt }
    this.#tell(since === null ? 'connection.paused' : 'connection.resumed', this.connectionId, data)
  }

  #settings(minutes: number): void {
    const changed = {
      schedule: { from: { mode: 'interval', minutes: this.#minutes }, to: { mode: 'interval', minutes } },
    }
    this.#minutes = minutes
    this.#tell('connection.updated', this.connectionId, { ...this.#common(null), details: this.#details(), changed })
  }

  #details() {
    const { connection } = this.#common(null)
    return {
      ...connection,
      tenantId: this.tenantId,
      name: 'Acme',
      workspace: { ...connection.workspace, name: 'Acme' },
      schedule: { mode: 'interval', minutes: this.#minutes },
      createdAt: '2026-10-01T00:00:00.000Z',
    }
  }

  #sync(id: string, b: number): void {
    const common = this.#common(null)
    const coverage = { complete: 5, stale: b % 2, unobservable: 0 }
    if (b % 3 === 0) this.#tell('sync.started', id, { ...common, kind: 'full' })
    else {
      const data = { ...common, kind: 'full' as const, stats: {}, coverage, evidence: {}, requests: b }
      this.#tell('sync.completed', id, data)
    }
  }

  #common(scope: ScopeId | null) {
    const at = new Date(Date.UTC(2026, 9, 1) + this.events.length * 1_000 + this.#jitterMs).toISOString()
    return {
      connection: {
        id: this.connectionId,
        uniqueIdentifier: 'bitbucket-acme',
        provider: 'bitbucket-cloud' as const,
        workspace: { uuid: '{w}', slug: 'acme' },
      },
      cause: 'full-sync' as const,
      observedAt: at,
      previouslyObservedAt: null,
      scope: scope === null ? null : ScopeId.parse(scope),
    }
  }

  #tell<Name extends EventName>(name: Name, subject: string, data: EventData<Name>): void {
    const sequence = this.last + 1n
    const event = {
      id: `${this.connectionId}-${sequence}`,
      type: eventType(name),
      source: `/tenants/${this.tenantId}/connections/${this.connectionId}`,
      subject,
      time: data.observedAt,
      tenantId: this.tenantId,
      connectionId: this.connectionId,
      sequence,
      correlationId: 'syn_1',
      name,
      data,
      // The data are of this very name.
    } as unknown as AccessEvent
    applyEvent(this.#state, event)
    this.events.push(event)
  }
}

/** An event as a subscriber gets it in a batch. */
export function toBatch(events: readonly AccessEvent[]): BatchEvent[] {
  return events.map((event) => ({ envelope: event, event, data: event.data }))
}
