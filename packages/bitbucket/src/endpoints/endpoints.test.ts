import { expect, test } from 'vitest'
import {
  type BitbucketClient,
  getWorkspace,
  type Listing,
  listGroups,
  listProjectGroupPermissions,
  listProjects,
  listProjectUserPermissions,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  listWorkspacePermissions,
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
]

test.each(listings)('%s is asked for in long pages, with the fields that paging needs', async (path, list) => {
  await using server = await startTestServer(json(200, { values: [] }))
  expect(await list(server.client)).toEqual({ state: 'complete', rows: [], reported: null })
  const url = new URL(server.calls[0] ?? '', server.url)
  expect(server.calls).toHaveLength(1)
  expect(url.pathname).toBe(path)
  expect(url.searchParams.get('pagelen')).toBe('100')
  expect(url.searchParams.get('fields')).toMatch(/^next,page,pagelen,size,values\./)
  expect(url.searchParams.get('sort')).toBe(path.endsWith(`/repositories/${encoded}`) ? 'created_on' : null)
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
  expect(await listGroups(server.client, 'acme')).toEqual({ state: 'complete', rows, reported: null })
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
