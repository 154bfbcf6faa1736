import { indexAccess } from '@clarity/subscriber'
import { notRun } from '@clarity/testkit/not-run'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connectionInput } from './connector.ts'
import { listKeys, readKey } from './redis.ts'
import { workspace } from './scenario.ts'
import { testSystem } from './system.ts'
import { expectTruthAfter } from './truth.ts'

/** The main job with everything real but Bitbucket: services as processes, Redis, Kafka, a subscriber on the topic. */
const system = await testSystem()
const { bitbucket, acme, globex, feed, redis, readLogs } = system

describe('a connected workspace', () => {
  let connectionId: string

  test('is read whole at the cost of the floor, and the topic alone gives its access state', async () => {
    const { connectionId: id, sync } = await acme.connectAndSync({ workspace: 'acme', ...workspace.consumer })
    connectionId = id
    expect(sync).toMatchObject({ state: 'completed', error: null, coverage: { stale: 0, unobservable: 0 } })
    await expectTruthAfter(system, { slug: 'acme', connectionId: id, syncId: sync.id })

    const { projects, repositories } = workspace
    const members = (await bitbucket.truth('acme')).members.length
    expect(members).toBeGreaterThan(100)
    const pages = (rows: number) => Math.max(1, Math.ceil(rows / 100))
    const floor = 2 * repositories + 2 * projects + pages(members) + pages(projects) + pages(repositories) + 2
    // Saving the connection looked at the workspace once; the sync itself costs the floor.
    expect((await bitbucket.requests('acme')).total).toBe(floor + 1)
    expect(sync.progress).toMatchObject({ requests: floor, requestsExpected: floor })
  })

  test('that did not change gives no change event', async () => {
    const sync = await acme.sync(connectionId)
    await feed.stateAfter(connectionId, sync.id)
    expect(feed.ofSync(sync.id).map(({ name }) => name)).toEqual(['sync.requested', 'sync.started', 'sync.completed'])
    const { scanned, unchanged } = sync.stats.grants ?? { scanned: 0, unchanged: -1 }
    expect(scanned).toBeGreaterThan(100)
    expect(unchanged).toBe(scanned)
  })

  test('has the effective access that Bitbucket reckons by itself, derived from the topic alone', async () => {
    const { latestSync } = z
      .object({ latestSync: z.object({ id: z.string() }) })
      .parse((await acme.call(`/v1/connections/${connectionId}`)).body)
    const access = indexAccess(await feed.stateAfter(connectionId, latestSync.id))
    const bare = (uuid: string) => uuid.slice(1, -1)
    const derived = (await bitbucket.truth('acme')).repositories.flatMap(({ uuid, projectUuid }) => {
      const target = { id: `repository:${bare(uuid)}`, parent: `project:${bare(projectUuid)}` } as const
      return [...access.levelsOn(target)].map(([user, level]) => `{${user.slice('user:'.length)}} ${level} ${uuid}`)
    })
    const reckoned = await bitbucket.effectivePermissions('acme', workspace.consumer)
    expect(derived.toSorted()).toEqual(reckoned.toSorted())
    expect(reckoned.length).toBeGreaterThan(1_000)
  })

  test('is another tenant’s secret', async () => {
    for (const path of [`/v1/connections/${connectionId}`, `/v1/connections/${connectionId}/syncs/syn_1`]) {
      expect((await globex.call(path)).status).toBe(404)
    }
    expect((await globex.call(`/v1/connections/${connectionId}/syncs`, {})).status).toBe(404)
  })

  test('has its secret nowhere in the clear: not in Redis, not in an answer, not in a log', async () => {
    const { secret } = workspace.consumer
    const kept = await Promise.all((await listKeys(redis, '*')).map((key) => readKey(redis, key)))
    expect(kept.join('').length).toBeGreaterThan(10_000)
    expect(kept.join('\n')).toContain('consumer-key')
    expect(kept.join('\n')).not.toContain(secret)
    expect(JSON.stringify((await acme.call(`/v1/connections/${connectionId}`)).body)).not.toContain(secret)
    const logs = await readLogs()
    expect(logs.some((log) => log.includes(connectionId))).toBe(system.processes !== null)
    expect(logs.join('\n')).not.toContain(secret)
  })
})

describe('a validation', () => {
  const validate = (input: Parameters<typeof connectionInput>[0]) => {
    const { workspace: slug, credential } = connectionInput(input)
    return acme.call('/v1/connections/validate', { workspace: slug, credential })
  }

  test('tells that nothing is in the way, how much there is and what a sync will cost, and saves nothing', async () => {
    const before = await listKeys(redis, '*con_*')
    expect(before).not.toEqual([])
    const { status, body } = await validate({ workspace: 'acme', ...workspace.consumer })
    const { members, groups, projects, repositories } = await bitbucket.truth('acme')
    const counts = [members, groups, projects, repositories].map(({ length }) => length)
    const pages = counts.map((count) => Math.max(1, Math.ceil(count / 100)))
    const [users = 0, , keys = 0, slugs = 0] = pages
    const cost = 2 * repositories.length + 2 * projects.length + users + keys + slugs + 2
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ready: true,
      problems: [],
      administrator: true,
      counts: { members: counts[0], groups: counts[1], projects: counts[2], repositories: counts[3] },
      fullSync: { requests: cost, requestsPerHour: 1_000 },
      cadences: { requestsPerHour: { total: 1_000 } },
      requests: 10,
    })
    expect((await listKeys(redis, '*con_*')).filter((key) => !before.includes(key))).toEqual([])
  })

  test('names each list that a consumer without administration cannot read', async () => {
    const { consumer } = await bitbucket.addWorkspace({
      slug: 'humble',
      users: 3,
      groups: 1,
      projects: 1,
      repositories: 1,
      seed: 1,
    })
    await bitbucket.changeConsumer('humble', consumer.key, { administrator: false })
    const { status, body } = await validate({ workspace: 'humble', ...consumer })
    expect(status).toBe(200)
    expect(body).toMatchObject({ ready: false, administrator: false, workspace: { state: 'found', slug: 'humble' } })
    expect(JSON.stringify(body)).toMatch(/"endpoint":"GET [^"]*groups[^"]*","code":"not-permitted"/)
  })
})

test('fifty random changes, with a sync after each, leave the subscriber with the truth every time', async () => {
  const seeded = { slug: 'small', users: 24, groups: 5, projects: 4, repositories: 12, seed: 3 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const { connectionId, sync } = await acme.connectAndSync({ workspace: 'small', ...consumer })
  await expectTruthAfter(system, { slug: 'small', connectionId, syncId: sync.id })
  for (let round = 1; round <= 50; round++) {
    const changes = await bitbucket.changeAtRandom('small', 1, round)
    const after = await acme.sync(connectionId)
    await expectTruthAfter(system, { slug: 'small', connectionId, syncId: after.id }, { round, changes })
  }
})

describe('access that Bitbucket fails to show is not told as gone', () => {
  const config = '/2.0/repositories/{workspace}/{repo_slug}/permissions-config'

  test('when the permissions of a repository are answered as empty, again and again', async () => {
    const seeded = { slug: 'flaky', users: 24, groups: 5, projects: 4, repositories: 12, seed: 4 }
    const { consumer } = await bitbucket.addWorkspace(seeded)
    const { connectionId } = await acme.connectAndSync({ workspace: 'flaky', ...consumer })
    const { repositories } = await bitbucket.truth('flaky')
    const held = repositories.find(({ users, groups }) => users.length + groups.length > 1)
    const fault = { type: 'empty', what: 'list' }
    const rule = { workspace: 'flaky', resource: held?.uuid, atLeast: 2, fault }
    await bitbucket.break({ ...rule, endpoint: `GET ${config}/users` }, { ...rule, endpoint: `GET ${config}/groups` })
    const sync = await acme.sync(connectionId)
    await bitbucket.heal()
    expect(sync).toMatchObject({ state: 'completed', coverage: { stale: 1, unobservable: 0 } })
    await expectTruthAfter(system, { slug: 'flaky', connectionId, syncId: sync.id })
    expect(feed.ofSync(sync.id).map(({ name }) => name)).toEqual(['sync.requested', 'sync.started', 'sync.completed'])
  })
})

describe('a connection that cannot work is refused with what to mend, and nothing of it is saved', () => {
  const { key, secret } = workspace.consumer
  /** Whoever calls is counted, for a minute; and the queue's mark of its own look for stalled jobs comes and goes. */
  const passing = /:rate-limit:|:stalled-check$/
  const keptKeys = async () => (await listKeys(redis, '*')).filter((name) => !passing.test(name)).sort()

  test.each([
    ['a wrong secret', { workspace: 'acme', key, secret: 'wrong' }, 'bad-credentials', 'credential'],
    ['a wrong key', { workspace: 'acme', key: 'wrong', secret }, 'bad-credentials', 'credential'],
    ['a workspace that is not there', { workspace: 'nowhere', key, secret }, 'workspace-not-found', 'workspace'],
  ])('%s', async (_name, input, code, field) => {
    const before = await keptKeys()
    const { status, body } = await globex.call('/v1/connections', connectionInput(input))
    expect(status).toBe(422)
    expect(body).toMatchObject({ type: `urn:clarity:problem:${code}`, status: 422, remedy: expect.any(String) })
    expect(body).toHaveProperty('errors', expect.arrayContaining([expect.objectContaining({ field })]))
    expect(await keptKeys()).toEqual(before)
  })

  test('a missing OAuth scope is named', async () => {
    const { consumer } = await bitbucket.addWorkspace({
      slug: 'scopes',
      users: 3,
      groups: 1,
      projects: 1,
      repositories: 1,
      seed: 1,
    })
    await bitbucket.changeConsumer('scopes', consumer.key, { scopes: ['account', 'project', 'repository'] })
    const { status, body } = await globex.call('/v1/connections', connectionInput({ workspace: 'scopes', ...consumer }))
    expect(status).toBe(422)
    expect(body).toMatchObject({ type: 'urn:clarity:problem:scope-missing' })
    expect(JSON.stringify(body)).toMatch(/Projects: Admin.*Repositories: Admin/)
  })

  test('an identifier that is taken', async () => {
    const { status, body } = await acme.call('/v1/connections', connectionInput({ workspace: 'acme', key, secret }))
    expect(status).toBe(409)
    expect(body).toMatchObject({
      type: 'urn:clarity:problem:identifier-taken',
      errors: [{ field: 'uniqueIdentifier' }],
    })
  })
})

test('what Bitbucket was made to answer is what Atlassian describes', async (context) => {
  const report = await bitbucket.conformance()
  if (report === null) return notRun(context, "Atlassian's OpenAPI file is not here: set BITBUCKET_OPENAPI to its path")
  expect(report.unknown).toEqual([])
  expect(report.checked).toBeGreaterThan(1_000)
})
