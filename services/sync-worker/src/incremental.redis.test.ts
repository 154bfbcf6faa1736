import { FaultRule } from '@clarity/bitbucket-simulator'
import type { Truth } from '@clarity/testkit/oracles/access'
import { describe, expect, test } from 'vitest'
import { runEffectivePass } from './effective-pass.ts'
import { SliceBounds } from './slice-bounds.ts'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

const engine = await createTestEngine()
const minute = 60_000

test('an incremental sync reads the lists that are due and the repositories that promise most, within its share', async () => {
  await using system = await createTestSystem(engine, { repositories: 60, requestsPerHour: 120 })
  const { clock, connection, connections } = system
  await system.sync('full')
  clock.advance(10 * 60 * minute)
  await connections.change(connection.id, {
    tenantId: 'acme',
    requestId: 'req_1',
    schedule: { mode: 'interval', minutes: 30, kind: 'incremental' },
    events: [],
  })
  const { state, progress, coverage } = await system.sync('incremental')
  expect(state).toBe('completed')
  // Half an hour of 120 requests, of which a share is kept back for who waits for an answer.
  expect(progress.requests).toBeGreaterThan(40)
  expect(progress.requests).toBeLessThanOrEqual(60)
  expect(coverage?.complete).toBeGreaterThan(20)
  expect(coverage?.complete).toBeLessThan(60)
})

test('syncs one after the other read every repository, the oldest first, and find what has changed', async () => {
  await using system = await createTestSystem(engine, { repositories: 30, requestsPerHour: 120 })
  const { clock, connection, connections, facts } = system
  await system.sync('full')
  await connections.change(connection.id, {
    tenantId: 'acme',
    requestId: 'req_1',
    schedule: { mode: 'interval', minutes: 30, kind: 'incremental' },
    events: [],
  })
  const begunAt = clock.now()
  for (let run = 0; run < 8; run++) {
    clock.advance(30 * minute)
    await system.sync('incremental')
  }
  for await (const page of facts.scanRecords(connection.id)) {
    for (const [scopeId, { readAt }] of page) {
      expect(Date.parse(readAt ?? ''), scopeId).toBeGreaterThan(begunAt)
    }
  }
})

test('when all of the connection was last synced is noted; a part, or a preview, does not count', async () => {
  await using system = await createTestSystem(engine, { repositories: 10 })
  const { clock, connection, connections } = system
  const noted = async () => (await connections.read(connection.id))?.lastCompletedAt
  expect(await noted()).toBeNull()
  const full = await system.sync('full')
  expect(full.finishedAt).not.toBeNull()
  expect(await noted()).toBe(full.finishedAt)
  clock.advance(minute)
  await system.sync('targeted', ['workspace/members'])
  await system.sync('preview')
  expect(await noted()).toBe(full.finishedAt)
  const incremental = await system.sync('incremental')
  expect(Date.parse(incremental.finishedAt ?? '')).toBeGreaterThan(Date.parse(full.finishedAt ?? ''))
  expect(await noted()).toBe(incremental.finishedAt)
})

test('a list that is not due is not read again', async () => {
  await using system = await createTestSystem(engine, { repositories: 10 })
  await system.sync('full')
  const { progress } = await system.sync('incremental')
  const done = Object.fromEntries(progress.phases.map(({ phase, done }) => [phase, done]))
  expect(done).toMatchObject({ workspace: 1, members: 0, groups: 0, projects: 0, repositories: 0 })
})

test('before anything is known of the workspace an incremental sync reads the lists and says how large it is', async () => {
  await using system = await createTestSystem(engine, { repositories: 10 })
  const { connection, connections } = system
  await system.sync('incremental')
  const { size, cadences } = (await connections.read(connection.id)) ?? {}
  expect(size).toEqual({ members: 12, projects: 3, repositories: 10 })
  expect(cadences?.tiers.map(({ tier }) => tier)).toContain('repository-permissions')
})

test('what something hints at is read before its turn, and then the hint is forgotten', async () => {
  await using system = await createTestSystem(engine, { repositories: 60, requestsPerHour: 120 })
  const { clock, connection, connections, changes } = system
  await system.sync('full')
  await connections.change(connection.id, {
    tenantId: 'acme',
    requestId: 'req_1',
    schedule: { mode: 'interval', minutes: 20, kind: 'incremental' },
    events: [],
  })
  // All others are older than it, so that by age it would be the last.
  clock.advance(60 * minute)
  const uuid = (await system.truth()).repositories.at(-1)?.uuid.slice(1, -1) ?? ''
  await system.sync('targeted', [`repository/${uuid}`])
  clock.advance(10 * minute)
  const hintedAt = clock.now()
  const pass = { startedAtMs: 0, pagesRead: 1, rowsRead: 0, finished: true, next: null, rows: 10_000 }
  await changes.savePass(connection.id, pass, null, [`repository/${uuid}`], hintedAt)
  clock.advance(5 * minute)
  const { coverage } = await system.sync('incremental')
  expect(coverage?.complete).toBeLessThan(20)
  const [record] = await system.facts.readRecords(connection.id, [`repository/${uuid}`])
  expect(Date.parse(record?.readAt ?? '')).toBeGreaterThan(hintedAt)
  clock.advance(5 * minute)
  await system.sync('incremental')
  expect(await changes.readHints(connection.id)).toEqual(new Map())
})

/** A member and a repository on which nothing at all is held by that member. */
function strangerTo({ members, groups, projects, repositories }: Truth) {
  for (const repository of repositories) {
    const project = projects.find(({ uuid }) => uuid === repository.projectUuid)
    const holders = [repository, ...(project ? [project] : [])]
    const slugs = holders.flatMap((each) => each.groups.map(({ slug }) => slug))
    const held = new Set([
      ...holders.flatMap((each) => each.users.map(({ userUuid }) => userUuid)),
      ...groups.filter(({ slug }) => slugs.includes(slug)).flatMap(({ memberUuids }) => memberUuids),
    ])
    const user = members.find(({ userUuid, permission }) => permission === 'member' && !held.has(userUuid))
    if (user !== undefined) return { user, repository }
  }
  throw new Error('everybody holds everything')
}

describe('a pass of the effective permissions', () => {
  const signal = new AbortController().signal

  /** Reads a whole pass, one page at a time, and answers what it hints at. */
  async function pass(system: Awaited<ReturnType<typeof createTestSystem>>) {
    const { changes, connection, clock, slices } = system
    const stored = (await system.connections.read(connection.id)) ?? Promise.reject(new Error('not connected'))
    const use = { priority: () => 'cheap-tier' as const, onRequest: () => undefined }
    await using slice = await slices.clients.use(await stored, use)
    const bounds = new SliceBounds(slices.clock, { sliceMs: 1_000_000, requestsMax: 1_000 })
    const of = { changes, clock: slices.clock, bounds, workspaceSlug: 'acme', connectionId: connection.id }
    await changes.forgetHints(connection.id, [...(await changes.readHints(connection.id)).keys()])
    for (let begin = true; begin || (await changes.readPass(connection.id))?.finished === false; begin = false) {
      await runEffectivePass({ client: slice.client, ...of }, { pages: 1, begin }, signal)
      clock.advance(1_000)
    }
    return [...(await changes.readHints(connection.id)).keys()]
  }

  test('hints at nothing the first time nor where nothing has changed, and then at what has', async () => {
    await using system = await createTestSystem(engine, { repositories: 60, users: 20 })
    expect(await pass(system)).toEqual([])
    expect(await pass(system)).toEqual([])
    const { user, repository } = strangerTo(await system.truth())
    await system.control('/workspaces/acme/changes', {
      type: 'grant',
      resource: { kind: 'repository', uuid: repository.uuid },
      principal: { userUuid: user.userUuid },
      permission: 'admin',
    })
    expect(await pass(system)).toEqual([`repository/${repository.uuid.slice(1, -1)}`])
    expect(await system.changes.readPass('con_1')).toMatchObject({ finished: true, rows: expect.any(Number) })
  })

  test('of which a page does not come goes on there the next time', async () => {
    await using system = await createTestSystem(engine, { repositories: 60, users: 20 })
    const endpoint = 'GET /2.0/workspaces/{workspace}/permissions/repositories'
    const rule = { endpoint, page: 2, attempts: { from: 1, to: 1 }, atLeast: 1 }
    system.simulator.faults.add(FaultRule.parse({ ...rule, fault: { type: 'status', status: 403 } }))
    await expect(pass(system)).rejects.toMatchObject({ kind: 'permission' })
    expect(await system.changes.readPass('con_1')).toMatchObject({ pagesRead: 1, finished: false })
  })
})
