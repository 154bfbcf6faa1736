import type { ScopeId } from '@clarity/shared/contract/ids'
import { UpstreamError, type UpstreamKind } from '@clarity/shared/runtime/errors'
import type { Commit } from '@clarity/shared/store/facts'
import { PackedFields } from '@clarity/shared/store/pack'
import { readEntries } from '@clarity/shared/testing/outbox'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Look } from './scopes/look.ts'
import { ReadingBuilder, type ScopeOutcome } from './scopes/reading.ts'
import { connection, createTestEngine } from './testing/engine.ts'

const engine = await createTestEngine()
const { redis, keys, facts, outbox, published, publishedSince } = engine
const ann = { uuid: '{a}', type: 'user', display_name: 'Ann' }
const bob = { uuid: '{b}', type: 'user', display_name: 'Bob' }

beforeEach(() => engine.reset())

function reading(uuid: string, ...holders: [typeof ann, string][]): ScopeOutcome {
  const builder = new ReadingBuilder()
  for (const [account, level] of holders) builder.addUser(account, `repository:${uuid}`, level)
  const resource = { kind: 'repository', uuid: `{${uuid}}`, slug: uuid, name: uuid } as const
  return { state: 'complete', reading: builder.build(resource), list: null }
}

function failure(kind: UpstreamKind, status: number): ScopeOutcome {
  return { state: 'incomplete', error: new UpstreamError(kind, 'x', 'x', { remedy: 'x', status }) }
}

/** A look from another side that agrees with every list. */
const allGone: Look = () => Promise.resolve(false)

/** Syncs one scope in a sync of its own; the reads answer one after the other. */
async function sync(scopeId: ScopeId, ...reads: ScopeOutcome[]) {
  return syncLooking(allGone, scopeId, ...reads)
}

async function syncLooking(look: Look, scopeId: ScopeId, ...reads: ScopeOutcome[]) {
  const left = [...reads]
  const looked: string[] = []
  const result = await engine.committer().sync(scopeId, {
    read: async () => left.shift() ?? Promise.reject(new Error('one read too many')),
    look: (holding) => {
      looked.push(holding.holder)
      return look(holding)
    },
  })
  return { ...result, readsLeft: left.length, looked }
}

const both = reading('r', [ann, 'admin'], [bob, 'read'])
const onlyAnn = reading('r', [ann, 'admin'])

describe('a removal', () => {
  test('is believed when a second read lacks it too, and says so', async () => {
    await sync('repository/r', both)
    const events = await publishedSince(() => sync('repository/r', onlyAnn, onlyAnn))
    expect(events).toEqual([
      'service-user-entitlement.revoked user:b|repository:r#read',
      'service-user.removed user:b',
      'entitlement.removed repository:r#read',
    ])
    const revoked = (await readEntries(outbox, 0, 1_000)).find(({ event }) => /revoked/.test(event.name))
    expect(revoked?.event.data).toMatchObject({ evidence: { reads: 2 } })
  })

  test('is not believed when the second read has it: a page had shifted', async () => {
    await sync('repository/r', both)
    expect(await publishedSince(() => sync('repository/r', onlyAnn, both))).toEqual([])
  })

  test('is not believed when the second read fails, and nothing else of the reading either', async () => {
    await sync('repository/r', both)
    const changed = reading('r', [ann, 'write'])
    let state = ''
    const events = await publishedSince(async () => {
      state = (await sync('repository/r', changed, failure('unavailable', 502))).state
    })
    expect({ state, events }).toEqual({ state: 'stale', events: [] })
  })

  test('is not confirmed by a second read that lacks what the first one has: one of them is not whole', async () => {
    await sync('repository/r', both)
    for (const second of [reading('r'), reading('r', [bob, 'read'])]) {
      const events = await publishedSince(async () => {
        expect(await sync('repository/r', onlyAnn, second)).toMatchObject({
          state: 'stale',
          error: { code: 'reads-differ' },
        })
      })
      expect(events).toEqual([])
    }
  })

  test('costs no second read when nothing is missing', async () => {
    await sync('repository/r', onlyAnn)
    expect((await sync('repository/r', both, both)).readsLeft).toBe(1)
  })
})

describe('a great loss that two lists agree on is looked at from another side', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({
    uuid: `{u${index}}`,
    type: 'user',
    display_name: `U${index}`,
  }))
  const all = reading('r', ...many.map((user): [typeof ann, string] => [user, 'read']))
  const first = (count: number) =>
    reading('r', ...many.slice(0, count).map((user): [typeof ann, string] => [user, 'read']))
  const nothing = reading('r')

  test('and is not believed when one of those it lacks is there', async () => {
    await sync('repository/r', both)
    const events = await publishedSince(async () => {
      const result = await syncLooking(async ({ holder }) => holder === 'user:b', 'repository/r', nothing, nothing)
      expect(result).toMatchObject({ state: 'stale', error: { code: 'reads-differ' } })
    })
    expect(events).toEqual([])
    const { fields } = await facts.readFacts(connection.id, 'repository/r')
    expect([fields.get('user:a'), fields.get('user:b')]).toEqual(['admin', 'read'])
  })

  test('and is believed when none is, which the evidence says', async () => {
    await sync('repository/r', both)
    const result = await sync('repository/r', nothing, nothing)
    expect(result).toMatchObject({ state: 'complete', looked: ['user:a', 'user:b'] })
    const revoked = (await readEntries(outbox, 0, 1_000)).filter(({ event }) => /revoked/.test(event.name))
    expect(revoked.map(({ event }) => event.data)).toMatchObject(Array(2).fill({ evidence: { reads: 3 } }))
  })

  test('by ten looks at most, spread over all that is missing', async () => {
    await sync('repository/r', all)
    const { looked } = await sync('repository/r', nothing, nothing)
    expect(looked).toEqual(many.filter((_, index) => index % 2 === 0).map(({ uuid }) => `user:${uuid.slice(1, -1)}`))
  })

  test.each([
    ['no more than half', 20, 10, 0],
    ['more than half', 20, 9, 10],
    ['more than half, but only five', 9, 4, 0],
    ['more than half, and six', 10, 4, 6],
  ])('that is one of %s', async (_name, had, has, looks) => {
    await sync('repository/r', first(had))
    expect((await sync('repository/r', first(has), first(has))).looked).toHaveLength(looks)
  })

  test.each([
    ['unavailable', 503, 'x'],
    ['rate-limited', 429, 'x'],
    ['permission', 403, 'loss-unconfirmed'],
  ] as const)('and keeps the facts, stale, when the look ends as %s', async (kind, status, code) => {
    await sync('repository/r', both)
    const look = () => Promise.reject(new UpstreamError(kind, 'x', 'x', { remedy: 'x', status }))
    const events = await publishedSince(async () => {
      const result = await syncLooking(look, 'repository/r', nothing, nothing)
      expect(result).toMatchObject({ state: 'stale', error: { code } })
    })
    expect(events).toEqual([])
  })
})

describe('a scope that cannot be read keeps its facts', () => {
  test.each([
    ['an answer of 502', 'unavailable', 502],
    ['a used-up request limit', 'rate-limited', 429],
    ['a refused token', 'credential', 401],
    ['an unknown shape', 'contract', 200],
  ] as const)('and is stale after %s', async (_name, kind, status) => {
    await sync('repository/r', both)
    const events = await publishedSince(async () => {
      expect((await sync('repository/r', failure(kind, status))).state).toBe('stale')
    })
    expect(events).toEqual([])
  })

  test.each([403, 404, 410])(
    'and is told once to be unobservable after %i, and again to be observable',
    async (status) => {
      await sync('repository/r', both)
      const events = await publishedSince(async () => {
        expect((await sync('repository/r', failure('permission', status))).state).toBe('unobservable')
        expect((await sync('repository/r', failure('permission', status))).state).toBe('unobservable')
        expect((await sync('repository/r', both)).state).toBe('complete')
      })
      expect(events).toEqual(['scope.unobservable repository/r', 'scope.observable repository/r'])
      const told = (await readEntries(outbox, 0, 1_000)).find(({ event }) => /unobservable/.test(event.name))
      expect(told?.event.data).toMatchObject({ reason: `http-${status}`, factsKept: 2 })
    },
  )
})

test('a commit whose answer was lost and which runs again tells nothing twice', async () => {
  await sync('repository/r', both)
  await sync('repository/r', failure('permission', 403))
  const twice = {
    ...facts,
    commit: async (commit: Commit) => [await facts.commit(commit), await facts.commit(commit)][1] ?? never(),
  }
  const read = async () => reading('r', [ann, 'write'], [bob, 'read'])
  const events = await publishedSince(() =>
    engine.committer({ facts: twice }).sync('repository/r', { read, look: allGone }),
  )
  expect(events).toEqual([
    'entitlement.created repository:r#write',
    'service-user-entitlement.changed user:a|repository:r#write',
    'entitlement.removed repository:r#admin',
    'scope.observable repository/r',
  ])
})

function never(): never {
  throw new Error('there are two answers')
}

test('two scopes that meet a new outsider at the same moment create it once', async () => {
  const committer = engine.committer()
  const results = await Promise.all(
    ['1', '2', '3', '4', '5'].map((uuid) =>
      committer.sync(`repository/${uuid}`, { read: async () => reading(uuid, [ann, 'read']), look: allGone }),
    ),
  )
  expect(results.map(({ state }) => state)).toEqual(Array(5).fill('complete'))
  const created = (await published()).filter((event) => event === 'service-user.created user:a')
  expect(created).toHaveLength(1)
  expect(await redis.hget(keys.connection(connection.id).references, 'user:a')).toBe('5')
})

test('a resource that is gone takes its grants, its levels, and who held nothing else', async () => {
  await sync('repository/r', both)
  await sync('repository/s', reading('s', [ann, 'read']))
  const committer = engine.committer()
  const evidence = { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' }
  expect(await publishedSince(() => committer.remove('repository/r', evidence))).toEqual([
    'service-user-entitlement.revoked user:a|repository:r#admin',
    'service-user-entitlement.revoked user:b|repository:r#read',
    'service-user.removed user:b',
    'entitlement.removed repository:r#admin',
    'entitlement.removed repository:r#read',
  ])
  expect(await engine.knownScopes()).toEqual(['repository/s'])
})

test('a commit that was cut short is finished by the next sync, although the reading is the first one again', async () => {
  await sync('repository/r', both)
  // As if a commit had written its first part and died: some facts and their version, not the record of the scope.
  const own = keys.connection(connection.id)
  const packed = new PackedFields((await redis.hget(own.facts, 'repository/r')) ?? '')
  packed.delete('user:b')
  await redis.hset(own.facts, 'repository/r', packed.pack())
  const known = (await redis.hget(own.scopes, 'repository/r')) ?? ''
  await redis.hset(
    own.scopes,
    'repository/r',
    known.replace(/^\d+/, (version) => `${Number(version) + 1}`),
  )
  expect(await publishedSince(() => sync('repository/r', both))).toEqual([
    'service-user-entitlement.granted user:b|repository:r#read',
  ])
})
