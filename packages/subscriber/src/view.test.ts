import { expect, test } from 'vitest'
import type { AccessEvent } from './event.ts'
import { applyEvent, emptyState } from './view.ts'

const common = {
  connection: {
    id: 'con_1',
    uniqueIdentifier: 'bitbucket-acme',
    provider: 'bitbucket-cloud',
    workspace: { uuid: '{w}', slug: 'acme' },
  },
  cause: 'full-sync',
  observedAt: '2026-11-23T10:00:00.000Z',
  previouslyObservedAt: null,
  scope: 'repository/r',
} as const
const envelope = {
  id: 'id',
  type: 'type',
  source: 'source',
  time: '2026-11-23T10:00:00.000Z',
  tenantId: 'acme',
  connectionId: 'con_1',
  sequence: 1n,
  correlationId: 'syn_1',
}
const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:01.000Z' }
const ann = {
  id: 'user:a',
  kind: 'person',
  status: 'active',
  membership: 'member',
  externalIds: { uuid: '{a}' },
  attributes: { displayName: 'Ann' },
} as const

function entitlementCreated(level: string): AccessEvent {
  const id = `repository:r#${level}` as const
  const resource = { kind: 'repository', uuid: '{r}', name: 'Api' } as const
  const entitlement = {
    id,
    kind: 'repository-permission',
    level,
    name: id,
    resource,
    privileged: false,
    riskHint: 'normal',
  } as const
  return { ...envelope, name: 'entitlement.created', subject: id, data: { ...common, entitlement } }
}

const userCreated: AccessEvent = {
  ...envelope,
  name: 'service-user.created',
  subject: 'user:a',
  data: { ...common, serviceUser: ann },
}
const userRemoved: AccessEvent = {
  ...envelope,
  name: 'service-user.removed',
  subject: 'user:a',
  data: { ...common, serviceUser: ann, reason: 'left', evidence },
}
const grant = {
  id: 'user:a|repository:r#read',
  serviceUserId: 'user:a',
  entitlementId: 'repository:r#read',
  assignment: 'direct',
} as const
const granted: AccessEvent = {
  ...envelope,
  name: 'service-user-entitlement.granted',
  subject: grant.id,
  data: { ...common, grant },
}

function stateOf(...events: AccessEvent[]) {
  const state = emptyState()
  for (const event of events) applyEvent(state, event)
  return state
}

test('events lead to who holds what', () => {
  const state = stateOf(userCreated, entitlementCreated('read'), granted)
  expect([...state.grants.keys()]).toEqual([grant.id])
  expect(state.serviceUsers.get('user:a')).toEqual(ann)
})

test('a changed level replaces the grant', () => {
  const changed: AccessEvent = {
    ...envelope,
    name: 'service-user-entitlement.changed',
    subject: 'user:a|repository:r#admin',
    data: {
      ...common,
      serviceUserId: 'user:a',
      from: 'repository:r#read',
      to: 'repository:r#admin',
      direction: 'raised',
    },
  }
  const state = stateOf(userCreated, entitlementCreated('read'), entitlementCreated('admin'), granted, changed)
  expect([...state.grants.keys()]).toEqual(['user:a|repository:r#admin'])
})

test('new attributes replace the old ones', () => {
  const data = { ...common, attributes: { displayName: 'Anna' }, changed: {} }
  const state = stateOf(userCreated, { ...envelope, name: 'service-user.attributes-changed', subject: 'user:a', data })
  expect(state.serviceUsers.get('user:a')?.attributes).toEqual({ displayName: 'Anna' })
})

test.each([
  ['a grant to nobody', [entitlementCreated('read'), granted]],
  ['a grant of nothing', [userCreated, granted]],
  ['a service user created twice', [userCreated, userCreated]],
  ['a service user who goes without having come', [userRemoved]],
])('a stream that contradicts itself is noticed: %s', (_name, events) => {
  expect(() => stateOf(...events)).toThrow()
})
