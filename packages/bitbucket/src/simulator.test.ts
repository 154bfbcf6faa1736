import { createSimulator, type Truth } from '@clarity/bitbucket-simulator'
import { Secret } from '@clarity/shared/runtime/secret'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  type BitbucketClient,
  checkAccess,
  createBitbucketClient,
  type Listing,
  listGroups,
  listProjectGroupPermissions,
  listProjects,
  listProjectUserPermissions,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  listWorkspacePermissions,
} from './index.ts'

/** The client and the simulator agree on the API, although neither knows of the other. */
const consumer = { key: 'key', secret: 'secret' }
const seeded = { slug: 'acme', users: 120, groups: 4, projects: 3, repositories: 105, seed: 5, consumer }
const openApiPath = process.env.BITBUCKET_OPENAPI
const simulator = await createSimulator({ workspaces: [seeded], ...(openApiPath && { openApiPath }) })
// The control API answers in this form; the simulator's own tests say so.
const truth = (await (await fetch(`${simulator.url}/_control/workspaces/acme`)).json()) as Truth
let client: BitbucketClient

function clientFor(secret: string): BitbucketClient {
  return createBitbucketClient({
    urls: { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` },
    credentials: [{ kind: 'oauth-consumer', id: consumer.key, key: consumer.key, secret: new Secret(secret) }],
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    random: () => 0,
  })
}

beforeAll(() => {
  client = clientFor(consumer.secret)
})
afterAll(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
  expect(simulator.conformance()?.unknown ?? []).toEqual([])
})

async function rowsOf<Row>(listing: Promise<Listing<Row>>): Promise<Row[]> {
  const result = await listing
  if (result.state === 'incomplete') throw result.error
  return result.rows
}

const sorted = (values: readonly string[]) => values.toSorted()

describe('every listing is the truth', () => {
  test('members', async () => {
    const rows = await rowsOf(listWorkspacePermissions(client, 'acme'))
    const expected = truth.members.map((member) => `${member.userUuid} ${member.permission}`)
    expect(sorted(rows.map(({ user, permission }) => `${user.uuid} ${permission}`))).toEqual(sorted(expected))
    expect(rows.length).toBeGreaterThan(100)
  })

  test('groups with their members', async () => {
    const rows = await rowsOf(listGroups(client, 'acme'))
    const expected = truth.groups.map((group) => [group.slug, sorted(group.memberUuids)])
    expect(rows.map(({ slug, members }) => [slug, sorted(members.map(({ uuid }) => uuid))])).toEqual(expected)
  })

  test('projects and repositories', async () => {
    const uuids = (of: readonly { uuid: string }[]) => sorted(of.map(({ uuid }) => uuid))
    expect(uuids(await rowsOf(listProjects(client, 'acme')))).toEqual(uuids(truth.projects))
    expect(uuids(await rowsOf(listRepositories(client, 'acme')))).toEqual(uuids(truth.repositories))
  })

  test('permissions of projects and repositories', async () => {
    const users = (rows: { user: { uuid: string }; permission: string }[]) =>
      sorted(rows.map(({ user, permission }) => `${user.uuid} ${permission}`))
    const groups = (rows: { group: { slug: string }; permission: string }[]) =>
      sorted(rows.map(({ group, permission }) => `${group.slug} ${permission}`))
    const told = (of: Truth['projects'][number] | Truth['repositories'][number]) => ({
      users: sorted(of.users.map(({ userUuid, permission }) => `${userUuid} ${permission}`)),
      groups: sorted(of.groups.map(({ slug, permission }) => `${slug} ${permission}`)),
    })
    for (const project of truth.projects) {
      const read = {
        users: users(await rowsOf(listProjectUserPermissions(client, 'acme', project.key))),
        groups: groups(await rowsOf(listProjectGroupPermissions(client, 'acme', project.key))),
      }
      expect(read).toEqual(told(project))
    }
    for (const repository of truth.repositories.slice(0, 20)) {
      const read = {
        users: users(await rowsOf(listRepositoryUserPermissions(client, 'acme', repository.uuid))),
        groups: groups(await rowsOf(listRepositoryGroupPermissions(client, 'acme', repository.uuid))),
      }
      expect(read).toEqual(told(repository))
    }
  })
})

describe('access is checked before anything is saved', () => {
  test('a workspace is found by slug and by uuid', async () => {
    const { uuid, slug, name } = truth
    expect(await checkAccess(client, slug)).toEqual({ uuid, slug, name })
    expect(await checkAccess(client, uuid)).toEqual({ uuid, slug, name })
  })

  test('another workspace is not', async () => {
    await expect(checkAccess(client, 'nowhere')).rejects.toMatchObject({ code: 'workspace-not-found' })
  })

  test('a wrong secret is told', async () => {
    await using wrong = clientFor('wrong')
    await expect(checkAccess(wrong, 'acme')).rejects.toMatchObject({ code: 'bad-credentials' })
  })

  test.each([
    [{ scopes: ['account', 'project', 'repository'] }, 'scope-missing', /Projects: Admin, Repositories: Admin/],
    [{ private: false }, 'consumer-not-private', /private/],
    [{ callbackUrl: null }, 'consumer-without-callback-url', /callback/],
  ])('a consumer with %o is told what to mend', async (change, code, remedy) => {
    const own = { slug: `own-${code}`, users: 3, groups: 1, projects: 1, repositories: 1, seed: 1 }
    const post = (method: string, path: string, body: object) =>
      fetch(`${simulator.url}/_control${path}`, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    const { consumer: created } = z
      .object({ consumer: z.object({ key: z.string(), secret: z.string() }) })
      .parse(await (await post('POST', '/workspaces', own)).json())
    expect((await post('PUT', `/workspaces/${own.slug}/consumers/${created.key}`, change)).status).toBeLessThan(300)
    await using other = createBitbucketClient({
      urls: { api: simulator.url, token: `${simulator.url}/site/oauth2/access_token` },
      credentials: [{ kind: 'oauth-consumer', id: 'own', key: created.key, secret: new Secret(created.secret) }],
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      random: () => 0,
    })
    await expect(checkAccess(other, own.slug)).rejects.toMatchObject({ code, remedy: expect.stringMatching(remedy) })
  })
})
