import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Truth } from '../index.ts'
import { acme, type Bench, createBench } from '../testing/client.ts'

const ranks = ['read', 'write', 'admin']
const Row = z.object({
  permission: z.enum(['read', 'write', 'admin']),
  user: z.object({ uuid: z.string() }),
  repository: z.object({ uuid: z.string() }),
})
const larger = { ...acme, users: 40, groups: 8, repositories: 25 }
const path = '/2.0/workspaces/acme/permissions/repositories'

async function rowsOf(bench: Bench, from: string): Promise<string[]> {
  const rows = z.array(Row).parse(await bench.list(from))
  return rows.map(({ user, repository, permission }) => `${user.uuid} ${permission} ${repository.uuid}`)
}

/** What follows from the explicit grants alone, by another way than the simulator's: level by level from the top. */
function expectedRows(truth: Truth, includes: { projects: boolean; owners: boolean }): string[] {
  const membersOf = new Map(truth.groups.map(({ slug, memberUuids }) => [slug, memberUuids]))
  return truth.repositories.flatMap((repository) => {
    const project = truth.projects.find(({ uuid }) => uuid === repository.projectUuid)
    const resources = [repository, ...(includes.projects && project ? [project] : [])]
    const pairs = resources.flatMap(({ users, groups }) => [
      ...users.map(({ userUuid, permission }) => [userUuid, permission] as const),
      ...groups.flatMap(({ slug, permission }) =>
        (membersOf.get(slug) ?? []).map((uuid) => [uuid, permission] as const),
      ),
    ])
    const owners = truth.members.filter(({ permission }) => includes.owners && permission === 'owner')
    pairs.push(...owners.map(({ userUuid }) => [userUuid, 'admin'] as const))
    return [...new Set(pairs.map(([uuid]) => uuid))].map((uuid) => {
      const levels = pairs
        .filter(([holder]) => holder === uuid)
        .map(([, level]) => level.replace('create-repo', 'write'))
      return `${uuid} ${levels.toSorted((a, b) => ranks.indexOf(b) - ranks.indexOf(a))[0]} ${repository.uuid}`
    })
  })
}

test.each([
  [{ projects: true, owners: true }],
  [{ projects: false, owners: true }],
  [{ projects: false, owners: false }],
])('the rows are the highest level of each user on each repository, with %o', async (effectiveIncludes) => {
  await using bench = await createBench({ workspaces: [{ ...larger, settings: { effectiveIncludes } }] })
  const expected = expectedRows(await bench.truth(), effectiveIncludes)
  expect((await rowsOf(bench, `${path}?pagelen=37`)).toSorted()).toEqual(expected.toSorted())
  expect(expected.length).toBeGreaterThan(50)
})

test('the list does not say how long it is, and shows what changed between its pages', async () => {
  await using bench = await createBench({ workspaces: [larger] })
  const first = await bench.get(`${path}?pagelen=50`)
  expect(first.body).not.toHaveProperty('size')
  const [repository] = (await bench.truth()).repositories
  await bench.call('POST', '/_control/workspaces/acme/changes', { type: 'remove-repository', uuid: repository?.uuid })
  const rows = await rowsOf(bench, `${path}?pagelen=50`)
  expect(rows.join()).not.toContain(repository?.uuid)
})

test('one repository, a filter and an order', async () => {
  await using bench = await createBench({ workspaces: [larger] })
  const truth = await bench.truth()
  const all = await rowsOf(bench, `${path}?pagelen=100`)
  const [repository] = truth.repositories
  const ofOne = all.filter((row) => row.endsWith(repository?.uuid ?? ''))
  expect(await rowsOf(bench, `${path}/${repository?.slug}?pagelen=100`)).toEqual(ofOne)
  const byName = encodeURIComponent(`repository.name="${repository?.name}"`)
  expect(await rowsOf(bench, `${path}?q=${byName}&pagelen=100`)).toEqual(ofOne)
  const aboveRead = await rowsOf(bench, `${path}?q=${encodeURIComponent('permission>"read"')}&pagelen=100`)
  expect(aboveRead).toEqual(all.filter((row) => !row.includes(' read ')))
  const sorted = await bench.list(`${path}?sort=user.display_name&pagelen=100`)
  const names = sorted.map(
    (row) => z.object({ user: z.object({ display_name: z.string() }) }).parse(row).user.display_name,
  )
  expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)))
  expect(sorted).toHaveLength(all.length)
})
