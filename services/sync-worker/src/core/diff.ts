import { Entitlement, type Resource, ServiceUser } from '@clarity/shared/contract/entities'
import type { PendingEvent } from '@clarity/shared/contract/events'
import {
  type GroupMembershipId,
  groupMembershipId,
  isServiceUserId,
  type ScopeId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { Step } from '@clarity/shared/store/facts'
import { toEntitlement } from './entitlements.ts'
import {
  type EventContext,
  entitlementCreated,
  entitlementRemoved,
  entitlementUpdated,
  holdingAdded,
  holdingChanged,
  holdingRemoved,
  userChanged,
  userCreated,
  userRemoved,
} from './events.ts'
import type { Facts, Holding, Reading } from './facts.ts'
import { possibleRenames, type Renames } from './group-renames.ts'
import { changedFields, type ObservedUser, toFormerMember, toMember, toOutsider } from './identity.ts'

/**
 * The difference between the last committed facts of a scope and a new reading, as steps in causal order: a service
 * user and an entitlement exist before a holding that names them, and go after it.
 *
 *   what the resource is -> new levels -> groups -> new and changed holdings, with new service users ->
 *   changed service users -> holdings that are gone -> levels and groups that are gone
 *
 * A service user goes in the very step that takes its last holding. Steps are made one by one, as they are asked for: all
 * of a large scope would take more memory than the workspace itself.
 */
export function* diffScope(input: DiffInput): Generator<Step, void> {
  const { before, after } = input
  const difference = new Difference(input)
  yield* difference.describeResource()
  for (const level of after.facts.levels) if (!before.levels.has(level)) yield difference.addLevel(level)
  for (const slug of after.facts.groups) yield* difference.addOrDescribeGroup(slug)
  for (const [field, holding] of after.facts.holdings) yield* difference.addOrChange(field, holding)
  for (const user of after.users.values()) yield* difference.describeKnownUser(user)
  for (const [field, holding] of before.holdings)
    if (!after.facts.holdings.has(field)) yield difference.remove(field, holding)
  for (const level of before.levels) if (!after.facts.levels.has(level)) yield difference.removeLevel(level)
  for (const slug of before.groups) if (!after.facts.groups.has(slug)) yield difference.removeGroup(slug)
}

export interface DiffInput {
  readonly scopeId: ScopeId
  readonly before: Facts
  readonly after: Reading
  /** What the levels were held on, as last told; null when nothing is known of it. */
  readonly resource: Resource | null
  /** The stored JSON of every service user and group that either side mentions; null where there is none. */
  readonly entities: ReadonlyMap<string, string | null>
  readonly context: EventContext
}

/** The ids of all entities whose stored form a difference needs. */
export function mentionedEntities(before: Facts, after: Reading): string[] {
  const ids = new Set<string>([...after.users.keys(), ...after.groups.keys()])
  for (const { holder } of before.holdings.values()) ids.add(holder)
  for (const { holder } of after.facts.holdings.values()) ids.add(holder)
  for (const slug of before.groups) ids.add(groupMembershipId(slug))
  return [...ids]
}

/** A step's part that brings one service user or group up to what was observed; empty when it is already. */
type Description = Pick<Step, 'put'> & { readonly events: readonly PendingEvent[] }

const nothing: Description = { events: [] }

class Difference {
  readonly #input: DiffInput
  /** The stored entities, as they will be after the steps so far. */
  readonly #entities: Map<string, string | null>
  readonly #expected = new Set<string>()
  readonly #renames: Renames

  constructor(input: DiffInput) {
    this.#input = input
    this.#entities = new Map(input.entities)
    this.#renames = possibleRenames(input)
  }

  *describeResource(): Generator<Step, void> {
    const { before, after, context, scopeId, resource: from } = this.#input
    const id = resourceIdOf(scopeId)
    const to = after.resource
    if (id === null || to === null || JSON.stringify(from) === JSON.stringify(to)) return
    const events =
      from === null
        ? []
        : [...before.levels].map((level) =>
            entitlementUpdated(context, toEntitlement(id, from, level), toEntitlement(id, to, level)),
          )
    yield { resource: to, events }
  }

  addLevel(level: string): Step {
    const { after, context } = this.#input
    const event = entitlementCreated(context, this.#levelEntitlement(after.resource, level))
    return { set: [[`#${level}`, '']], events: [event] }
  }

  *addOrDescribeGroup(slug: string): Generator<Step, void> {
    const { before } = this.#input
    const id = groupMembershipId(slug)
    const described = this.#describeGroup(id)
    if (!before.groups.has(slug)) {
      yield { ...this.#expecting(id), ...described, set: [[`group:${slug}`, '']], hold: id }
    } else if (described.put) yield { ...this.#expecting(id), ...described }
  }

  *addOrChange(field: string, holding: Holding): Generator<Step, void> {
    const { before, context } = this.#input
    const had = before.holdings.get(field)
    const set = [[field, holding.level]] as const
    if (had === undefined) {
      const expect = this.#expecting(holding.holder)
      const { events, ...described } = this.#describe(holding.holder)
      const added = [...events, holdingAdded(context, holding)]
      yield { ...expect, ...described, set, hold: holding.holder, events: added }
    } else if (had.level !== holding.level) {
      yield { set, events: [holdingChanged(context, had, holding)] }
    }
  }

  /** Tells what changed of a service user that is here already. */
  *describeKnownUser(observed: ObservedUser): Generator<Step, void> {
    if (!this.#isStored(observed.id)) return
    const described = this.#describeUser(observed)
    if (described.put) yield { ...this.#expecting(observed.id), ...described }
  }

  remove(field: string, holding: Holding): Step {
    const { context, scopeId } = this.#input
    const { holder } = holding
    const step = {
      del: [field],
      events: [holdingRemoved(context, holding)],
      release: holder,
      ...this.#expecting(holder),
    }
    if (!isServiceUserId(holder)) {
      const group = this.#stored(Entitlement, holder)
      return { ...step, ...(group && { gone: [entitlementRemoved(context, group)] }) }
    }
    const user = this.#stored(ServiceUser, holder)
    const left = scopeId === 'workspace/members' && user !== null ? toFormerMember(user) : null
    return {
      ...step,
      ...(user && { gone: [userRemoved(context, user)] }),
      ...(user && left && { kept: { put: [left.id, JSON.stringify(left)], events: userChanged(context, user, left) } }),
    }
  }

  removeLevel(level: string): Step {
    const { resource, after, context } = this.#input
    const event = entitlementRemoved(context, this.#levelEntitlement(after.resource ?? resource, level))
    return { del: [`#${level}`], events: [event] }
  }

  removeGroup(slug: string): Step {
    const id = groupMembershipId(slug)
    const group = this.#stored(Entitlement, id)
    const gone = group === null ? [] : [entitlementRemoved(this.#input.context, group, this.#renames.to.get(id))]
    return { del: [`group:${slug}`], release: id, gone, ...this.#expecting(id) }
  }

  #describe(holder: ServiceUserId | GroupMembershipId): Description {
    if (!isServiceUserId(holder)) return this.#describeGroup(holder)
    const observed = this.#input.after.users.get(holder)
    return observed === undefined ? nothing : this.#describeUser(observed)
  }

  #describeUser(observed: ObservedUser): Description {
    const { context, scopeId } = this.#input
    if (scopeId !== 'workspace/members' && isPlainlyMember(this.#entities.get(observed.id) ?? null)) return nothing
    const stored = this.#stored(ServiceUser, observed.id)
    const user = scopeId === 'workspace/members' ? toMember(observed) : toOutsider(observed, stored)
    if (stored === null) return { ...this.#put(user), events: [userCreated(context, user)] }
    // Nearly everybody, with every reading: found out without a look at each field.
    if (user === stored || JSON.stringify(user) === this.#entities.get(observed.id)) return nothing
    const events = userChanged(context, stored, user)
    return events.length === 0 ? nothing : { ...this.#put(user), events }
  }

  #describeGroup(id: GroupMembershipId): Description {
    const { after, context, scopeId } = this.#input
    const group = after.groups.get(id)
    if (group === undefined) return nothing
    // Only the scope of the groups knows a group whole; elsewhere it is a slug and a name.
    if (scopeId !== 'workspace/groups' && this.#isStored(id)) return nothing
    const stored = this.#stored(Entitlement, id)
    if (stored === null)
      return { ...this.#put(group), events: [entitlementCreated(context, group, this.#renames.from.get(id))] }
    if (sameEntity(stored, group)) return nothing
    return { ...this.#put(group), events: [entitlementUpdated(context, stored, group)] }
  }

  #levelEntitlement(resource: Resource | null, level: string): Entitlement {
    const id = resourceIdOf(this.#input.scopeId)
    if (id === null || resource === null) {
      throw new InvariantError('A level is published without its resource', { scopeId: this.#input.scopeId, level })
    }
    return toEntitlement(id, resource, level)
  }

  #isStored(id: string): boolean {
    return (this.#entities.get(id) ?? null) !== null
  }

  #stored<Entity>(schema: { parse(value: unknown): Entity }, id: string): Entity | null {
    const json = this.#entities.get(id) ?? null
    return json === null ? null : schema.parse(JSON.parse(json))
  }

  #put(entity: ServiceUser | Entitlement): Pick<Step, 'put'> {
    const json = JSON.stringify(entity)
    this.#entities.set(entity.id, json)
    return { put: [entity.id, json] }
  }

  /** What the store must hold for this plan to be right; said once per entity, in the step that touches it first. */
  #expecting(id: string): Pick<Step, 'expect'> {
    if (this.#expected.has(id)) return {}
    this.#expected.add(id)
    return { expect: { id, entity: this.#input.entities.get(id) ?? null } }
  }
}

/**
 * True only for the stored JSON of a member, of whom nothing but the listing of the members tells anything: nearly everybody, in every
 * scope that mentions them, so it is not parsed. Within a text of it each quote would have a backslash before it.
 */
function isPlainlyMember(json: string | null): boolean {
  return json?.includes('"membership":"member"') ?? false
}

function sameEntity(a: Entitlement, b: Entitlement): boolean {
  return Object.keys(changedFields(a, b)).length === 0
}
