import { eventExamples, exampleHeaders } from './event-examples.ts'
import type { EventHeaders } from './event-headers.ts'
import { dataSchemaOf } from './event-headers.ts'
import { type StateKind, type StateValue, stateType } from './state.ts'

/** One state record of each kind, of the same invented values as the examples of the events. */
export interface StateExample<Kind extends StateKind = StateKind> {
  readonly id: string
  readonly value: StateValue<Kind>
}

const { connection } = eventExamples['connection.created'].data
const { serviceUser } = eventExamples['service-user.created'].data
const { entitlement } = eventExamples['entitlement.created'].data
const { grant } = eventExamples['service-user-entitlement.granted'].data
const { container, contained } = eventExamples['entitlement-nesting.added'].data
const unobservable = eventExamples['scope.unobservable'].data
const { since, reason, remedy } = eventExamples['connection.degraded'].data
const paused = eventExamples['connection.paused'].data
const { details } = eventExamples['connection.updated'].data
const nesting = `${container}|${contained}` as const
const scope = unobservable.scope ?? 'workspace/members'

export const stateExamples: { readonly [Kind in StateKind]: StateExample<Kind> } = {
  'service-user': { id: serviceUser.id, value: serviceUser },
  entitlement: { id: entitlement.id, value: entitlement },
  'service-user-entitlement': { id: grant.id, value: grant },
  'entitlement-nesting': { id: nesting, value: { id: nesting, container, contained } },
  scope: {
    id: scope,
    value: {
      id: scope,
      state: 'unobservable',
      since: unobservable.observedAt,
      reason: unobservable.reason,
      lastGoodAt: unobservable.lastGoodAt,
    },
  },
  connection: { id: connection.id, value: details },
  'connection-health': { id: connection.id, value: { state: 'degraded', since, reason, remedy } },
  'connection-pause': { id: connection.id, value: { state: 'paused', since: paused.since } },
  watermark: { id: connection.id, value: { sequence: 41_172, removed: false } },
}

/** The headers of the record that would carry the example. */
export function exampleStateHeaders(kind: StateKind): EventHeaders {
  const type = stateType(kind)
  const headers = exampleHeaders('service-user.created')
  return { ...headers, ce_type: type, ce_subject: stateExamples[kind].id, ce_dataschema: dataSchemaOf(type) }
}
