import { expect, test } from 'vitest'
import { applyRandomChanges } from './random-changes.ts'
import { seedWorkspace } from './seed.ts'
import { toTruth } from './truth.ts'
import { createWorld } from './world.ts'

const size = { slug: 'acme', users: 15, groups: 5, projects: 4, repositories: 20, seed: 1 }

test.each([1, 2, 3, 4, 5, 6])('every random change of seed %i changes the truth', (seed) => {
  const { workspace } = seedWorkspace(createWorld(), size)
  let before = JSON.stringify(toTruth(workspace))
  for (let step = 0; step < 150; step++) {
    const changes = applyRandomChanges(workspace, 1, seed * 1000 + step, step)
    const after = JSON.stringify(toTruth(workspace))
    expect(after, JSON.stringify(changes)).not.toBe(before)
    before = after
  }
})

test('the same seed makes the same changes, most of them of grants and groups', () => {
  const { workspace: one } = seedWorkspace(createWorld(), size)
  const { workspace: two } = seedWorkspace(createWorld(), size)
  const changes = applyRandomChanges(one, 1000, 9, 0)
  expect(applyRandomChanges(two, 1000, 9, 0)).toEqual(changes)
  expect(toTruth(two)).toEqual(toTruth(one))
  const types = changes.map(({ change }) => change.type)
  expect(types.filter((type) => /grant|revoke|group-member/.test(type)).length).toBeGreaterThan(600)
  expect(new Set(types).size).toBeGreaterThan(15)
})

test('a workspace with hardly anything in it changes too', () => {
  const { workspace } = seedWorkspace(createWorld(), { ...size, users: 1, groups: 0, projects: 0, repositories: 0 })
  expect(applyRandomChanges(workspace, 20, 1, 0)).toHaveLength(20)
})
