import type { ObservedState } from './access.ts'
import { type StreamRecord, withoutRepeats } from './stream.ts'

/**
 * Oracle (d): applied in order, the events of a connection always give a state in which every grant's principal and
 * entitlement exist; nothing is created twice, nothing goes that is not there or still held.
 */

/** What the records of one connection lead to, and every record that contradicts those before it. */
export interface Replay {
  readonly state: ObservedState
  readonly violations: readonly string[]
}

type ServiceUser = ObservedState['serviceUsers'] extends ReadonlyMap<string, infer Value> ? Value : never
type Entitlement = ObservedState['entitlements'] extends ReadonlyMap<string, infer Value> ? Value : never
interface Holding {
  readonly holder: string
  readonly entitlement: string
}

interface State {
  readonly serviceUsers: Map<string, ServiceUser>
  readonly entitlements: Map<string, Entitlement>
  /** Id -> who holds what; `holder|entitlement`. */
  readonly grants: Map<string, Holding>
  readonly nestings: Map<string, Holding>
}

interface EventData {
  readonly serviceUser?: ServiceUser & { readonly id: string }
  readonly attributes?: ServiceUser['attributes']
  readonly entitlement?: Entitlement & { readonly id: string }
  readonly grant?: { readonly id: string; readonly serviceUserId: string; readonly entitlementId: string }
  readonly serviceUserId?: string
  readonly container?: string
  readonly contained?: string
  readonly from?: string
  readonly to?: string
}

/** Replays the records of one connection, repeats left out. A record that contradicts the state is not applied. */
export function replay(records: readonly StreamRecord[]): Replay {
  const state: State = { serviceUsers: new Map(), entitlements: new Map(), grants: new Map(), nestings: new Map() }
  const violations: string[] = []
  for (const record of withoutRepeats(records)) {
    try {
      // A field that the record should have and has not is a violation where it is asked for.
      applies[record.name]?.(state, record.subject, JSON.parse(record.value) as EventData)
    } catch (error) {
      violations.push(`${record.connectionId} ${record.sequence} ${record.name}: ${String(error)}`)
    }
  }
  return { state, violations }
}

type Apply = (state: State, subject: string, data: EventData) => void

const applies: Readonly<Record<string, Apply>> = {
  'service-user.created': ({ serviceUsers }, subject, { serviceUser }) => {
    create(serviceUsers, named(subject, serviceUser), told(serviceUser, 'serviceUser'))
  },
  'service-user.updated': ({ serviceUsers }, subject, { serviceUser }) => {
    replace(serviceUsers, named(subject, serviceUser), told(serviceUser, 'serviceUser'))
  },
  'service-user.attributes-changed': ({ serviceUsers }, subject, { attributes }) => {
    replace(serviceUsers, subject, { ...present(serviceUsers, subject), attributes: told(attributes, 'attributes') })
  },
  'service-user.removed': (state, subject) => {
    remove(state.serviceUsers, subject)
    refuseIfHeld(state, ({ holder }) => holder === subject)
  },
  'entitlement.created': ({ entitlements }, subject, { entitlement }) => {
    create(entitlements, named(subject, entitlement), told(entitlement, 'entitlement'))
  },
  'entitlement.updated': ({ entitlements }, subject, { entitlement }) => {
    replace(entitlements, named(subject, entitlement), told(entitlement, 'entitlement'))
  },
  'entitlement.removed': (state, subject) => {
    remove(state.entitlements, subject)
    refuseIfHeld(state, ({ holder, entitlement }) => holder === subject || entitlement === subject)
  },
  'service-user-entitlement.granted': (state, subject, { grant }) => {
    const { serviceUserId, entitlementId } = told(grant, 'grant')
    hold(state, 'grants', subject, { holder: serviceUserId, entitlement: entitlementId })
  },
  'service-user-entitlement.changed': (state, subject, { serviceUserId, from, to }) => {
    const holder = told(serviceUserId, 'serviceUserId')
    remove(state.grants, `${holder}|${told(from, 'from')}`)
    hold(state, 'grants', subject, { holder, entitlement: told(to, 'to') })
  },
  'service-user-entitlement.revoked': ({ grants }, subject) => remove(grants, subject),
  'entitlement-nesting.added': (state, subject, { container, contained }) => {
    hold(state, 'nestings', subject, {
      holder: told(container, 'container'),
      entitlement: told(contained, 'contained'),
    })
  },
  'entitlement-nesting.changed': (state, subject, { container, from, to }) => {
    const holder = told(container, 'container')
    remove(state.nestings, `${holder}|${told(from, 'from')}`)
    hold(state, 'nestings', subject, { holder, entitlement: told(to, 'to') })
  },
  'entitlement-nesting.removed': ({ nestings }, subject) => remove(nestings, subject),
}

function hold(state: State, kind: 'grants' | 'nestings', subject: string, holding: Holding): void {
  const { holder, entitlement } = holding
  if (kind === 'grants') present(state.serviceUsers, holder)
  else present(state.entitlements, holder)
  present(state.entitlements, entitlement)
  if (subject !== `${holder}|${entitlement}`)
    throw new Error(`is about ${subject} and tells of ${holder}|${entitlement}`)
  create(state[kind], subject, holding)
}

function refuseIfHeld({ grants, nestings }: State, concerns: (holding: Holding) => boolean): void {
  for (const holdings of [grants, nestings]) {
    for (const [id, holding] of holdings) if (concerns(holding)) throw new Error(`${id} is still held`)
  }
}

function told<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new Error(`does not tell ${field}`)
  return value
}

function named(subject: string, entity: { readonly id: string } | undefined): string {
  if (entity?.id !== subject) throw new Error(`is about ${subject} and tells of ${entity?.id}`)
  return subject
}

function present<Entity>(entities: ReadonlyMap<string, Entity>, id: string): Entity {
  const entity = entities.get(id)
  if (entity === undefined) throw new Error(`${id} is not there`)
  return entity
}

function create<Entity>(entities: Map<string, Entity>, id: string, entity: Entity): void {
  if (entities.has(id)) throw new Error(`${id} is there already`)
  entities.set(id, entity)
}

function replace<Entity>(entities: Map<string, Entity>, id: string, entity: Entity): void {
  present(entities, id)
  entities.set(id, entity)
}

function remove<Entity>(entities: Map<string, Entity>, id: string): void {
  if (!entities.delete(id)) throw new Error(`${id} is not there`)
}
