import { expect, test } from 'vitest'
import { faultKindNames } from './faults.ts'
import { disturbanceKindNames, planChaos } from './plan.ts'
import { createRandom } from './random.ts'

const seeds = Array.from({ length: 50 }, (_, seed) => seed)

test('the same seed gives the same plan, another one another', () => {
  expect(planChaos(60, createRandom(1))).toEqual(planChaos(60, createRandom(1)))
  expect(planChaos(60, createRandom(1))).not.toEqual(planChaos(60, createRandom(2)))
})

test.each([60, 600])('in %i seconds every kind of disturbance and of fault has its turn', (seconds) => {
  for (const seed of seeds) {
    const { disturbances, slots } = planChaos(seconds, createRandom(seed))
    expect(new Set(disturbances.map(({ kind }) => kind))).toEqual(new Set(disturbanceKindNames))
    expect(new Set(slots.flatMap(({ kinds }) => kinds))).toEqual(new Set(faultKindNames))
    expect(disturbances.every(({ atMs }, index) => atMs >= (disturbances[index - 1]?.atMs ?? 0))).toBe(true)
    expect(disturbances.at(-1)?.atMs).toBeLessThan(seconds * 1_000)
    expect(slots.reduce((sum, { lastsMs }) => sum + lastsMs, 0)).toBeCloseTo(seconds * 1_000)
  }
})

test('no kind of fault is in two slots that follow each other, nor twice in one', () => {
  for (const seed of seeds) {
    const { slots } = planChaos(600, createRandom(seed))
    slots.forEach(({ kinds }, index) => {
      const near = [...kinds, ...(slots[index + 1]?.kinds ?? [])]
      expect(new Set(near).size).toBe(near.length)
    })
  }
})

test('a run that is too short to show anything is refused', () => {
  expect(() => planChaos(10, createRandom(1))).toThrow('too short')
})
