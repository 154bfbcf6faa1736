import { expect, test } from 'vitest'
import type { Change, Truth } from '../index.ts'
import { createBench } from '../testing/client.ts'
import { readOverApi, toComparable } from '../testing/read-over-api.ts'

const changes = '/_control/workspaces/acme/changes'
const nobody = '{00000000-0000-4000-8000-000000000000}'

type Cases = { readonly [Type in Change['type']]: (truth: Truth) => Extract<Change, { type: Type }> }

/** One possible change of each type; a type without a case does not compile. */
const cases: Cases = {
  'set-member': (truth) => ({ type: 'set-member', userUuid: memberOf(truth), permission: 'owner' }),
  'remove-member': (truth) => ({ type: 'remove-member', userUuid: memberOf(truth) }),
  'add-user': () => ({ type: 'add-user', displayName: 'Ada Lovelace', permission: 'member' }),
  'rename-user': (truth) => ({ type: 'rename-user', userUuid: memberOf(truth), displayName: 'Grace Hopper' }),
  'set-account': (truth) => ({ type: 'set-account', userUuid: memberOf(truth), accountId: null }),
  'add-group': () => ({ type: 'add-group', name: 'Night Shift' }),
  'remove-group': () => ({ type: 'remove-group', slug: 'administrators' }),
  'rename-group': () => ({ type: 'rename-group', slug: 'administrators', name: 'Admins' }),
  'add-group-member': (truth) => ({ type: 'add-group-member', slug: 'administrators', userUuid: memberOf(truth) }),
  'remove-group-member': ({ groups }) => {
    const userUuid = some(groups.find(({ slug }) => slug === 'administrators')?.memberUuids[0])
    return { type: 'remove-group-member', slug: 'administrators', userUuid }
  },
  'add-project': () => ({ type: 'add-project', name: 'Moon Landing', isPrivate: true }),
  'rename-project': ({ projects }) => ({ type: 'rename-project', uuid: some(projects[0]).uuid, name: 'Sun' }),
  'remove-project': ({ projects }) => ({ type: 'remove-project', uuid: some(projects[3]).uuid }),
  'add-repository': ({ projects }) => ({
    type: 'add-repository',
    projectUuid: some(projects[1]).uuid,
    name: 'New One',
  }),
  'remove-repository': ({ repositories }) => ({ type: 'remove-repository', uuid: some(repositories[0]).uuid }),
  'rename-repository': ({ repositories }) => ({
    type: 'rename-repository',
    uuid: some(repositories[0]).uuid,
    name: 'Other Name',
  }),
  'move-repository': ({ repositories, projects }) => ({
    type: 'move-repository',
    uuid: some(repositories[1]).uuid,
    projectUuid: some(projects[3]).uuid,
  }),
  'set-repository-privacy': ({ repositories }) => ({
    type: 'set-repository-privacy',
    uuid: some(repositories[0]).uuid,
    isPrivate: true,
  }),
  grant: (truth) => ({
    type: 'grant',
    resource: { kind: 'project', uuid: some(truth.projects[3]).uuid },
    principal: { groupSlug: 'developers' },
    permission: 'create-repo',
  }),
  revoke: ({ projects }) => ({
    type: 'revoke',
    resource: { kind: 'project', uuid: some(projects[0]).uuid },
    principal: { groupSlug: 'administrators' },
  }),
}

test.each(Object.values(cases))('%o changes the truth and what the API answers', async (toChange) => {
  await using bench = await createBench()
  const before = await bench.truth()
  const change = toChange(before)
  const answer = await bench.call('POST', changes, change)
  expect(answer).toMatchObject({ status: 200, body: { change } })
  const after = await bench.truth()
  expect(after).not.toEqual(before)
  expect(await readOverApi(bench)).toEqual(toComparable(after))
})

test('who leaves loses the role, all direct grants and all groups', async () => {
  await using bench = await createBench()
  const userUuid = memberOf(await bench.truth())
  await bench.call('POST', changes, { type: 'remove-member', userUuid })
  expect(JSON.stringify(await bench.truth())).not.toContain(userUuid)
  await bench.call('POST', changes, { type: 'set-member', userUuid, permission: 'member' })
  expect((await bench.truth()).members).toContainEqual({ userUuid, permission: 'member' })
})

test('a renamed repository answers under its new slug and its uuid, and redirects from the old slug', async () => {
  await using bench = await createBench()
  const { uuid, slug } = some((await bench.truth()).repositories[0])
  const renamed = await bench.call('POST', changes, { type: 'rename-repository', uuid, name: 'Brand New' })
  expect(renamed.body).toMatchObject({ repositoryUuid: uuid, slug: 'brand-new' })
  const pathOf = (id: string) =>
    `/2.0/repositories/acme/${encodeURIComponent(id)}/permissions-config/users?fields=values.user.uuid`
  expect((await bench.fetch(pathOf('brand-new'))).status).toBe(200)
  expect((await bench.fetch(pathOf(uuid))).status).toBe(200)
  const old = await bench.fetch(pathOf(slug))
  expect(old.status).toBe(301)
  expect(old.headers.get('location')).toBe(`${bench.simulator.url}${pathOf('brand-new')}`)
})

const impossible: readonly [string, number, (truth: Truth) => Change][] = [
  ['a user who is not there', 404, () => ({ type: 'set-member', userUuid: nobody, permission: 'owner' })],
  ['a group whose slug is taken', 409, () => ({ type: 'add-group', name: 'Administrators' })],
  ['a project with repositories', 409, ({ projects }) => ({ type: 'remove-project', uuid: some(projects[0]).uuid })],
  ['the role held already', 409, (truth) => ({ type: 'set-member', userUuid: memberOf(truth), permission: 'member' })],
  [
    'a grant that nobody holds',
    404,
    ({ repositories }) => ({
      type: 'revoke',
      resource: { kind: 'repository', uuid: some(repositories[0]).uuid },
      principal: { groupSlug: 'nope' },
    }),
  ],
  [
    'a public repository in a private project',
    409,
    ({ repositories, projects }) => ({
      type: 'move-repository',
      uuid: some(repositories[0]).uuid,
      projectUuid: some(projects[1]).uuid,
    }),
  ],
  [
    'a name that makes no slug',
    409,
    ({ projects }) => ({
      type: 'add-repository',
      projectUuid: some(projects[0]).uuid,
      name: '???',
    }),
  ],
  [
    'the last owner',
    409,
    ({ members }) => ({
      type: 'remove-member',
      userUuid: some(members.find(({ permission }) => permission === 'owner')).userUuid,
    }),
  ],
]

test.each(impossible)('refuses %s with %i and changes nothing', async (_, status, toChange) => {
  await using bench = await createBench()
  const before = await bench.truth()
  const answer = await bench.call('POST', changes, toChange(before))
  expect(answer).toEqual({ status, body: { message: expect.any(String) } })
  expect(await bench.truth()).toEqual(before)
})

test.each([
  ['an unknown type', { type: 'explode' }],
  ['a field too many', { type: 'add-group', name: 'x', colour: 'red' }],
  ['a uuid without braces', { type: 'remove-member', userUuid: nobody.slice(1, -1) }],
  [
    'create-repo on a repository',
    {
      type: 'grant',
      resource: { kind: 'repository', uuid: nobody },
      principal: { userUuid: nobody },
      permission: 'create-repo',
    },
  ],
])('%s is a 400 that names the field', async (_, body) => {
  await using bench = await createBench()
  const answer = await bench.call('POST', changes, body)
  expect(answer.status).toBe(400)
  expect(answer.body).toEqual({
    message: expect.any(String),
    issues: expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]),
  })
})

test('random changes are listed, made, and seen over the API', async () => {
  await using bench = await createBench()
  const before = await bench.truth()
  const answer = await bench.call('POST', '/_control/workspaces/acme/random-changes', { count: 100, seed: 4 })
  expect(answer.body.items).toHaveLength(100)
  const after = await bench.truth()
  expect(after).not.toEqual(before)
  expect(await readOverApi(bench)).toEqual(toComparable(after))
  const tooMany = await bench.call('POST', '/_control/workspaces/acme/random-changes', { count: 1001, seed: 4 })
  expect(tooMany.status).toBe(400)
})

/** A member who is no owner and is not in the administrators. */
function memberOf({ members, groups }: Truth): string {
  const admins = groups.find(({ slug }) => slug === 'administrators')?.memberUuids ?? []
  return some(members.find(({ userUuid, permission }) => permission === 'member' && !admins.includes(userUuid)))
    .userUuid
}

function some<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the seeded workspace lacks what this test needs')
  return value
}
