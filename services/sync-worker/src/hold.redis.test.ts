import type { Connection } from '@clarity/shared/contract/connections'
import type { ScopeId, SyncId } from '@clarity/shared/contract/ids'
import { createLog } from '@clarity/shared/runtime/log'
import { createConnectionStore } from '@clarity/shared/store/connections'
import { planApproval, planRejection } from '@clarity/shared/store/hold-decisions'
import type { OpenHold } from '@clarity/shared/store/holds'
import { readEntries } from '@clarity/shared/testing/outbox'
import { beforeEach, describe, expect, test } from 'vitest'
import { announceHold } from './hold-news.ts'
import { expireHolds } from './hold-upkeep.ts'
import { releaseApproved } from './release.ts'
import { ReadingBuilder, type ScopeOutcome } from './scopes/reading.ts'
import { createTestEngine, connection as unlimited } from './testing/engine.ts'

/** Half of what there is may go within a day, and four always. */
const connection: Connection = { ...unlimited, removalLimit: { share: 0.5, count: 4 } }
const engine = await createTestEngine()
const { facts, holds, clock, metrics, publishedSince } = engine
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const people = Array.from({ length: 12 }, (_, n) => ({ uuid: `{u${n}}`, type: 'user', display_name: `U${n}` }))

beforeEach(async () => {
  clock.nowMs = Date.parse('2026-11-23T10:00:00Z')
  await engine.reset()
})

function reading(uuid: string, holders: number, level = 'read', levels: readonly string[] = []): ScopeOutcome {
  const builder = new ReadingBuilder()
  for (const person of people.slice(0, holders)) builder.addUser(person, `repository:${uuid}`, level)
  const resource = { kind: 'repository', uuid: `{${uuid}}`, slug: uuid, name: uuid } as const
  return { state: 'complete', reading: builder.build(resource, levels), list: null }
}

/** Reads a repository in which so many of the people hold a level. */
const sync = (uuid: string, holders: number, level = 'read') =>
  engine.committer({ connection }).sync(`repository/${uuid}`, {
    read: async () => reading(uuid, holders, level),
    look: async () => false,
  })

async function held(): Promise<Record<string, number>> {
  const hold = await holds.read(connection.id)
  return Object.fromEntries([...(hold?.scopes ?? [])].map(([scope, { removals }]) => [scope, removals.length]))
}

const heldBy = async (uuid: string): Promise<number> => {
  const { fields } = await facts.readFacts(connection.id, `repository/${uuid}` satisfies ScopeId)
  return [...fields.keys()].filter((field) => field.startsWith('user:')).length
}

async function open(): Promise<OpenHold> {
  return (await holds.read(connection.id)) ?? Promise.reject(new Error('nothing is held'))
}

const decide = async (plan: ReturnType<typeof planApproval>) =>
  holds.change({ tenantId: 'acme', connectionId: connection.id, hold: await open(), moves: plan.moves, events: [] })
const release = () => releaseApproved({ connection, token: engine.token, facts, holds, clock })
const revoked = (events: readonly string[]) => events.filter((event) => event.includes('.revoked')).length

describe('within a day', () => {
  test('the share that may go goes, and what is beyond it is held', async () => {
    for (const uuid of ['r', 's', 't']) await sync(uuid, 4)
    const events = await publishedSince(async () => {
      await sync('r', 0)
      await sync('s', 0)
    })
    // 4 of 12 go; 8 would be more than half of those.
    expect(revoked(events)).toBe(4)
    expect(await held()).toEqual({ 'repository/s': 4 })
    expect(await heldBy('s')).toBe(4)
  })

  test('while something is held, whatever else would go is held too, however little', async () => {
    await sync('r', 12)
    await sync('s', 2)
    await sync('r', 0)
    const events = await publishedSince(() => sync('s', 1))
    expect(revoked(events)).toBe(0)
    expect(await held()).toEqual({ 'repository/r': 12, 'repository/s': 1 })
  })

  test('what is added and raised in the same reading is told at once', async () => {
    await sync('r', 12)
    await sync('r', 0)
    const events = await publishedSince(() => sync('r', 3, 'admin'))
    expect(events.filter((event) => event.startsWith('service-user-entitlement.'))).toEqual([
      'service-user-entitlement.changed user:u0|repository:r#admin',
      'service-user-entitlement.changed user:u1|repository:r#admin',
      'service-user-entitlement.changed user:u2|repository:r#admin',
    ])
    expect(await held()).toEqual({ 'repository/r': 9 })
  })

  test('a resource that is gone is held whole, and stays known', async () => {
    await sync('r', 12)
    const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' }
    const events = await publishedSince(() => engine.committer({ connection }).remove('repository/r', evidence))
    expect(events).toEqual([])
    expect((await open()).scopes.get('repository/r')).toMatchObject({ kind: 'resource-gone' })
    expect(await engine.knownScopes()).toContain('repository/r')
  })
})

test('each sync counts what it was the first to hold, once however often it is read', async () => {
  const heldBySync = async (syncId: SyncId) =>
    Number(await engine.redis.hget(engine.keys.sync('con_1', syncId).state, 'held'))
  const readBy = (syncId: SyncId, uuid: string, holders: number) =>
    engine.committer({ connection, syncId }).sync(`repository/${uuid}`, {
      read: async () => reading(uuid, holders),
      look: async () => false,
    })
  await sync('r', 12)
  await readBy('syn_2', 'r', 2)
  await readBy('syn_2', 'r', 2)
  await sync('s', 12)
  await readBy('syn_2', 's', 11)
  expect(await heldBySync('syn_2')).toBe(11)
  await readBy('syn_3', 'r', 0)
  await readBy('syn_3', 's', 12)
  expect(await heldBySync('syn_3')).toBe(2)
  const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' }
  await engine.committer({ connection, syncId: 'syn_4' }).remove('repository/s', evidence)
  expect(await heldBySync('syn_4')).toBe(12)
})

test('after a day as much may go again', async () => {
  for (const uuid of ['r', 's']) await sync(uuid, 4)
  await sync('r', 0)
  clock.nowMs += 26 * 3_600_000
  expect(revoked(await publishedSince(() => sync('s', 0)))).toBe(4)
  expect(await held()).toEqual({})
})

describe('what is held', () => {
  const begin = async () => {
    await sync('r', 12)
    await sync('r', 2)
  }
  const announce = (isEnd = true) => {
    return announceHold({ holds, facts, clock, log, metrics, connection, kind: 'full', isEnd })
  }

  test('is told once, with how much it is', async () => {
    await begin()
    const events = await publishedSince(async () => {
      await announce(false)
      await announce(false)
      await announce()
    })
    expect(events).toEqual(['sync.held syn_1'])
    const { event } = (await readEntries(engine.outbox, 0, 1_000)).at(-1) ?? {}
    expect(event?.data).toMatchObject({
      wouldRemove: { grants: 10, nestings: 0, of: 12, share: 0.8333 },
      limit: { share: 0.5, count: 4 },
      causes: [{ kind: 'no-longer-listed', scope: 'repository/r', count: 10 }],
      expiresAt: '2026-11-30T10:00:00.000Z',
    })
  })

  test('is told again at the end of a sync that has found more', async () => {
    await begin()
    await announce()
    await sync('r', 1)
    expect(await publishedSince(() => announce(false))).toEqual([])
    expect(await publishedSince(() => announce())).toEqual(['sync.held syn_1'])
  })

  test('and is found again is held no longer, and told as restored', async () => {
    await begin()
    await announce()
    const events = await publishedSince(async () => {
      await sync('r', 12)
      await announce()
    })
    expect(events).toEqual(['sync.released syn_1'])
    expect(await holds.readRecord(connection.id)).toBeNull()
    expect(await heldBy('r')).toBe(12)
  })

  test('and is approved goes, with the evidence it was held with, and nothing is left of the hold', async () => {
    await begin()
    await decide(planApproval(await open()))
    const events = await publishedSince(release)
    expect(revoked(events)).toBe(10)
    const { event } = (await readEntries(engine.outbox, 0, 1_000)).at(-1) ?? {}
    expect(event?.data).toMatchObject({ cause: 'release', evidence: { reads: 3 } })
    expect(await heldBy('r')).toBe(2)
    expect(await engine.redis.keys('*hold*')).toEqual([])
    expect(await publishedSince(() => sync('r', 2))).toEqual([])
  })

  test('and is approved ends with its scope also that this could not be observed', async () => {
    await sync('r', 12)
    await engine.committer({ connection }).leaveOut('repository/r')
    const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' }
    await engine.committer({ connection }).remove('repository/r', evidence)
    await decide(planApproval(await open()))
    expect((await publishedSince(release)).at(-1)).toBe('scope.observable repository/r')
    expect(await engine.knownScopes()).toEqual([])
  })

  test('and is approved takes no level with it where all of them are told', async () => {
    const all = { ...connection, publishLevels: 'all' as const }
    const levels = ['read', 'write', 'admin']
    const read = (holders: number) =>
      engine.committer({ connection: all }).sync('repository/r', {
        read: async () => reading('r', holders, 'read', levels),
        look: async () => false,
      })
    await read(12)
    await read(0)
    await decide(planApproval(await open()))
    const events = await publishedSince(() =>
      releaseApproved({ connection: all, token: engine.token, facts, holds, clock }),
    )
    expect(revoked(events)).toBe(12)
    expect(events.filter((event) => event.startsWith('entitlement.'))).toEqual([])
    expect(await publishedSince(() => read(0))).toEqual([])
  })

  test('and is approved in part goes in part; the rest stays held', async () => {
    await begin()
    await decide(planApproval(await open(), ['user:u5|repository:r#read']))
    expect((await publishedSince(release)).filter((event) => event.includes('entitlement'))).toEqual([
      'service-user-entitlement.revoked user:u5|repository:r#read',
    ])
    expect(await held()).toEqual({ 'repository/r': 9 })
    expect(await heldBy('r')).toBe(11)
  })

  test('and is approved, but found again before it is made, does not go', async () => {
    await begin()
    await decide(planApproval(await open()))
    await sync('r', 12)
    expect(await publishedSince(release)).toEqual([])
    expect(await heldBy('r')).toBe(12)
  })

  test('and is rejected stays, and is not asked about again until it changes', async () => {
    await begin()
    await decide(planRejection(await open(), 'rejected'))
    expect(await publishedSince(() => sync('r', 2))).toEqual([])
    expect(await held()).toEqual({})
    await sync('r', 1)
    expect(await held()).toEqual({ 'repository/r': 11 })
  })

  test('and that nobody decides within seven days is rejected, never made', async () => {
    await begin()
    const own = engine.keys.connection(connection.id).record
    await engine.redis.hset(own, { record: JSON.stringify(connection), credential: 'sealed' })
    const connections = createConnectionStore(engine.redis, engine.keys, engine.syncs)
    const upkeep = { connections, facts, holds, keys: engine.keys, clock, log, metrics }
    clock.nowMs += 7 * 24 * 3_600_000 - 1
    expect(await publishedSince(() => expireHolds(upkeep))).toEqual([])
    clock.nowMs += 1
    expect(await publishedSince(() => expireHolds(upkeep))).toEqual(['sync.released syn_1'])
    expect(await holds.readRecord(connection.id)).toBeNull()
    expect(await heldBy('r')).toBe(12)
  })
})
