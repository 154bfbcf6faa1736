import { createFaultSchedule, FaultRule } from '@clarity/bitbucket-simulator'
import { expect, test } from 'vitest'
import { type FaultKind, faultKindNames, faultKinds, inOrderOfChances } from './faults.ts'
import { shareOut } from './faulty-bitbucket.ts'
import { createRandom } from './random.ts'

const seeds = Array.from({ length: 50 }, (_, seed) => seed)
const members = 'GET /2.0/workspaces/{workspace}/permissions'
const config = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config'
const endpoints = [members, `${config}/users`, `${config}/groups`]
const repositories = Array.from({ length: 40 }, (_, index) => `repository-${index}`)

/** The rules of these kinds in force, each for the workspace of that name. */
function begin(kinds: readonly (readonly [FaultKind, string])[], seed: number) {
  const schedule = createFaultSchedule(new Set(endpoints))
  const made = kinds.flatMap(([kind, workspace]) =>
    faultKinds[kind](createRandom(seed), { workspace, repositories }).map((rule) => ({ rule })),
  )
  for (const { rule } of inOrderOfChances(made)) schedule.add(FaultRule.parse(rule))
  return schedule
}

type Schedule = ReturnType<typeof begin>

/** A sync asks for the members, two pages, and where it comes so far, for who holds what on each repository. */
function sync(schedule: Schedule, workspace: string, comesFar: boolean): void {
  const call = { workspace, credential: 'consumer' }
  for (const page of [1, 2]) schedule.meet({ ...call, endpoint: members, resources: [], page })
  if (!comesFar) return
  for (const repository of repositories) {
    for (const list of ['users', 'groups'])
      schedule.meet({ ...call, endpoint: `${config}/${list}`, resources: [repository], page: 1 })
  }
}

const unmet = (schedule: Schedule) => schedule.read().filter(({ satisfied }) => !satisfied)

test.each(faultKindNames)('%s is met in the end, though syncs come no further than it is for', (kind) => {
  for (const seed of seeds) {
    const schedule = begin([[kind, 'north']], seed)
    const comesFar = schedule.read().some(({ endpoint }) => endpoint?.startsWith(config))
    for (let round = 0; round < 100; round++) sync(schedule, 'north', comesFar)
    expect(unmet(schedule)).toEqual([])
  }
})

test.each(['dropped page', 'too many requests'] as const)('%s has its chance beside what any call meets', (kind) => {
  for (const seed of seeds) {
    const schedule = begin(
      [
        ['unavailable', 'east'],
        [kind, 'north'],
      ],
      seed,
    )
    for (let round = 0; round < 100; round++) sync(schedule, 'north', false)
    expect(unmet(schedule)).toEqual([])
  }
})

test('no call meets too many requests twice', () => {
  for (const seed of seeds) {
    const schedule = begin([['too many requests', 'north']], seed)
    sync(schedule, 'north', true)
    const first = schedule.read().map(({ fired }) => fired)
    sync(schedule, 'north', true)
    expect(schedule.read().map(({ fired }) => fired)).toEqual(first)
  }
})

test('each kind of a slot has a workspace of its own, so that none keeps syncs from what another is to meet', () => {
  for (const seed of seeds) {
    const shares = shareOut(['no members', 'dropped page'], ['north', 'east', 'south'], createRandom(seed))
    expect(shares.map(({ kind }) => kind)).toEqual(['no members', 'dropped page'])
    expect(new Set(shares.map(({ workspace }) => workspace)).size).toBe(2)
  }
})
