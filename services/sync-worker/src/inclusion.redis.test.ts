import { FaultRule } from '@clarity/bitbucket-simulator'
import type { ScopeId } from '@clarity/shared/contract/ids'
import type { Include } from '@clarity/shared/contract/settings'
import { readNotRead } from '@clarity/shared/store/not-read'
import { readFreshness } from '@clarity/shared/store/read-freshness'
import { readEntries } from '@clarity/shared/testing/outbox'
import type { Truth } from '@clarity/testkit/oracles/access'
import { describe, expect, test } from 'vitest'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

/** What the settings leave out is not read, stays as it was last known, and is never told as taken away. */
const engine = await createTestEngine()
type System = Awaited<ReturnType<typeof createTestSystem>>
const everything: Include = { projects: null, repositories: null }

const scopeOf = (kind: 'project' | 'repository', { uuid }: { readonly uuid: string }): ScopeId =>
  `${kind}/${uuid.slice(1, -1)}`

/** Projects and repositories by whether they are in the one project that is included. */
async function split({ truth }: System) {
  const { projects, repositories } = await truth()
  const [included, ...excluded] = projects
  if (included === undefined) throw new Error('there is no project')
  const isIn = ({ projectUuid }: Truth['repositories'][number]) => projectUuid === included.uuid
  const left = repositories.filter((one) => !isIn(one))
  return { key: included.key, read: repositories.filter(isIn), left, projects: { read: [included], left: excluded } }
}

/** The paths of all that Bitbucket was asked for. */
async function askedFor({ control }: System): Promise<string> {
  const requests = (await control('/requests/log?limit=10000')) as { path: string }[]
  return requests.map(({ path }) => decodeURIComponent(path)).join('\n')
}

const notReadOf = async ({ facts, connection }: System, scopeId: ScopeId) =>
  (await facts.readRecords(connection.id, [scopeId]))[0]?.notRead ?? null

/** A user's grant on a repository, given or taken away in Bitbucket. */
const change = ({ control }: System, type: 'grant' | 'revoke', uuid: string, userUuid: string | undefined) =>
  control('/workspaces/acme/changes', {
    type,
    resource: { kind: 'repository', uuid },
    principal: { userUuid },
    ...(type === 'grant' && { permission: 'admin' }),
  })

describe('a connection that includes one project', () => {
  test('reads the lists whole and the permissions of that project and its repositories, no request more', async () => {
    await using system = await createTestSystem(engine, { repositories: 12, sliceRequests: 8 })
    const { key, read, left, projects } = await split(system)
    await system.configure({ include: { projects: [key], repositories: null } })
    const { progress, coverage } = await system.sync('full')
    expect(progress.requests).toBe(2 * read.length + 2 + 1 + 1 + 1 + 2)
    expect(progress.requestsExpected).toBe(progress.requests)
    const leftOut = left.length + projects.left.length
    expect(left.length).toBeGreaterThan(2)
    expect(coverage).toEqual({
      complete: 4 + 1 + read.length,
      stale: 0,
      unobservable: leftOut,
      notIncluded: leftOut,
    })
    const paths = await askedFor(system)
    for (const { uuid } of left) expect(paths).not.toContain(uuid)
    for (const { uuid } of read) expect(paths).toContain(uuid)
  })

  test('tells once what is left out; evidence and not-read say why, after what Bitbucket does not show', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { connection, facts, syncs, simulator, publishedSince, configure } = system
    const { key, read, left, projects } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    const scopes = [
      ...left.map((one) => scopeOf('repository', one)),
      ...projects.left.map((one) => scopeOf('project', one)),
    ]
    const events = await publishedSince(() => system.sync('full'))
    expect(events.filter((event) => event.startsWith('scope.')).toSorted()).toEqual(
      scopes.map((scope) => `scope.unobservable ${scope}`).toSorted(),
    )
    const told = (await readEntries(system.outbox, 0, 10_000)).find(({ event }) => event.name === 'scope.unobservable')
    expect(told?.event.data).toMatchObject({ reason: 'not-included', lastGoodAt: expect.any(String) })
    const again = await publishedSince(() => system.sync('full'))
    expect(again.filter((event) => !event.startsWith('sync.'))).toEqual([])
    const endpoint = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users'
    simulator.faults.add(FaultRule.parse({ endpoint, fault: { type: 'status', status: 403 }, atLeast: 1 }))
    const { id } = await system.sync('full')
    const notRead = await readNotRead(facts, connection.id)
    expect(notRead.scopes.map(({ reason }) => reason)).toEqual([
      ...read.map(() => 'http-403'),
      ...scopes.map(() => 'not-included'),
    ])
    const { evidence } = (await syncs.readEvidence(connection.id, id)) ?? expect.unreachable('there is no evidence')
    expect(evidence).toMatchObject({ notRead, coverage: { unobservable: read.length + scopes.length } })
    expect(evidence.coverage).not.toHaveProperty('notIncluded')
  })

  test('keeps the facts of what is left out, whatever happens there, and tells it when it is included again', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { publishedSince, configure } = system
    const { key, left } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    await system.sync('full')
    const target = left.find(({ users }) => users.length > 1) ?? expect.unreachable('nobody holds anything there')
    await change(system, 'revoke', target.uuid, target.users[0]?.userUuid)
    await change(system, 'grant', target.uuid, target.users[1]?.userUuid)
    const during = await publishedSince(() => system.sync('full'))
    expect(during.filter((event) => !event.startsWith('sync.'))).toEqual([])
    await configure({ include: everything })
    const after = await publishedSince(() => system.sync('full'))
    const ofTarget = after.filter((event) => event.includes(target.uuid.slice(1, -1)))
    expect(ofTarget.filter((event) => event.includes('.revoked'))).toHaveLength(1)
    expect(ofTarget.at(-1)).toBe(`scope.observable ${scopeOf('repository', target)}`)
    expect(await notReadOf(system, scopeOf('repository', target))).toBeNull()
    expect(after.filter((event) => event.startsWith('scope.unobservable'))).toEqual([])
  })

  test('leaves a repository out that moves to another project, and takes it in when it comes back', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { control, configure, publishedSince } = system
    const { key, read, projects } = await split(system)
    await configure({ include: { projects: [key], repositories: null } })
    await system.sync('full')
    const moved = read.find(({ isPrivate }) => isPrivate)
    const [elsewhere] = projects.left
    if (moved === undefined || elsewhere === undefined) return expect.unreachable('there is nothing to move')
    const move = (projectUuid: string) =>
      control('/workspaces/acme/changes', { type: 'move-repository', uuid: moved.uuid, projectUuid })
    await move(elsewhere.uuid)
    const scope = scopeOf('repository', moved)
    expect(await publishedSince(() => system.sync('full'))).toContain(`scope.unobservable ${scope}`)
    await move(projects.read[0]?.uuid ?? '')
    expect(await publishedSince(() => system.sync('full'))).toContain(`scope.observable ${scope}`)
  })

  test('tells that a repository is gone which two complete lists lack, also where it is left out', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { control, configure, facts, connection } = system
    const { key, left } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    await system.sync('full')
    const gone = left.find(({ users }) => users.length > 0) ?? expect.unreachable('nobody holds anything there')
    await control('/workspaces/acme/changes', { type: 'remove-repository', uuid: gone.uuid })
    await system.sync('full')
    const bare = gone.uuid.slice(1, -1)
    const entries = await readEntries(system.outbox, 0, 10_000)
    const revoked = entries.flatMap(({ event }) =>
      event.name === 'service-user-entitlement.revoked' && event.subject.includes(bare) ? [event.data] : [],
    )
    expect(revoked).toHaveLength(gone.users.length)
    for (const data of revoked) expect(data).toMatchObject({ reason: 'resource-removed', evidence: { reads: 2 } })
    expect(entries.map(({ event }) => `${event.name} ${event.subject}`)).toContain(
      `scope.observable repository/${bare}`,
    )
    expect((await facts.readResources(connection.id, [`repository/${bare}`]))[0]).toBeNull()
  })

  test('reads nothing of what is left out where a sync names it, and says so of what is to be verified', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { configure, connection, connections, clock, finish } = system
    const { key, left } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    const target = left.find(({ users }) => users.length > 0) ?? expect.unreachable('nobody holds anything there')
    const scope = scopeOf('repository', target)
    const { userUuid = '', permission = '' } = target.users[0] ?? {}
    const id = `user:${userUuid.slice(1, -1)}|repository:${target.uuid.slice(1, -1)}#${permission}` as const
    const requestedAt = new Date(clock.now()).toISOString()
    const record = {
      id: 'syn_v',
      connectionId: connection.id,
      kind: 'targeted',
      trigger: 'verification',
      requestedAt,
    } as const
    await connections.requestSync(connection.id, {
      tenantId: connection.tenantId,
      record: { ...record, verify: [id as never] },
      scopes: [scope],
      events: [],
    })
    const { progress, verified, coverage } = await finish('syn_v')
    expect(progress.requests).toBe(1)
    expect(coverage).toMatchObject({ complete: 0, unobservable: 1, notIncluded: 1 })
    expect(verified).toEqual([{ id, state: 'not-observable', reason: 'not-included' }])
  })

  test('changes nothing by a preview, which counts what is left out', async () => {
    await using system = await createTestSystem(engine, { repositories: 9 })
    const { configure, publishedSince } = system
    const { key, left, projects } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    const events = await publishedSince(async () => {
      const { coverage } = await system.sync('preview')
      expect(coverage?.notIncluded).toBe(left.length + projects.left.length)
    })
    expect(events).toEqual([])
    for (const one of left) expect(await notReadOf(system, scopeOf('repository', one))).toBeNull()
  })
})

test('a setting that changes while a sync runs holds from its next slice on, and every scope is counted once', async () => {
  await using system = await createTestSystem(engine, { repositories: 12, sliceRequests: 8 })
  const { request, runSlice, finish, configure, facts, connection } = system
  const { read, left } = await split(system)
  const syncId = await request('full')
  let done = 0
  while (done === 0) {
    expect(await runSlice(syncId)).toMatchObject({ state: 'again' })
    const phases = (await system.syncs.read(connection.id, syncId))?.progress.phases ?? []
    done = phases.find(({ phase }) => phase === 'repository-permissions')?.done ?? 0
  }
  await configure({ include: { projects: null, repositories: ['!*'] } })
  const { coverage } = await finish(syncId)
  const all = [...read, ...left]
  const counted = (coverage?.complete ?? 0) + (coverage?.unobservable ?? 0)
  expect(counted).toBe(4 + 3 + all.length)
  expect(coverage?.notIncluded).toBe(coverage?.unobservable)
  expect(coverage?.complete).toBeLessThan(4 + 3 + all.length)
  const records = await facts.readRecords(
    connection.id,
    all.map((one) => scopeOf('repository', one)),
  )
  expect(records.filter(({ notRead }) => notRead !== null)).toHaveLength(coverage?.notIncluded ?? 0)
})

test('what becomes unreadable in place of being left out is told with that reason', async () => {
  await using system = await createTestSystem(engine, { repositories: 4 })
  const { configure, simulator, outbox } = system
  await configure({ include: { projects: null, repositories: ['!*'] } })
  await system.sync('full')
  await configure({ include: everything })
  const endpoint = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users'
  simulator.faults.add(FaultRule.parse({ endpoint, fault: { type: 'status', status: 403 }, atLeast: 1 }))
  await system.sync('full')
  const told = (await readEntries(outbox, 0, 10_000)).flatMap(({ event }) =>
    event.name === 'scope.unobservable' ? [event.data.reason] : [],
  )
  expect(told).toEqual([...Array(4).fill('not-included'), ...Array(4).fill('http-403')])
})

describe('an incremental sync', () => {
  test('tells what was left out since the last one, reads none of it, and plans by what is included', async () => {
    await using system = await createTestSystem(engine, { repositories: 30, requestsPerHour: 200 })
    const { configure, clock, connection, connections, facts, listings, changes } = system
    const { key, read, left, projects } = await split(system)
    await system.sync('full')
    const before = (await connections.read(connection.id))?.cadences
    const include = { projects: [key], repositories: null }
    await configure({ include })
    clock.advance(3_600_000)
    const pass = { startedAtMs: 0, pagesRead: 1, rowsRead: 0, finished: true, next: null, rows: 10_000 }
    const hinted = scopeOf('repository', left[0] ?? { uuid: '' })
    await changes.savePass(connection.id, pass, null, [hinted], clock.now())
    const events = await system.publishedSince(() => system.sync('incremental'))
    expect(events.filter((event) => event.startsWith('scope.unobservable'))).toHaveLength(
      left.length + projects.left.length,
    )
    const stored = await connections.read(connection.id)
    expect(stored?.size).toEqual({
      members: 12,
      projects: 3,
      repositories: 30,
      included: { projects: 1, repositories: read.length },
    })
    const requestsOf = (tier: string, of = stored?.cadences) => of?.tiers.find((one) => one.tier === tier)?.requests
    expect(requestsOf('repository-permissions', before)).toBe(60)
    expect(requestsOf('repository-permissions')).toBe(2 * read.length)
    expect(requestsOf('repositories')).toBe(1)
    expect(await changes.readHints(connection.id)).toEqual(new Map())
    const freshness = await readFreshness({ facts, listings }, connection.id, clock.now(), include)
    expect(freshness).toMatchObject({ project: { count: 1 }, repository: { count: read.length } })
    const again = await system.publishedSince(() => system.sync('incremental'))
    expect(again.filter((event) => event.startsWith('scope.'))).toEqual([])
  })

  test('reads what is included again before what it has read since', async () => {
    await using system = await createTestSystem(engine, { repositories: 30, requestsPerHour: 100 })
    const { configure, clock, connection, facts } = system
    const { key, left } = await split(system)
    await system.sync('full')
    await configure({ include: { projects: [key], repositories: null } })
    for (let run = 0; run < 3; run++) {
      clock.advance(3_600_000)
      await system.sync('incremental')
    }
    await configure({ include: everything })
    for (let run = 0; run < 3; run++) {
      clock.advance(3_600_000)
      await system.sync('incremental')
    }
    const records = await facts.readRecords(
      connection.id,
      left.map((one) => scopeOf('repository', one)),
    )
    expect(records.filter(({ notRead }) => notRead !== null)).toEqual([])
  })
})
