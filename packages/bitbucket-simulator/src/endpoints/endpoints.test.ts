import { expect, test } from 'vitest'
import { acme, createBench } from '../testing/client.ts'
import { readOverApi, toComparable } from '../testing/read-over-api.ts'

test('what the API lists is the truth', async () => {
  await using bench = await createBench({ workspaces: [{ ...acme, users: 40, repositories: 30 }] })
  expect(await readOverApi(bench)).toEqual(toComparable(await bench.truth()))
})

test('a workspace and a repository answer under slug and uuid alike', async () => {
  await using bench = await createBench()
  const { uuid, repositories } = await bench.truth()
  const [repository] = repositories
  const bySlug = await bench.get(
    `/2.0/repositories/acme/${repository?.slug}/permissions-config/users?fields=values.user`,
  )
  const id = `${encodeURIComponent(uuid)}/${encodeURIComponent(repository?.uuid ?? '')}`
  const byUuid = await bench.get(`/2.0/repositories/${id}/permissions-config/users?fields=values.user`)
  expect(bySlug.status).toBe(200)
  expect(byUuid).toEqual(bySlug)
  const workspace = await bench.get(`/2.0/workspaces/${encodeURIComponent(uuid)}`)
  expect(workspace.body).toMatchObject({ type: 'workspace', uuid, slug: 'acme' })
})

test('1.0 answers a bare array under the slug, and 404 under the uuid', async () => {
  await using bench = await createBench()
  const { uuid, groups } = await bench.truth()
  const { body } = await bench.get('/1.0/groups/acme')
  expect(body.items).toHaveLength(groups.length)
  expect(body.items).toContainEqual({
    name: 'Administrators',
    slug: 'administrators',
    permission: 'admin',
    auto_add: false,
    email_forwarding_disabled: false,
    owner: expect.objectContaining({ uuid, is_team: true }),
    members: expect.arrayContaining([
      expect.objectContaining({ account_id: expect.any(String), is_team: false, nickname: expect.any(String) }),
    ]),
  })
  expect((await bench.get(`/1.0/groups/${encodeURIComponent(uuid)}`)).status).toBe(404)
})

test('a permission row carries the role and a condensed user', async () => {
  await using bench = await createBench()
  const [row] = await bench.list('/2.0/workspaces/acme/permissions')
  expect(row).toMatchObject({
    type: 'workspace_membership',
    permission: 'owner',
    added_on: expect.stringMatching(/^\d{4}-.*\.\d{6}\+00:00$/),
    last_accessed: expect.any(String),
    user: { type: 'user', uuid: expect.stringMatching(/^\{[0-9a-f-]{36}\}$/), account_id: expect.any(String) },
    workspace: { type: 'workspace', slug: 'acme' },
  })
  expect(row?.user).not.toHaveProperty('account_status')
  const [added] = await bench.list('/2.0/workspaces/acme/permissions?fields=%2Bvalues.user.account_status')
  expect(added?.user).toHaveProperty('account_status', 'active')
})

test('a group in a grant is the rich 2.0 object', async () => {
  await using bench = await createBench()
  const [project] = (await bench.truth()).projects
  const [row] = await bench.list(`/2.0/workspaces/acme/projects/${project?.key}/permissions-config/groups`)
  expect(row).toMatchObject({
    type: 'project_group_permission',
    permission: 'admin',
    group: { type: 'group', slug: 'administrators', full_slug: 'acme:administrators', name: 'Administrators' },
    links: { self: { href: expect.stringMatching(/permissions-config\/groups\/administrators$/) } },
  })
})

test('health needs no token', async () => {
  await using bench = await createBench()
  for (const path of ['/livez', '/readyz']) {
    expect(await bench.call('GET', path)).toEqual({ status: 200, body: { status: 'ok' } })
  }
})
