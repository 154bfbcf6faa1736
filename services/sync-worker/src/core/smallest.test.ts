import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Smallest } from './smallest.ts'

test('keeps what sorting everything and cutting it off keeps, also of equal ranks', () => {
  const ranks = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NEGATIVE_INFINITY)))
  fc.assert(
    fc.property(ranks, fc.integer({ min: 0, max: 12 }), (offered, limit) => {
      const smallest = new Smallest<number>(limit)
      for (const [order, rank] of offered.entries()) smallest.offer(rank, order)
      const sorted = offered
        .map((rank, order) => ({ rank, item: order }))
        .toSorted((a, b) => (a.rank === b.rank ? a.item - b.item : a.rank < b.rank ? -1 : 1))
      expect(smallest.toSorted()).toEqual(sorted.slice(0, limit))
    }),
  )
})
