import { z } from 'zod'
import { ConnectionDetails } from './connections.ts'
import { Entitlement, Grant, Instant, Nesting, ServiceUser } from './entities.ts'
import type { NamedData } from './events.ts'
import { type ConnectionId, grantId, nestingId, ScopeId } from './ids.ts'

/**
 * The compacted present: one record for each entity that is there, under `<connection id>/<kind>/<entity id>`, and a tombstone
 * for one that has gone. It is written in the very transaction that tells the change, and says by its sequence which one that was.
 */
const values = {
  'service-user': ServiceUser,
  entitlement: Entitlement,
  'service-user-entitlement': Grant,
  'entitlement-nesting': Nesting,
  scope: z
    .object({
      id: ScopeId,
      state: z.literal('unobservable').describe('Only those that cannot be observed are here'),
      since: Instant.describe('When that began'),
      reason: z
        .string()
        .describe('Such as http-403, or the code of an error; not-included: the settings leave it out; an open set'),
      lastGoodAt: Instant.nullable().describe('When it was last read to its end; null: never'),
    })
    .describe('A scope that cannot be observed at present: what is known of it stays valid as last known'),
  connection: ConnectionDetails,
  'connection-health': z
    .object({
      state: z.literal('degraded').describe('Only a connection that is not well has one'),
      since: Instant.describe('When it began'),
      reason: z.string().describe('Code of the error; an open set'),
      remedy: z.string().describe('What to do about it'),
    })
    .describe('Why a connection tells nothing new'),
  'connection-pause': z
    .object({
      state: z.literal('paused').describe('Only a connection that is paused has one'),
      since: Instant.describe('When it was paused'),
    })
    .describe('Somebody has paused the connection: what is known of it stays valid as last known'),
  watermark: z
    .object({
      sequence: z.int().describe('Number of the last event of the connection that was told'),
      removed: z.boolean().describe('Whether that was the end of the connection: no other event follows'),
    })
    .describe(
      'How far the connection has told. It follows all records that it speaks of: what was read before it is whole up to there',
    ),
} as const

export type StateKind = keyof typeof values
export type StateValue<Kind extends StateKind = StateKind> = z.infer<(typeof values)[Kind]>

/** The schema of each kind of state record. */
export const stateValue: { readonly [Kind in StateKind]: (typeof values)[Kind] } = values

/** All kinds, in the order in which they are documented. */
// The keys of an object that is typed by exactly these names.
export const stateKinds = Object.keys(values) as StateKind[]

const typePrefix = 'io.claritysecurity.access.'
const typeSuffix = '.state.v1'

/** The CloudEvents type of a state record, such as `io.claritysecurity.access.service-user.state.v1`. */
export function stateType(kind: StateKind): string {
  return `${typePrefix}${kind}${typeSuffix}`
}

/** The kind of state record that a CloudEvents type names, or null when this version does not know it. */
export function stateKindOf(type: string): StateKind | null {
  if (!type.startsWith(typePrefix) || !type.endsWith(typeSuffix)) return null
  const kind = type.slice(typePrefix.length, -typeSuffix.length)
  return stateKinds.find((known) => known === kind) ?? null
}

/** What an event makes of one entity: its new value, or null when it is gone. */
export type StateChange = {
  [Kind in StateKind]: { readonly kind: Kind; readonly id: string; readonly value: StateValue<Kind> | null }
}[StateKind]

/** The key of a state record. */
export function stateKey(connectionId: string, { kind, id }: Pick<StateChange, 'kind' | 'id'>): string {
  return `${connectionId}/${kind}/${id}`
}

/** The parts of a state record's key; null for one that has another form. */
export function stateKeyParts(
  key: string,
): { readonly connectionId: string; readonly kind: string; id: string } | null {
  const [, connectionId, kind, id] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(key) ?? []
  return connectionId && kind && id ? { connectionId, kind, id } : null
}

/** The watermark of a connection, up to one of its events. */
export function watermarkOf(connectionId: ConnectionId, sequence: bigint, removed: boolean): StateChange {
  return { kind: 'watermark', id: connectionId, value: { sequence: Number(sequence), removed } }
}

/** An event in its connection. */
export type ToldEvent = NamedData & {
  readonly subject: string
  readonly connectionId: ConnectionId
  /** The entity as it is now, where the data does not have the whole of it. */
  readonly entity?: ServiceUser | undefined
}

/** What an event changes in the present; nothing, for most of those that tell of a sync. */
export function stateChangesOf(event: ToldEvent): StateChange[] {
  const { name, data, subject: id, connectionId } = event
  switch (name) {
    case 'service-user.created':
    case 'service-user.updated':
      return [{ kind: 'service-user', id, value: data.serviceUser }]
    case 'service-user.attributes-changed':
      return event.entity ? [{ kind: 'service-user', id, value: event.entity }] : []
    case 'service-user.removed':
      return [{ kind: 'service-user', id, value: null }]
    case 'entitlement.created':
    case 'entitlement.updated':
      return [{ kind: 'entitlement', id, value: data.entitlement }]
    case 'entitlement.removed':
      return [{ kind: 'entitlement', id, value: null }]
    case 'scope.unobservable': {
      const { reason, lastGoodAt, observedAt: since } = data
      return [{ kind: 'scope', id, value: { id: ScopeId.parse(id), state: 'unobservable', since, reason, lastGoodAt } }]
    }
    case 'scope.observable':
      return [{ kind: 'scope', id, value: null }]
    case 'connection.created':
    case 'connection.updated':
      return data.details ? [{ kind: 'connection', id: connectionId, value: data.details }] : []
    case 'connection.degraded': {
      const { since, reason, remedy } = data
      return [{ kind: 'connection-health', id: connectionId, value: { state: 'degraded', since, reason, remedy } }]
    }
    case 'connection.recovered':
      return [{ kind: 'connection-health', id: connectionId, value: null }]
    case 'connection.paused':
      return [{ kind: 'connection-pause', id: connectionId, value: { state: 'paused', since: data.since } }]
    case 'connection.resumed':
      return [{ kind: 'connection-pause', id: connectionId, value: null }]
    case 'connection.removed':
      return [
        { kind: 'connection-health', id: connectionId, value: null },
        { kind: 'connection-pause', id: connectionId, value: null },
        { kind: 'connection', id: connectionId, value: null },
      ]
    default:
      return holdingChangesOf(event)
  }
}

function holdingChangesOf(event: ToldEvent): StateChange[] {
  const { name, data, subject } = event
  switch (name) {
    case 'service-user-entitlement.granted':
      return [{ kind: 'service-user-entitlement', id: subject, value: data.grant }]
    case 'service-user-entitlement.changed': {
      const { serviceUserId, from, to } = data
      const id = grantId(serviceUserId, to)
      const value = { id, serviceUserId, entitlementId: to, assignment: 'direct' as const }
      return [
        { kind: 'service-user-entitlement', id: grantId(serviceUserId, from), value: null },
        { kind: 'service-user-entitlement', id, value },
      ]
    }
    case 'service-user-entitlement.revoked':
      return [{ kind: 'service-user-entitlement', id: subject, value: null }]
    case 'entitlement-nesting.added': {
      const { container, contained } = data
      const id = nestingId(container, contained)
      return [{ kind: 'entitlement-nesting', id, value: { id, container, contained } }]
    }
    case 'entitlement-nesting.changed': {
      const { container, from, to } = data
      const id = nestingId(container, to)
      return [
        { kind: 'entitlement-nesting', id: nestingId(container, from), value: null },
        { kind: 'entitlement-nesting', id, value: { id, container, contained: to } },
      ]
    }
    case 'entitlement-nesting.removed':
      return [{ kind: 'entitlement-nesting', id: subject, value: null }]
    default:
      return []
  }
}
