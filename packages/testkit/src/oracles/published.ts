import type { AccessFacts } from './access.ts'
import type { StreamRecord } from './stream.ts'

/**
 * What a connector would publish that has read these facts: for tests, which plant a violation in what it has read or
 * in the records themselves.
 */
export interface PublishOptions {
  readonly syncId: string
  /** The number of its first record. */
  readonly firstSequence: number
}

export const nothing: AccessFacts = { serviceUsers: {}, entitlements: {}, grants: [], nestings: [] }

/** The records that lead from one state to another, in the order that the stream promises. */
export function publish(before: AccessFacts, after: AccessFacts, options: PublishOptions): StreamRecord[] {
  const { syncId, firstSequence } = options
  const records: StreamRecord[] = []
  const tell = (name: string, subject: string, data: object = {}) => {
    const sequence = firstSequence + records.length
    const place = { partition: 0, offset: `${sequence}`, connectionId: 'con_1', sequence }
    records.push({ ...place, id: `${sequence} ${name} ${subject}`, name, subject, syncId, value: JSON.stringify(data) })
  }
  const upsert = (kind: string, old: AccessFacts['serviceUsers'], id: string, entity: unknown, data: object) => {
    if (old[id] === undefined) tell(`${kind}.created`, id, data)
    else if (JSON.stringify(old[id]) !== JSON.stringify(entity)) tell(`${kind}.updated`, id, data)
  }
  tell('sync.started', syncId)
  for (const id of without(before.grants, after.grants)) tell('service-user-entitlement.revoked', id)
  for (const id of without(before.nestings, after.nestings)) tell('entitlement-nesting.removed', id)
  for (const [id, user] of Object.entries(after.serviceUsers)) {
    upsert('service-user', before.serviceUsers, id, user, { serviceUser: toServiceUser(id, user) })
  }
  for (const [id, entitlement] of Object.entries(after.entitlements)) {
    upsert('entitlement', before.entitlements, id, entitlement, { entitlement: { id, ...Object(entitlement) } })
  }
  for (const id of without(after.grants, before.grants)) {
    const [serviceUserId, entitlementId] = id.split('|')
    tell('service-user-entitlement.granted', id, { grant: { id, serviceUserId, entitlementId } })
  }
  for (const id of without(after.nestings, before.nestings)) {
    const [container, contained] = id.split('|')
    tell('entitlement-nesting.added', id, { container, contained })
  }
  for (const kind of ['entitlement', 'service-user'] as const) {
    const field = kind === 'entitlement' ? 'entitlements' : 'serviceUsers'
    for (const id of without(Object.keys(before[field]), Object.keys(after[field]))) tell(`${kind}.removed`, id)
  }
  tell('sync.completed', syncId)
  return records
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  const excluded = new Set(others)
  return ids.filter((id) => !excluded.has(id))
}

/** The contract's form of what the facts say of a service user. */
function toServiceUser(id: string, user: unknown): object {
  const { membership, uuid, accountId, ...attributes } = Object(user)
  return { id, membership, externalIds: { uuid, accountId }, attributes }
}
