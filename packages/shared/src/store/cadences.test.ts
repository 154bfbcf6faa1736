import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cadences, type Tier } from '../contract/freshness.ts'
import { planCadences, type WorkspaceShape } from './cadences.ts'

const first: WorkspaceShape = {
  members: 2_000,
  projects: 200,
  repositories: 5_000,
  effectiveRows: 150_000,
  requestsPerHour: 1_000,
}
const hour = 3_600

function tierOf(cadences: Cadences, tier: Tier) {
  const found = cadences.tiers.find((each) => each.tier === tier)
  if (found === undefined) throw new Error(`No tier ${tier}`)
  return found
}

describe('2,000 members, 200 projects, 5,000 repositories, 30 users on each, 1,000 requests an hour', () => {
  const cadences = Cadences.parse(planCadences(first))

  test('what each tier takes is the arithmetic of the endpoints', () => {
    const lists = ['members', 'groups', 'projects', 'repositories'] as const
    expect(lists.reduce((sum, list) => sum + tierOf(cadences, list).requests, 0)).toBe(74)
    expect(tierOf(cadences, 'project-permissions').requests).toBe(400)
    expect(tierOf(cadences, 'effective-permissions').requests).toBe(1_500)
    expect(tierOf(cadences, 'repository-permissions').requests).toBe(10_000)
  })

  test('every target is kept by what is expected', () => {
    for (const list of ['members', 'groups', 'projects', 'repositories'] as const) {
      expect(tierOf(cadences, list).expectedP95Seconds).toBeLessThan(35 * 60)
    }
    expect(tierOf(cadences, 'project-permissions').expectedP95Seconds).toBeLessThan(4.5 * hour)
    expect(tierOf(cadences, 'repository-permissions').expectedMedianSeconds).toBeLessThan(0.4 * 5.35 * hour)
    expect(tierOf(cadences, 'repository-permissions').everySeconds).toBeLessThan(36 * hour)
    expect(cadences).toMatchObject({ stretch: 1, detector: { kind: 'effective-permissions', reason: 'fresher' } })
  })
})

test('of what the settings leave out only the lists take requests', () => {
  const some = { projects: 2, repositories: 40 }
  const cadences = Cadences.parse(planCadences({ ...first, included: some }))
  expect(tierOf(cadences, 'repositories').requests).toBe(50)
  expect(tierOf(cadences, 'project-permissions').requests).toBe(4)
  expect(tierOf(cadences, 'repository-permissions').requests).toBe(80)
  expect(cadences.detector.reason).toBe('dearer-than-explicit')
  const none = planCadences({ ...first, included: { projects: 0, repositories: 0 } })
  expect(none.tiers.map(({ tier }) => tier)).toEqual(['members', 'groups', 'projects', 'repositories'])
})

test.each([
  ['rows-unknown', { ...first, effectiveRows: null }],
  ['dearer-than-explicit', { ...first, effectiveRows: 2_000 * 5_000 }],
  ['dearer-than-explicit', { ...first, effectiveRows: 1_000_000 }],
  ['no-gain', { ...first, effectiveRows: 990_000 }],
  ['no-gain', { ...first, requestsPerHour: 1_000_000 }],
  ['no-repositories', { ...first, repositories: 0, effectiveRows: 0 }],
] as const)('does without the detector: %s', (reason, shape) => {
  const cadences = planCadences(shape)
  expect(cadences.detector).toEqual({ kind: 'none', reason })
  expect(cadences.tiers.map(({ tier }) => tier)).not.toContain('effective-permissions')
})

test('with requests in plenty everything is read every five minutes, and no more often', () => {
  const plenty = planCadences({ ...first, requestsPerHour: 1_000_000 })
  expect(plenty.tiers.map(({ everySeconds }) => everySeconds)).toEqual(plenty.tiers.map(() => 300))
  expect(plenty.requestsPerHour.planned).toBeLessThan(200_000)
})

test('with too few requests every target is missed by the same factor, and the law still decides about the rest', () => {
  const poor = planCadences({ ...first, requestsPerHour: 100 })
  expect(poor.stretch).toBeGreaterThan(2)
  expect(tierOf(poor, 'members').everySeconds / (30 * 60)).toBeCloseTo(poor.stretch, 0)
  expect(tierOf(poor, 'repository-permissions').everySeconds).toBeLessThanOrEqual(
    Math.ceil(0.97 * 36 * hour * poor.stretch),
  )
  expect(poor.detector.kind).toBe('effective-permissions')
})

test('refuses a budget that no plan can keep', () => {
  expect(() => planCadences({ ...first, requestsPerHour: 0 })).toThrow(RangeError)
  expect(() => planCadences({ ...first, requestsPerHour: Number.NaN })).toThrow(RangeError)
})

const anyShape = fc.record({
  members: fc.integer({ min: 0, max: 50_000 }),
  projects: fc.integer({ min: 0, max: 5_000 }),
  repositories: fc.integer({ min: 0, max: 100_000 }),
  effectiveRows: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  requestsPerHour: fc.integer({ min: 1, max: 100_000 }),
})

test('whatever the shape, the tiers and what is kept back never exceed the budget, and nothing is read too often', () => {
  fc.assert(
    fc.property(anyShape, (shape) => {
      const cadences = Cadences.parse(planCadences(shape))
      const { total, interactive, secondReads, planned } = cadences.requestsPerHour
      expect(planned).toBeLessThanOrEqual(total - interactive - secondReads + 1e-6)
      expect(planned).toBeCloseTo(
        cadences.tiers.reduce((sum, tier) => sum + (tier.requests * hour) / tier.everySeconds, 0),
        6,
      )
      for (const tier of cadences.tiers) expect(tier.everySeconds).toBeGreaterThanOrEqual(300)
      const repositories = cadences.tiers.find(({ tier }) => tier === 'repository-permissions')
      expect(repositories === undefined).toBe(shape.repositories === 0)
    }),
  )
})

test('whatever the shape, a larger budget never makes a tier of scopes that are read in turn later for want of requests', () => {
  fc.assert(
    fc.property(anyShape, (shape) => {
      const [less, more] = [planCadences(shape), planCadences({ ...shape, requestsPerHour: shape.requestsPerHour * 2 })]
      expect(more.stretch).toBeLessThanOrEqual(less.stretch)
      if (more.detector.kind !== less.detector.kind) return
      for (const tier of more.tiers) {
        expect(tier.everySeconds).toBeLessThanOrEqual(tierOf(less, tier.tier).everySeconds + 1)
      }
    }),
  )
})

test('the cadences of tiers that nothing bends stand in the ratio of the square roots of cost to changes', () => {
  const between = planCadences({ ...first, requestsPerHour: 4_000 })
  const [detector, turn] = [tierOf(between, 'effective-permissions'), tierOf(between, 'repository-permissions')]
  const ratio = Math.sqrt(((turn.requests / detector.requests) * 0.95) / 0.05)
  expect(turn.everySeconds / detector.everySeconds).toBeCloseTo(ratio, 1)
})
