import { expect, test } from 'vitest'
import {
  type BitbucketClient,
  emailsPerQueryMax,
  getCurrentUser,
  getMember,
  getOwnWorkspaceAccess,
  getProject,
  getProjectGroupPermission,
  getProjectUserPermission,
  getRepository,
  getRepositoryGroupPermission,
  getRepositoryUserPermission,
  getUser,
  getWorkspace,
  isQueryableEmail,
  type Listing,
  listEffectivePermissions,
  listGroupMembers,
  listGroups,
  listMembersByEmail,
  listOwnWorkspaces,
  listProjectGroupPermissions,
  listProjects,
  listProjectUserPermissions,
  listRepositories,
  listRepositoryEffectivePermissions,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  listWorkspacePermissions,
  readEffectivePermissions,
} from '../index.ts'
import { json, startTestServer, text } from '../testing/server.ts'

const uuid = '{00000000-0000-4000-8000-000000000001}'
const encoded = '%7B00000000-0000-4000-8000-000000000001%7D'

const listings: [string, (client: BitbucketClient) => Promise<Listing<unknown>>][] = [
  [`/2.0/workspaces/${encoded}/permissions`, (client) => listWorkspacePermissions(client, uuid)],
  [`/2.0/workspaces/${encoded}/projects`, (client) => listProjects(client, uuid)],
  [
    `/2.0/workspaces/acme/projects/A%2FB/permissions-config/users`,
    (client) => listProjectUserPermissions(client, 'acme', 'A/B'),
  ],
  [
    `/2.0/workspaces/acme/projects/A%2FB/permissions-config/groups`,
    (client) => listProjectGroupPermissions(client, 'acme', 'A/B'),
  ],
  [`/2.0/repositories/${encoded}`, (client) => listRepositories(client, uuid)],
  [
    `/2.0/repositories/acme/${encoded}/permissions-config/users`,
    (client) => listRepositoryUserPermissions(client, 'acme', uuid),
  ],
  [
    `/2.0/repositories/acme/${encoded}/permissions-config/groups`,
    (client) => listRepositoryGroupPermissions(client, 'acme', uuid),
  ],
  [`/2.0/workspaces/${encoded}/permissions/repositories`, (client) => listEffectivePermissions(client, uuid)],
  [
    `/2.0/workspaces/acme/permissions/repositories/${encoded}`,
    (client) => listRepositoryEffectivePermissions(client, 'acme', uuid),
  ],
  ['/2.0/workspaces/acme/members', (client) => listMembersByEmail(client, 'acme', ['a@example.com'])],
  ['/2.0/user/workspaces', (client) => listOwnWorkspaces(client)],
]
const sorts: Readonly<Record<string, string>> = {
  [`/2.0/repositories/${encoded}`]: 'created_on',
  '/2.0/user/workspaces': 'slug',
}

test.each(listings)('%s is asked for in long pages, with the fields that paging needs', async (path, list) => {
  await using server = await startTestServer(json(200, { values: [] }))
  expect(await list(server.client)).toEqual({ state: 'complete', rows: [], reported: null, pages: 1 })
  const url = new URL(server.calls[0] ?? '', server.url)
  expect(server.calls).toHaveLength(1)
  expect(url.pathname).toBe(path)
  expect(url.searchParams.get('pagelen')).toBe('100')
  expect(url.searchParams.get('fields')).toMatch(/^next,page,pagelen,size,values\./)
  expect(url.searchParams.get('sort')).toBe(sorts[path] ?? null)
})

test('a workspace is asked for by its encoded uuid', async () => {
  await using server = await startTestServer(json(200, { uuid, slug: 'acme', name: 'Acme', links: {} }))
  expect(await getWorkspace(server.client, uuid)).toEqual({ uuid, slug: 'acme', name: 'Acme' })
  expect(server.calls).toEqual([`/2.0/workspaces/${encoded}`])
})

test('groups come as a bare array, in one request', async () => {
  const group = { slug: 'devs', name: 'Devs', permission: null, auto_add: false, members: [{ uuid, is_team: false }] }
  await using server = await startTestServer(json(200, [group]))
  const rows = [{ slug: 'devs', name: 'Devs', permission: null, members: [{ uuid }] }]
  expect(await listGroups(server.client, 'acme')).toEqual({ state: 'complete', rows, reported: null, pages: 1 })
  expect(server.calls).toEqual(['/1.0/groups/acme'])
})

test.each([
  ['a page', json(200, { values: [] }), 'unexpected-shape'],
  ['nothing', text(200, ''), 'empty-body'],
])('groups that come as %s are no empty list', async (_name, answer, code) => {
  await using server = await startTestServer(answer)
  expect(await listGroups(server.client, 'acme')).toMatchObject({
    state: 'incomplete',
    error: { kind: 'contract', code },
  })
})

test('the members of a group come as a bare array', async () => {
  await using server = await startTestServer(json(200, [{ uuid, is_team: false }]))
  const rows = [{ uuid }]
  expect(await listGroupMembers(server.client, 'acme', 'a b')).toEqual({
    state: 'complete',
    rows,
    reported: null,
    pages: 1,
  })
  expect(server.calls).toEqual(['/1.0/groups/acme/a%20b/members'])
})

const byId: [string, (client: BitbucketClient) => Promise<unknown>][] = [
  [
    `/2.0/workspaces/acme/projects/A%2FB/permissions-config/users/${encoded}`,
    (client) => getProjectUserPermission(client, 'acme', 'A/B', uuid),
  ],
  [
    '/2.0/workspaces/acme/projects/A%2FB/permissions-config/groups/devs',
    (client) => getProjectGroupPermission(client, 'acme', 'A/B', 'devs'),
  ],
  [
    `/2.0/repositories/acme/${encoded}/permissions-config/users/557058%3A1`,
    (client) => getRepositoryUserPermission(client, 'acme', uuid, '557058:1'),
  ],
  [
    `/2.0/repositories/acme/${encoded}/permissions-config/groups/devs`,
    (client) => getRepositoryGroupPermission(client, 'acme', uuid, 'devs'),
  ],
  [`/2.0/workspaces/acme/members/${encoded}`, (client) => getMember(client, 'acme', uuid)],
  [`/2.0/users/${encoded}`, (client) => getUser(client, uuid)],
  [`/2.0/repositories/acme/${encoded}`, (client) => getRepository(client, 'acme', uuid)],
  ['/2.0/workspaces/acme/projects/A%2FB', (client) => getProject(client, 'acme', 'A/B')],
]

test.each(byId)('%s is null when it is not found, and no other refusal is', async (path, get) => {
  await using missing = await startTestServer(json(404, { error: { message: 'no' } }))
  expect(await get(missing.client)).toBeNull()
  const url = new URL(missing.calls[0] ?? '', missing.url)
  expect(url.pathname).toBe(path)
  expect(url.searchParams.get('fields')).not.toBeNull()
  await using refusing = await startTestServer(json(403, {}))
  await expect(get(refusing.client)).rejects.toMatchObject({ code: 'not-permitted' })
  await using gone = await startTestServer(json(410, {}))
  await expect(get(gone.client)).rejects.toMatchObject({ code: 'gone' })
})

test.each(byId.slice(0, 4))('%s tells a level, also that there is none', async (_path, get) => {
  await using server = await startTestServer(json(200, { permission: 'none' }))
  expect(await get(server.client)).toEqual({ permission: 'none' })
  expect(server.calls[0]).toMatch(/\?fields=permission$/)
})

test('accounts are read with what is used of them', async () => {
  const account = { uuid, type: 'app_user', display_name: 'Robot', links: {} }
  await using server = await startTestServer(json(200, account))
  const used = { uuid, type: 'app_user', display_name: 'Robot' }
  expect(await getCurrentUser(server.client)).toEqual(used)
  expect(await getUser(server.client, '557058:1')).toEqual(used)
  await using members = await startTestServer(json(200, { type: 'workspace_membership', user: account }))
  expect(await getMember(members.client, 'acme', uuid)).toEqual({ user: used })
})

test('an account is read whatever is not known of it', async () => {
  const unknown = { account_id: null, display_name: null, nickname: null, has_2fa_enabled: null }
  await using server = await startTestServer(json(200, { uuid, ...unknown }))
  expect(await getCurrentUser(server.client)).toEqual({ uuid, account_id: null, has_2fa_enabled: null })
})

test('the own role in a workspace is read', async () => {
  await using server = await startTestServer(json(200, { permission: 'owner', user: {} }))
  expect(await getOwnWorkspaceAccess(server.client, uuid)).toEqual({ permission: 'owner' })
  expect(server.calls).toEqual([`/2.0/user/workspaces/${encoded}/permission?fields=permission`])
})

test('effective permissions come row by row, one for each user and repository', async () => {
  const row = (user: string, repository: string) => ({
    permission: 'read',
    user: { uuid: user },
    repository: { uuid: repository },
  })
  const values = [row('{a}', '{x}'), row('{a}', '{y}'), row('{b}', '{x}'), row('{a}', '{x}')]
  await using server = await startTestServer(json(200, { values }))
  const reader = readEffectivePermissions(server.client, uuid)
  const read: unknown[] = []
  for await (const one of reader) read.push(one)
  expect(read).toEqual(values.slice(0, 3))
  expect(reader.end).toEqual({ state: 'complete', read: 3, reported: null, pages: 1 })
})

test('members are found by their addresses, which come back', async () => {
  const values = [{ user: { uuid, email: 'a+b@example.com' } }]
  await using server = await startTestServer(json(200, { values }))
  const listing = await listMembersByEmail(server.client, 'acme', ['a+b@example.com', "o'c@example.com"])
  expect(listing).toMatchObject({ state: 'complete', rows: values })
  const { searchParams } = new URL(server.calls[0] ?? '', server.url)
  expect(searchParams.get('q')).toBe(`user.email IN ("a+b@example.com","o'c@example.com")`)
  expect(searchParams.get('fields')).toContain('values.user.email')
})

test('no query is made for addresses that cannot be asked for, nor for none', async () => {
  await using server = await startTestServer(json(200, { values: [] }))
  const find = (...emails: string[]) => listMembersByEmail(server.client, 'acme', emails)
  await expect(find('x@example.com") OR ("a"="a')).rejects.toMatchObject({ code: 'invariant' })
  await expect(find('\\@example.com')).rejects.toMatchObject({ code: 'invariant' })
  const tooMany = Array.from({ length: emailsPerQueryMax + 1 }, (_, index) => `${index}@example.com`)
  await expect(find(...tooMany)).rejects.toMatchObject({ code: 'invariant' })
  expect(await find()).toEqual({ state: 'complete', rows: [], reported: null, pages: 0 })
  expect(server.calls).toEqual([])
  expect(tooMany.every(isQueryableEmail)).toBe(true)
})
