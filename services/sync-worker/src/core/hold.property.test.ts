import type { ServiceUserId } from '@clarity/shared/contract/ids'
import { holdingField } from '@clarity/shared/store/fact-fields'
import { digestOfRemovals } from '@clarity/shared/store/holds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facts, Holding, Reading } from './facts.ts'
import { isRejected, keepLoss, lossOf, toHeldScope, withoutApproved } from './hold.ts'

const own = 'repository:r'
const level = fc.constantFrom('read', 'write', 'admin')
const held = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), level, { noNullPrototype: true })

function toFacts(levels: Readonly<Record<string, string>>): Facts {
  const holdings = new Map<string, Holding>()
  for (const [id, level_] of Object.entries(levels)) {
    const holder: ServiceUserId = `user:${id}`
    holdings.set(holdingField(holder, own), { holder, resource: own, level: level_ })
  }
  return { levels: new Set(Object.values(levels)), groups: new Set(), holdings }
}

const toReading = (facts: Facts): Reading => ({ facts, resource: null, users: new Map(), groups: new Map() })
const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' }
const said = { kind: 'no-longer-listed', observedAt: '2026-11-23T10:00:00.000Z', evidence } as const

test('a reading whose loss is kept takes nothing away, and says all that it says besides', () => {
  fc.assert(
    fc.property(held, held, (before, after) => {
      const [had, has] = [toFacts(before), toFacts(after)]
      const kept = keepLoss(toReading(has), lossOf(had, has), own).facts
      expect(lossOf(had, kept).holdings).toEqual([])
      for (const [field, holding] of has.holdings) expect(kept.holdings.get(field)).toEqual(holding)
      for (const { level: used } of kept.holdings.values()) expect(kept.levels).toContain(used)
    }),
  )
})

test('what is approved and made is the reading that was held', () => {
  fc.assert(
    fc.property(held, held, (before, after) => {
      const [had, has] = [toFacts(before), toFacts(after)]
      const loss = lossOf(had, has)
      const kept = keepLoss(toReading(has), loss, own).facts
      const left = withoutApproved(kept, toHeldScope(loss, said), { own, levels: [] })
      expect([...left.holdings].toSorted()).toEqual([...has.holdings].toSorted())
      expect([...left.levels].toSorted()).toEqual([...has.levels].toSorted())
    }),
  )
})

test('an approved removal does not take what is there at another level by now', () => {
  const held_ = toHeldScope(lossOf(toFacts({ a: 'read' }), toFacts({})), said)
  const left = withoutApproved(toFacts({ a: 'admin' }), held_, { own, levels: [] })
  expect([...left.holdings.values()]).toMatchObject([{ holder: 'user:a', level: 'admin' }])
})

test('a rejection is recognised by what was rejected, whatever its order, and by nothing else', () => {
  fc.assert(
    fc.property(held, held, held, (before, after, other) => {
      const [loss, another] = [lossOf(toFacts(before), toFacts(after)), lossOf(toFacts(before), toFacts(other))]
      const rejected = digestOfRemovals(toHeldScope({ ...loss, holdings: loss.holdings.toReversed() }, said))
      expect(isRejected(loss, rejected)).toBe(true)
      const same = JSON.stringify(toHeldScope(loss, said)) === JSON.stringify(toHeldScope(another, said))
      expect(isRejected(another, rejected)).toBe(same)
      expect(isRejected(loss, null)).toBe(false)
    }),
  )
})

test('a group whose members are kept is kept, and goes with them once they are approved', () => {
  const membership: Holding = { holder: 'user:a', resource: 'group:devs', level: 'member' }
  const before: Facts = {
    levels: new Set(),
    groups: new Set(['devs', 'ops']),
    holdings: new Map([[holdingField('user:a', 'group:devs'), membership]]),
  }
  const after: Facts = { levels: new Set(), groups: new Set(['ops']), holdings: new Map() }
  const loss = lossOf(before, after)
  const kept = keepLoss(toReading(after), loss, null).facts
  expect([...kept.groups].toSorted()).toEqual(['devs', 'ops'])
  expect([...withoutApproved(kept, toHeldScope(loss, said), { own: null, levels: [] }).groups]).toEqual(['ops'])
})

test('what is told although nobody holds it stays when what was held goes, and nothing of it is made up', () => {
  const before = { ...toFacts({ a: 'admin', b: 'write' }), levels: new Set(['read', 'write', 'admin']) }
  const approved = toHeldScope(lossOf(before, toFacts({ b: 'write' })), said)
  const all = ['read', 'write', 'admin', 'owner']
  expect([...withoutApproved(before, approved, { own, levels: all }).levels]).toEqual(['read', 'write', 'admin'])
  expect([...withoutApproved(before, approved, { own, levels: [] }).levels]).toEqual(['write'])
})
