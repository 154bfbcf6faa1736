import { createFaultSchedule, FaultRule } from '@clarity/bitbucket-simulator'
import { expect, test } from 'vitest'
import { type FaultRule as ChaosRule, faultKindNames, faultKinds } from './faults.ts'
import { shareOut } from './faulty-bitbucket.ts'
import { createRandom } from './random.ts'

const seeds = Array.from({ length: 50 }, (_, seed) => seed)

test('a fault that any call may meet is met in the end, though syncs come no further than their first calls', () => {
  const target = { workspace: 'north', repositories: ['repository'] }
  for (const seed of seeds) {
    for (const kind of faultKindNames) {
      const rules: readonly ChaosRule[] = faultKinds[kind](createRandom(seed), target)
      const schedule = createFaultSchedule(new Set())
      for (const rule of rules.filter(({ endpoint }) => endpoint === undefined)) schedule.add(FaultRule.parse(rule))
      for (let sync = 0; sync < 100; sync++) {
        for (const endpoint of ['POST /token', 'GET /workspace', 'GET /members']) {
          schedule.meet({ endpoint, workspace: 'north', resources: [], page: 1, credential: 'consumer' })
        }
      }
      expect(schedule.read().filter(({ satisfied }) => !satisfied)).toEqual([])
    }
  }
})

test('each kind of a slot has a workspace of its own, so that none keeps syncs from what another is to meet', () => {
  for (const seed of seeds) {
    const shares = shareOut(['no members', 'dropped page'], ['north', 'east', 'south'], createRandom(seed))
    expect(shares.map(({ kind }) => kind)).toEqual(['no members', 'dropped page'])
    expect(new Set(shares.map(({ workspace }) => workspace)).size).toBe(2)
  }
})
