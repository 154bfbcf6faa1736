import type { HeldRemoval } from '@clarity/shared/contract/holds'
import { ConnectionId, type ScopeId } from '@clarity/shared/contract/ids'
import type { HeldScope } from '@clarity/shared/store/holds'
import { packResource } from '@clarity/shared/store/pack'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bearer, createTestApi, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
const { redis, keys } = api
let { app, create } = await api.build()
let id: ConnectionId = 'con_0'

beforeEach(async () => {
  await app.close()
  await redis.flushdb()
  ;({ app, create } = await api.build())
  id = ConnectionId.parse((await create()).json().connection.id)
})
afterEach(() => app.close())

const at = '2026-11-23T10:00:00.000Z'
const evidence = { reads: 3, confirmedAt: at }

/** Puts down what a scope would lose, as a commit does. */
async function hold(
  scope: ScopeId,
  removals: HeldScope['removals'],
  kind: HeldScope['kind'] = 'no-longer-listed',
): Promise<void> {
  const { held, record } = keys.connection(id).hold
  const entry: HeldScope = { kind, removals, groups: [], observedAt: at, evidence }
  await redis.hset(held, scope, JSON.stringify(entry))
  const opened = { id: 'hld_1', syncId: 'syn_1', openedAt: at, expiresAt: '2026-11-30T10:00:00.000Z', announced: null }
  await redis.set(record, JSON.stringify(opened))
}

const people = (from: number, to: number): [string, string][] =>
  Array.from({ length: to - from }, (_, n) => [`user:u${String(from + n).padStart(3, '0')}`, 'read'])

const get = (query = '', headers = bearer) =>
  app.inject({ url: `/v1/connections/${id}/hold/removals${query}`, headers })

/** All pages; `between` happens after each. */
async function all(query: string, between: () => Promise<unknown> = async () => undefined): Promise<HeldRemoval[]> {
  const items: HeldRemoval[] = []
  for (let cursor = ''; ; ) {
    const page = (await get(`?${query}${cursor}`)).json()
    items.push(...page.items)
    if (page.next === null) return items
    cursor = `&cursor=${page.next}`
    await between()
  }
}

test('each removal is told with its names, as far as they are known', async () => {
  const own = keys.connection(id)
  await redis.hset(own.resources, 'repository/r', packResource({ kind: 'repository', slug: 'pay', name: 'Payments' }))
  const resource = { kind: 'group', slug: 'devs', name: 'Developers' }
  await redis.hset(own.entities, {
    'user:u1': JSON.stringify({ attributes: { displayName: 'Example Person', nickname: 'ex' } }),
    'user:u2': JSON.stringify({ attributes: { nickname: 'two' } }),
    'user:u3': JSON.stringify({ attributes: {} }),
    'group:devs#member': JSON.stringify({ resource }),
  })
  const fields: HeldScope['removals'] = [
    ...(['user:u4', 'user:u3', 'user:u2', 'user:u1'] as const).map((field): [string, string] => [field, 'write']),
    ['group:devs', 'admin'],
  ]
  await hold('repository/r', fields, 'resource-gone')
  await hold('workspace/groups', [
    ['user:u1@ops', 'member'],
    ['user:u1@devs', 'member'],
  ])
  await hold('workspace/members', [['user:u2', 'owner']], 'left-the-workspace')
  const { items, next } = (await get()).json()
  expect(next).toBeNull()
  expect(items[0]).toEqual({
    ...{ id: 'group:devs#member|repository:r#admin', kind: 'nesting', cause: 'resource-gone', scope: 'repository/r' },
    ...{ resource: 'repository:r', resourceName: 'Payments', level: 'admin' },
    ...{ holder: 'group:devs#member', holderName: 'Developers', observedAt: at, evidence },
  })
  const said = items.map(({ kind, resource, resourceName, level, holder, holderName }: HeldRemoval) =>
    [kind, resource, resourceName, level, holder, holderName].join(' '),
  )
  expect(said.slice(1)).toEqual([
    'grant repository:r Payments write user:u1 Example Person',
    'grant repository:r Payments write user:u2 two',
    'grant repository:r Payments write user:u3 ',
    'grant repository:r Payments write user:u4 ',
    'grant group:devs Developers member user:u1 Example Person',
    'grant group:ops  member user:u1 Example Person',
    'grant workspace  owner user:u2 two',
  ])
  const { scopes } = (await app.inject({ url: `/v1/connections/${id}/hold`, headers: bearer })).json()
  expect(scopes).toBe(3)
})

test('pages have everything once, by scope, also where a scope is longer than a page and there are many scopes', async () => {
  for (let n = 0; n < 120; n++) await hold(`project/p${String(n).padStart(3, '0')}`, people(0, 1))
  await hold('repository/r', people(0, 25))
  const items = await all('limit=10')
  const ids = items.map((item) => item.id)
  expect(new Set(ids).size).toBe(145)
  expect(ids).toHaveLength(145)
  const places = items.map(({ scope, resource, id: own }) => `${scope} ${resource} ${own}`)
  expect(places).toEqual(places.toSorted())
  expect(new Set(items.map(({ scope }) => scope)).size).toBe(121)
})

test('the summary of a hold names the same scopes each time: the largest, and of equal ones the first', async () => {
  const numbers = Array.from({ length: 40 }, (_, n) => `project/p${String(n).padStart(2, '0')}` as const)
  for (const scope of numbers.toReversed()) await hold(scope, people(0, 1))
  await hold('repository/r', people(0, 2))
  const { causes } = (await app.inject({ url: `/v1/connections/${id}/hold`, headers: bearer })).json()
  expect(causes.map(({ scope }: { scope: string }) => scope)).toEqual(['repository/r', ...numbers.slice(0, 19)])
})

test('can be narrowed to a scope and a cause', async () => {
  await hold('repository/r', people(0, 3))
  await hold('repository/s', people(0, 2), 'resource-gone')
  await hold('repository/t', people(0, 1), 'resource-gone')
  const scopesOf = async (query: string) => (await all(query)).map(({ scope }) => scope)
  expect(await scopesOf('limit=1&cause=resource-gone')).toEqual(['repository/s', 'repository/s', 'repository/t'])
  expect(await scopesOf('scope=repository/s')).toEqual(['repository/s', 'repository/s'])
  expect(await scopesOf('scope=repository/r&cause=resource-gone')).toEqual([])
})

test('what stays held is told once, however the hold changes between the pages, or ends', async () => {
  await hold('repository/a', people(0, 4))
  await hold('repository/m', people(0, 6))
  await hold('repository/z', people(0, 4))
  let pages = 0
  const items = await all('limit=3', async () => {
    if (++pages > 1) return
    // The scope that the next page would begin in is found again, one before it grows, another one loses its first.
    await redis.hdel(keys.connection(id).hold.held, 'repository/a')
    await hold('repository/0', people(0, 9))
    await hold('repository/m', people(1, 6))
  })
  const ids = items.slice(3).map((item) => item.id)
  expect(ids).toEqual([
    ...people(1, 6).map(([user]) => `${user}|repository:m#read`),
    ...people(0, 4).map(([user]) => `${user}|repository:z#read`),
  ])
  const rest = await all('limit=3', () => redis.del(...Object.values(keys.connection(id).hold)))
  expect(rest).toHaveLength(3)
})

test('of what is not held there is nothing, and a cursor or filter that is none is refused', async () => {
  expect((await get()).json()).toEqual({ items: [], next: null })
  for (const [query, field] of [
    ['?cursor=nonsense', 'cursor'],
    ['?scope=nonsense', 'scope'],
    ['?cause=nonsense', 'cause'],
    ['?limit=201', 'limit'],
  ] as const) {
    const response = await get(query)
    expect(response.statusCode).toBe(400)
    expect(response.json().errors[0].field).toBe(field)
  }
  await hold('repository/r', people(0, 3))
  expect((await get('', otherBearer)).statusCode).toBe(404)
})
