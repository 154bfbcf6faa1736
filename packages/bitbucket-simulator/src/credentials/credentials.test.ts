import { expect, test } from 'vitest'
import { z } from 'zod'
import { createClock } from '../clock.ts'
import type { Truth } from '../index.ts'
import { acme, type Bench, createBench } from '../testing/client.ts'

const larger = { ...acme, users: 30, repositories: 40, groups: 6 }
const tokens = '/_control/workspaces/acme/api-tokens'

async function basicFor(bench: Bench, userUuid: string, more: object = {}): Promise<string> {
  const { status, body } = await bench.call('POST', tokens, { userUuid, ...more })
  expect(status).toBe(201)
  return `Basic ${btoa(`${body.email}:${body.token}`)}`
}

const Listed = z.object({ values: z.array(z.object({ uuid: z.string() })), size: z.number() })
const Refused = z.object({ error: z.object({ detail: z.unknown() }) })

const holderOf = ({ members }: Truth, role: string) =>
  members.find(({ permission }) => permission === role)?.userUuid ?? ''

test('an API token is its user: /user, and an administrator reads all that a consumer reads', async () => {
  await using bench = await createBench()
  const owner = holderOf(await bench.truth(), 'owner')
  const basic = await basicFor(bench, owner)
  expect(await (await bench.fetch('/2.0/user', basic)).json()).toMatchObject({ type: 'user', uuid: owner })
  const paths = ['/2.0/repositories/acme?pagelen=100', '/1.0/groups/acme', '/2.0/workspaces/acme/permissions']
  for (const path of paths) {
    const asUser = await bench.fetch(path, basic)
    expect([path, asUser.status, await asUser.json()]).toEqual([path, 200, await (await bench.fetch(path)).json()])
  }
})

test('a member who administers nothing sees his repositories only, and is refused what administrators read', async () => {
  await using bench = await createBench({ workspaces: [larger] })
  const truth = await bench.truth()
  const admins = new Set(truth.groups.flatMap((group) => (group.slug === 'administrators' ? group.memberUuids : [])))
  const member = truth.members.find(({ userUuid, permission }) => permission === 'member' && !admins.has(userUuid))
  const basic = await basicFor(bench, member?.userUuid ?? '')
  const listed = Listed.parse(await (await bench.fetch('/2.0/repositories/acme?pagelen=100', basic)).json())
  expect(listed.size).toBeLessThan(truth.repositories.length)
  const hidden = truth.repositories.find(({ uuid }) => !JSON.stringify(listed).includes(uuid))
  const config = `/2.0/repositories/acme/${hidden?.slug}/permissions-config/users`
  expect((await bench.fetch(config, basic)).status).toBe(404)
  expect((await bench.fetch('/1.0/groups/acme', basic)).status).toBe(403)
  expect((await bench.fetch('/2.0/workspaces/acme/permissions/repositories', basic)).status).toBe(403)
})

test('a wrong address, a wrong token and one that has expired are 401', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock })
  const owner = holderOf(await bench.truth(), 'owner')
  const basic = await basicFor(bench, owner, { lifeSeconds: 60 })
  const [email = '', token = ''] = atob(basic.slice('Basic '.length)).split(':')
  const statusOf = async (name: string, password: string) =>
    (await bench.fetch('/2.0/user', `Basic ${btoa(`${name}:${password}`)}`)).status
  expect(await statusOf(email, token)).toBe(200)
  expect(await statusOf('other@example.com', token)).toBe(401)
  expect(await statusOf(email, 'other')).toBe(401)
  clock.advance(60_000)
  expect(await statusOf(email, token)).toBe(401)
})

test('an API token names its scopes as API tokens do', async () => {
  await using bench = await createBench()
  const owner = holderOf(await bench.truth(), 'owner')
  const basic = await basicFor(bench, owner, { scopes: ['read:user:bitbucket'] })
  const answer = await bench.fetch('/2.0/repositories/acme', basic)
  expect(answer.status).toBe(403)
  expect(Refused.parse(await answer.json()).error.detail).toEqual({
    granted: ['read:user:bitbucket'],
    required: ['read:repository:bitbucket'],
  })
})

test('an access token reads repositories and projects, and nothing of permissions', async () => {
  await using bench = await createBench()
  const { repositories, projects } = await bench.truth()
  const { body } = await bench.call('POST', '/_control/workspaces/acme/access-tokens', {
    scopes: ['account', 'project', 'project:admin', 'repository', 'repository:admin'],
  })
  const bearer = `Bearer ${body.token}`
  for (const path of ['/2.0/repositories/acme', '/2.0/workspaces/acme/projects', '/2.0/workspaces/acme']) {
    expect([path, (await bench.fetch(path, bearer)).status]).toEqual([path, 200])
  }
  const refused = [
    '/2.0/workspaces/acme/permissions',
    '/2.0/workspaces/acme/permissions/repositories',
    `/2.0/repositories/acme/${repositories[0]?.slug}/permissions-config/users`,
    `/2.0/workspaces/acme/projects/${projects[0]?.key}/permissions-config/groups`,
    '/1.0/groups/acme',
  ]
  for (const path of refused) {
    const answer = await bench.fetch(path, bearer)
    expect([path, answer.status]).toEqual([path, 401])
    expect(await answer.text()).toContain('not supported for this endpoint')
  }
})

test('an access token of a repository sees that one alone', async () => {
  await using bench = await createBench()
  const [own, other] = (await bench.truth()).repositories
  const wanted = { resourceUuid: own?.uuid, scopes: ['repository'] }
  const { body } = await bench.call('POST', '/_control/workspaces/acme/access-tokens', wanted)
  const statusOf = async (slug: string | undefined) =>
    (await bench.fetch(`/2.0/repositories/acme/${slug}`, `Bearer ${body.token}`)).status
  expect([await statusOf(own?.slug), await statusOf(other?.slug)]).toEqual([200, 404])
})

test('without a credential there is what is public, a 404 or a 401', async () => {
  await using bench = await createBench({ workspaces: [larger] })
  const { repositories, projects } = await bench.truth()
  const open = repositories.filter(({ isPrivate }) => !isPrivate)
  const listed = Listed.parse(await (await bench.fetch('/2.0/repositories/acme?pagelen=100', null)).json())
  expect(listed.values.map(({ uuid }) => uuid)).toEqual(open.map(({ uuid }) => uuid))
  const secret = repositories.find(({ isPrivate }) => isPrivate)
  expect((await bench.fetch(`/2.0/repositories/acme/${secret?.slug}`, null)).status).toBe(404)
  const config = `/2.0/workspaces/acme/projects/${projects[0]?.key}/permissions-config/users`
  expect((await bench.fetch(config, null)).status).toBe(404)
  expect((await bench.fetch('/2.0/workspaces/acme/permissions', null)).status).toBe(401)
})

test('a consumer that is no administrator lists repositories and is refused their permissions', async () => {
  await using bench = await createBench()
  const { repositories } = await bench.truth()
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { administrator: false })
  expect((await bench.fetch('/2.0/repositories/acme')).status).toBe(200)
  expect((await bench.fetch(`/2.0/repositories/acme/${repositories[0]?.slug}/permissions-config/users`)).status).toBe(
    403,
  )
  expect((await bench.fetch('/1.0/groups/acme')).status).toBe(403)
})

test('revoked tokens are 401, and a new one is good', async () => {
  await using bench = await createBench()
  await bench.call('DELETE', '/_control/tokens')
  expect((await bench.fetch('/2.0/workspaces/acme')).status).toBe(401)
  const { body } = await bench.requestToken('key', 'secret')
  expect((await bench.fetch('/2.0/workspaces/acme', `Bearer ${body.access_token}`)).status).toBe(200)
})
