import { expect, test } from 'vitest'
import { WorkspaceOptions } from './options.ts'
import { findConflict, seedWorkspace } from './seed.ts'
import { principalsOf, toTruth } from './truth.ts'
import { createWorld } from './world.ts'

const size = { users: 60, groups: 8, projects: 6, repositories: 80 }

function grow(options: Partial<WorkspaceOptions>) {
  return seedWorkspace(createWorld(), { ...size, seed: 1, ...options }).workspace
}

test('the same slug, size and seed give the same workspace, others another', () => {
  const first = grow({ slug: 'acme' })
  expect(toTruth(grow({ slug: 'acme' }))).toEqual(toTruth(first))
  expect([...grow({ slug: 'acme' }).repositories.values()]).toEqual([...first.repositories.values()])
  expect(toTruth(grow({ slug: 'acme', seed: 2 })).users).not.toEqual(toTruth(first).users)
  expect(grow({ slug: 'other' }).uuid).not.toBe(first.uuid)
})

test.each([1, 2, 3, 4, 5])('seed %i gives a company as they are', (seed) => {
  const workspace = grow({ seed })
  const truth = toTruth(workspace)
  expect(truth.members).toHaveLength(60)
  expect(truth.groups).toHaveLength(8)
  expect(truth.projects).toHaveLength(6)
  expect(truth.repositories).toHaveLength(80)
  expect(truth.members.filter(({ permission }) => permission === 'owner').length).toBeLessThanOrEqual(3)
  expect(truth.groups.map(({ slug }) => slug)).toContain('administrators')
  expect(new Set(truth.groups.map(({ memberUuids }) => memberUuids.length)).size).toBeGreaterThan(2)
  expect(truth.users.filter(({ type }) => type === 'app_user')).toHaveLength(1)
  expect([...principalsOf(workspace)].some((uuid) => !workspace.members.has(uuid))).toBe(true)
  expect(truth.repositories.some(({ isPrivate }) => !isPrivate)).toBe(true)
  expect(JSON.stringify(truth)).not.toContain('@')
})

test('repositories have as many grants on average as they should, a fifth of them by groups', () => {
  const workspace = grow({ users: 200, groups: 20, repositories: 1_000, grantsPerRepository: 20 })
  const all = [...workspace.repositories.values()].map(({ grants }) => grants)
  const mean = (kind: 'users' | 'groups') => all.reduce((sum, grants) => sum + grants[kind].size, 0) / all.length
  expect(Math.round(mean('users'))).toBe(16)
  expect(Math.round(mean('groups'))).toBe(4)
})

test('repositories are created one after the other', () => {
  const instants = [...grow({}).repositories.values()].map(({ createdOn }) => createdOn)
  expect(instants).toEqual([...new Set(instants)].toSorted())
})

test('a workspace of one person and nothing else grows', () => {
  const workspace = grow({ users: 1, groups: 0, projects: 0, repositories: 0 })
  expect([...workspace.members.values()]).toMatchObject([{ permission: 'owner' }])
})

test('made-up slugs stay free of each other, given ones are refused when taken', () => {
  const world = createWorld()
  const options = { ...size, seed: 3 }
  const { workspace: first, consumer } = seedWorkspace(world, options)
  const { workspace: second } = seedWorkspace(world, options)
  expect(second.slug).not.toBe(first.slug)
  expect(second.uuid).not.toBe(first.uuid)
  expect(findConflict(world, { ...options, slug: first.slug })).toContain(first.slug)
  expect(findConflict(world, { ...options, consumer: { key: consumer.key } })).toContain(consumer.key)
})

test('repositories without a project are a mistake', () => {
  expect(WorkspaceOptions.safeParse({ ...size, seed: 1, projects: 0 }).success).toBe(false)
})
