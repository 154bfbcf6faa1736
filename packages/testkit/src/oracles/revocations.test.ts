import { describe, expect, test } from 'vitest'
import { expectedFacts, type Truth } from './access.ts'
import { nothing, publish } from './published.ts'
import { falseRevocations, revocationsOf, TruthHistory } from './revocations.ts'
import { smallTruth } from './small-truth.ts'
import type { StreamRecord } from './stream.ts'

const bobLeft: Truth = { ...smallTruth, repositories: smallTruth.repositories.map((each) => ({ ...each, users: [] })) }
const nobodyNested: Truth = { ...smallTruth, projects: smallTruth.projects.map((each) => ({ ...each, groups: [] })) }
const bobsGrant = 'user:b|repository:r#read'
const nesting = 'group:devs#member|project:p#write'

function historyOf(...states: readonly Truth[]): TruthHistory {
  const history = new TruthHistory()
  for (const state of states) history.note(state)
  return history
}

/** What a sync tells that has read the one truth and then the other. */
function told(...[before, after]: [Truth, Truth]): StreamRecord[] {
  const first = publish(nothing, expectedFacts(before), { syncId: 'syn_1', firstSequence: 1 })
  const options = { syncId: 'syn_2', firstSequence: first.length + 1 }
  return [...first, ...publish(expectedFacts(before), expectedFacts(after), options)]
}

const during = (from: number, to: number) => (syncId: string) => (syncId === 'syn_2' ? { from, to } : undefined)

describe('a revocation is true', () => {
  test('of what was gone before the sync', () => {
    const history = historyOf(smallTruth, bobLeft)
    expect(revocationsOf(told(smallTruth, bobLeft)).map(({ id }) => id)).toEqual([bobsGrant])
    expect(falseRevocations(told(smallTruth, bobLeft), history, during(1, 1))).toEqual([])
  })

  test('of what was gone at any time of it: no reader can tell', () => {
    const history = historyOf(smallTruth, bobLeft, smallTruth)
    expect(falseRevocations(told(smallTruth, bobLeft), history, during(0, 2))).toEqual([])
  })

  test('of a nesting', () => {
    const history = historyOf(smallTruth, nobodyNested)
    expect(falseRevocations(told(smallTruth, nobodyNested), history, during(0, 1))).toEqual([])
  })
})

describe('a planted violation is found', () => {
  test.each([
    ['a revocation of what was never gone', bobLeft, historyOf(smallTruth), during(0, 0), bobsGrant],
    ['one before the grant went', bobLeft, historyOf(smallTruth, smallTruth, bobLeft), during(0, 1), bobsGrant],
    ['one after the grant came back', bobLeft, historyOf(smallTruth, bobLeft, smallTruth), during(2, 2), bobsGrant],
    ['a nesting that was never gone', nobodyNested, historyOf(smallTruth), during(0, 0), nesting],
    ['a sync that nobody asked for', bobLeft, historyOf(smallTruth, bobLeft), () => undefined, 'nobody asked'],
  ])('%s', (_name, read, history, windowOf, expected) => {
    expect(falseRevocations(told(smallTruth, read), history, windowOf)).toEqual([expect.stringContaining(expected)])
  })

  test.each([
    [
      'service-user-entitlement.changed',
      { serviceUserId: 'user:b', from: 'repository:r#read', to: 'repository:r#admin' },
    ],
    ['entitlement-nesting.changed', { container: 'group:devs#member', from: 'project:p#write', to: 'project:p#admin' }],
  ])('a level that is told as left while it was held: %s', (name, data) => {
    const place = { partition: 0, offset: '0', connectionId: 'con_1', sequence: 1, syncId: 'syn_2', id: '1' }
    const record = { ...place, name, subject: 'of no matter', value: JSON.stringify(data) }
    expect(falseRevocations([record], historyOf(smallTruth), during(0, 0))).toHaveLength(1)
  })
})

test('a window without a state of the truth is an error, for it would accept everything or nothing', () => {
  expect(() => falseRevocations(told(smallTruth, bobLeft), historyOf(smallTruth), during(1, 5))).toThrow()
})

test('what a change took away is counted', () => {
  const history = historyOf(smallTruth, bobLeft, smallTruth)
  expect([history.lostAfter(0), history.lostAfter(1), history.lostAfter(2)]).toEqual([1, 0, 0])
})
