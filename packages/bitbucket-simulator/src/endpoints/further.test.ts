import { expect, test } from 'vitest'
import { acme, type Bench, createBench } from '../testing/client.ts'

const idOf = (id: string | undefined) => encodeURIComponent(id ?? '')

async function holder(bench: Bench) {
  const { repositories, projects, users } = await bench.truth()
  const repository = repositories.find((one) => one.users.length > 0 && one.groups.length > 0)
  return { repository, project: projects[0], user: users.find(({ uuid }) => uuid === repository?.users[0]?.userUuid) }
}

test('one grant by the id of who holds it; who holds none holds none', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, repositories: 20 }] })
  const { repository, user } = await holder(bench)
  const config = `/2.0/repositories/acme/${repository?.slug}/permissions-config`
  const row = {
    type: 'repository_user_permission',
    permission: repository?.users[0]?.permission,
    user: { uuid: user?.uuid },
  }
  expect(await bench.get(`${config}/users/${idOf(user?.uuid)}`)).toMatchObject({ status: 200, body: row })
  expect(await bench.get(`${config}/users/${idOf(user?.accountId ?? '')}`)).toMatchObject({ status: 200, body: row })
  const [group] = repository?.groups ?? []
  expect((await bench.get(`${config}/groups/${group?.slug}`)).body).toMatchObject({
    permission: group?.permission,
    group: { slug: group?.slug },
  })
  const others = (await bench.truth()).members.find(({ userUuid }) => userUuid !== user?.uuid)
  const without = repository?.users.some(({ userUuid }) => userUuid === others?.userUuid) ? undefined : others?.userUuid
  expect((await bench.get(`${config}/users/${idOf(without)}`)).body).toMatchObject({ permission: 'none' })
  expect((await bench.get(`${config}/users/nobody`)).status).toBe(404)
  expect((await bench.get(`${config}/groups/nobody`)).status).toBe(404)
})

test('a member by id; 404 is the answer for who is none, and for who is not known', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, users: 12 }] })
  const { members, users } = await bench.truth()
  const [member] = members
  const outsider = users.find(({ uuid }) => !members.some(({ userUuid }) => userUuid === uuid))
  const path = '/2.0/workspaces/acme/members'
  expect((await bench.get(`${path}/${idOf(member?.userUuid)}`)).body).toMatchObject({
    user: { uuid: member?.userUuid },
  })
  expect((await bench.get(`${path}/${idOf(outsider?.uuid)}`)).status).toBe(404)
  expect((await bench.get(`${path}/nobody`)).status).toBe(404)
})

test('members are found by address, which shows only to those who ask for the field', async () => {
  await using bench = await createBench()
  const [user] = [...(bench.simulator.world.workspacesBySlug.get('acme')?.users.values() ?? [])]
  const q = encodeURIComponent(`user.email IN ("${user?.email}","nobody@example.com")`)
  const path = `/2.0/workspaces/acme/members?q=${q}`
  expect(JSON.stringify((await bench.get(path)).body.values)).not.toContain('@')
  const shown = await bench.get(`${path}&fields=${encodeURIComponent('+values.user.email')}`)
  expect(shown.body.values).toEqual([
    expect.objectContaining({ user: expect.objectContaining({ uuid: user?.uuid, email: user?.email }) }),
  ])
  const unasked = await bench.get(`/2.0/workspaces/acme/members?fields=${encodeURIComponent('+values.user.email')}`)
  expect(JSON.stringify(unasked.body)).not.toContain('@')
})

test('ninety addresses at most, and of administrators only', async () => {
  await using bench = await createBench()
  const pathFor = (count: number) => {
    const addresses = Array.from({ length: count }, (_, index) => `"a${index}@example.com"`)
    return `/2.0/workspaces/acme/members?q=${encodeURIComponent(`user.email IN (${addresses.join(',')})`)}`
  }
  expect((await bench.get(pathFor(90))).status).toBe(200)
  expect((await bench.get(pathFor(91))).status).toBe(400)
  await bench.call('PUT', '/_control/workspaces/acme/consumers/key', { administrator: false })
  expect((await bench.get(pathFor(1))).status).toBe(403)
})

test('the owners alone', async () => {
  await using bench = await createBench()
  const rows = await bench.list(`/2.0/workspaces/acme/permissions?q=${encodeURIComponent('permission="owner"')}`)
  const { members } = await bench.truth()
  expect(rows).toHaveLength(members.filter(({ permission }) => permission === 'owner').length)
})

test('an account by uuid and by account id; a closed one says so; a team is none', async () => {
  await using bench = await createBench()
  const { users, uuid } = await bench.truth()
  const [user] = users
  await bench.call('POST', '/_control/workspaces/acme/changes', {
    type: 'set-account',
    userUuid: user?.uuid,
    status: 'closed',
  })
  const byUuid = await bench.get(`/2.0/users/${idOf(user?.uuid)}`)
  expect(byUuid.body).toMatchObject({ uuid: user?.uuid, account_status: 'closed' })
  expect(await bench.get(`/2.0/users/${idOf(user?.accountId ?? '')}`)).toEqual(byUuid)
  expect((await bench.get(`/2.0/users/${idOf(uuid)}`)).status).toBe(404)
})

test('the workspaces of a caller, and whether it administers them', async () => {
  await using bench = await createBench()
  const row = { type: 'workspace_access', administrator: true, workspace: { type: 'workspace_base', slug: 'acme' } }
  expect((await bench.get('/2.0/user/workspaces?sort=slug')).body).toMatchObject({ values: [row], size: 1 })
  expect((await bench.get('/2.0/user/workspaces?administrator=false')).body).toMatchObject({ size: 0 })
  const { members } = await bench.truth()
  const { body } = await bench.call('POST', '/_control/workspaces/acme/api-tokens', { userUuid: members[0]?.userUuid })
  const own = await bench.fetch('/2.0/user/workspaces/acme/permission', `Basic ${btoa(`${body.email}:${body.token}`)}`)
  expect(await own.json()).toMatchObject({ permission: 'owner', user: { uuid: members[0]?.userUuid } })
  expect((await bench.get('/2.0/user/workspaces/acme/permission')).status).toBe(403)
})

test('a group and its members in 1.0, and the empty 200 of the form with a parameter', async () => {
  await using bench = await createBench()
  const { groups } = await bench.truth()
  const [group] = groups
  const path = `/1.0/groups/acme/${group?.slug}`
  const { body } = await bench.get(`${path}/members`)
  expect(body.items).toHaveLength(group?.memberUuids.length ?? -1)
  expect((await bench.get(path)).body).toMatchObject({ slug: group?.slug, name: group?.name })
  expect(await bench.get(`/1.0/groups?group=acme/${group?.slug}`)).toEqual({ status: 200, body: { items: [] } })
  const userUuid = group?.memberUuids[0]
  const token = (await bench.call('POST', '/_control/workspaces/acme/api-tokens', { userUuid })).body
  const basic = `Basic ${btoa(`${token.email}:${token.token}`)}`
  expect(await (await bench.fetch(`/1.0/groups?group=acme/${group?.slug}`, basic)).json()).toHaveLength(1)
})

test('group-privileges are all grants of groups on repositories', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, repositories: 20 }] })
  const { repositories } = await bench.truth()
  const { body } = await bench.get('/1.0/group-privileges/acme')
  const expected = repositories.flatMap(({ slug, groups }) =>
    groups.map((grant) => ({
      repo: `acme/${slug}`,
      privilege: grant.permission,
      group: expect.objectContaining({ slug: grant.slug, members: expect.any(Array) }),
      repository: expect.objectContaining({ slug }),
    })),
  )
  expect(body.items).toEqual(expected)
})

test('a workspace that moved its people elsewhere tells less, and has no invitations', async () => {
  await using bench = await createBench()
  expect((await bench.get('/1.0/invitations/acme')).status).toBe(200)
  const settings = { administration: 'admin.atlassian.com' }
  await bench.call('PUT', '/_control/workspaces/acme/settings', settings)
  const [row] = await bench.list('/2.0/workspaces/acme/permissions')
  expect(row).not.toHaveProperty('added_on')
  expect(row).not.toHaveProperty('last_accessed')
  expect((await bench.get('/1.0/invitations/acme')).status).toBe(410)
  expect((await bench.get('/1.0/groups/acme')).status).toBe(200)
})

test('the owner of a personal workspace is a person', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, settings: { kind: 'personal' } }] })
  const [row] = await bench.list('/2.0/repositories/acme')
  expect(row).toMatchObject({ owner: { type: 'user' } })
})

test('a repository and a project by themselves, and settings that say nothing of permissions', async () => {
  await using bench = await createBench()
  const { repository, project } = await holder(bench).then(async (held) => ({
    project: held.project,
    repository: (await bench.truth()).repositories[0],
  }))
  expect((await bench.get(`/2.0/repositories/acme/${repository?.slug}`)).body).toMatchObject({ uuid: repository?.uuid })
  expect((await bench.get(`/2.0/workspaces/acme/projects/${project?.key}`)).body).toMatchObject({ uuid: project?.uuid })
  const { body } = await bench.get(`/2.0/repositories/acme/${repository?.slug}/override-settings`)
  expect(body.override_settings).toMatchObject({ branching_model: false })
})

test('an endpoint takes a smaller page than others when it is told to', async () => {
  await using bench = await createBench()
  const route = '/2.0/workspaces/{workspace}/permissions'
  await bench.call('PUT', '/_control/pagelen-max', { route, max: 50 })
  expect(await bench.get('/2.0/workspaces/acme/permissions?pagelen=100')).toMatchObject({
    status: 400,
    body: { error: { message: 'Invalid pagelen' } },
  })
  expect((await bench.get('/2.0/workspaces/acme/permissions?pagelen=50')).status).toBe(200)
  expect((await bench.get('/2.0/repositories/acme?pagelen=100')).status).toBe(200)
})

test('rows shift when the list changes between two pages', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, repositories: 6 }] })
  const path = '/2.0/repositories/acme?sort=created_on&pagelen=3'
  const all = await bench.list(path)
  const first = await bench.get(path)
  await bench.call('POST', '/_control/workspaces/acme/changes', { type: 'remove-repository', uuid: all[0]?.uuid })
  const second = await bench.get(first.body.next ?? '')
  expect(second.body.values?.map(({ uuid }) => uuid)).toEqual(all.slice(4).map(({ uuid }) => uuid))
})
