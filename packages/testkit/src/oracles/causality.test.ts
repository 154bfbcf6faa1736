import { describe, expect, test } from 'vitest'
import { differences, expectedFacts, observedFacts } from './access.ts'
import { replay } from './causality.ts'
import { nothing, publish } from './published.ts'
import { smallTruth } from './small-truth.ts'
import type { StreamRecord } from './stream.ts'

const facts = expectedFacts(smallTruth)
const told = publish(nothing, facts, { syncId: 'syn_1', firstSequence: 1 })
const undone = publish(facts, nothing, { syncId: 'syn_2', firstSequence: told.length + 1 })
const next = told.length + 1

function record(name: string, subject: string, data: object = {}, sequence = next): StreamRecord {
  const rest = { partition: 0, offset: '0', connectionId: 'con_1', syncId: 'syn_2', id: `${sequence}` }
  return { ...rest, sequence, name, subject, value: JSON.stringify(data) }
}

/** The records in this order, numbered anew. */
function inOrder(records: readonly StreamRecord[]): StreamRecord[] {
  return records.map((each, index) => ({ ...each, sequence: index + 1 }))
}

const without = (wanted: (record: StreamRecord) => boolean, records = told) =>
  inOrder(records.filter((each) => !wanted(each)))

test('a correct stream has no contradiction and leads to the truth; delivered again, it is the same', () => {
  const { state, violations } = replay([...told, ...told])
  expect(violations).toEqual([])
  expect(differences(facts, observedFacts(state))).toEqual([])
})

test('a level that changes, a new name and new attributes are applied', () => {
  const renamed = { id: 'user:b', membership: 'outside', externalIds: { uuid: '{b}' }, attributes: {} }
  const level = { name: 'Repository api: write', level: 'write', resource: {} }
  const [user, from, to] = ['user:b', 'repository:r#read', 'repository:r#write']
  const { state, violations } = replay([
    ...told,
    record('service-user.updated', user, { serviceUser: renamed }, next),
    record('service-user.attributes-changed', user, { attributes: { displayName: 'Rob' } }, next + 1),
    record('entitlement.created', to, { entitlement: { id: to, ...level } }, next + 2),
    record('service-user-entitlement.changed', `${user}|${to}`, { serviceUserId: user, from, to }, next + 3),
    record('entitlement.removed', from, {}, next + 4),
  ])
  expect(violations).toEqual([])
  expect(state.serviceUsers.get(user)).toEqual({ ...renamed, attributes: { displayName: 'Rob' } })
  expect([...state.grants.keys()]).toContain(`${user}|${to}`)
  expect([...state.grants.keys()]).not.toContain(`${user}|${from}`)
})

test('all that was told can be undone', () => {
  const { state, violations } = replay([...told, ...undone])
  expect(violations).toEqual([])
  expect(observedFacts(state)).toEqual(nothing)
})

describe('a planted violation is found', () => {
  const granted = 'service-user-entitlement.granted'
  const grant = { id: 'user:b|repository:r#read', serviceUserId: 'user:b', entitlementId: 'repository:r#read' }
  const nesting = { container: 'group:devs#member', contained: 'project:p#write' }
  const nestingId = 'group:devs#member|project:p#write'

  test.each<[string, readonly StreamRecord[], RegExp]>([
    ['a grant before its principal', without(({ subject }) => subject === 'user:b'), /user:b is not there/],
    [
      'a grant before its entitlement',
      without(({ subject }) => subject === 'repository:r#read'),
      /repository:r#read is not there/,
    ],
    [
      'a nesting before its container',
      without(({ name, subject }) => name === 'entitlement.created' && subject === 'group:devs#member'),
      /group:devs#member is not there/,
    ],
    [
      'a user created twice',
      [...told, record('service-user.created', 'user:b', { serviceUser: { id: 'user:b' } })],
      /already/,
    ],
    [
      'an entitlement created twice',
      [...told, record('entitlement.created', 'workspace#owner', { entitlement: { id: 'workspace#owner' } })],
      /already/,
    ],
    ['a grant told twice', [...told, record(granted, grant.id, { grant })], /already/],
    ['a nesting told twice', [...told, record('entitlement-nesting.added', nestingId, nesting)], /already/],
    ['a user that goes while it holds', [...told, record('service-user.removed', 'user:b')], /is still held/],
    [
      'an entitlement that goes while held',
      [...told, record('entitlement.removed', 'repository:r#read')],
      /still held/,
    ],
    ['a group that goes while it holds', [...told, record('entitlement.removed', 'group:devs#member')], /still held/],
    ['a nested entitlement that goes', [...told, record('entitlement.removed', 'project:p#write')], /still held/],
    [
      'a grant that goes twice',
      [...told, ...undone, record('service-user-entitlement.revoked', grant.id, {}, 999)],
      /not there/,
    ],
    [
      'a nesting that was never there',
      [...told, record('entitlement-nesting.removed', 'group:x#member|y')],
      /not there/,
    ],
    ['a user that was never there', [...told, record('service-user.removed', 'user:z')], /user:z is not there/],
    [
      'a change from a level that nobody held',
      [
        ...told,
        record('service-user-entitlement.changed', 'user:a|workspace#member', {
          serviceUserId: 'user:a',
          from: 'repository:r#read',
          to: 'workspace#member',
        }),
      ],
      /not there/,
    ],
    [
      'an update of nobody',
      [...told, record('service-user.attributes-changed', 'user:z', { attributes: {} })],
      /not there/,
    ],
    ['a subject that is not what it tells of', [...told, record(granted, 'user:a|x', { grant })], /is about user:a\|x/],
    ['a record without its data', [...told, record(granted, grant.id)], /does not tell grant/],
  ])('%s', (_name, records, expected) => {
    expect(replay(records).violations[0]).toMatch(expected)
  })
})
