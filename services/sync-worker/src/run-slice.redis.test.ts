import type { BitbucketClient } from '@clarity/bitbucket'
import type { Connection } from '@clarity/shared/contract/connections'
import type { SyncId } from '@clarity/shared/contract/ids'
import { UpstreamError, type UpstreamKind } from '@clarity/shared/runtime/errors'
import { createFactStore } from '@clarity/shared/store/facts'
import { createKeys } from '@clarity/shared/store/keys'
import { acquireLease } from '@clarity/shared/store/lease'
import { createOutbox } from '@clarity/shared/store/outbox'
import { createSyncStore } from '@clarity/shared/store/syncs'
import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import { ProgressReport } from './progress.ts'
import { SyncRun } from './run-sync.ts'
import { Statistics } from './statistics.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 1 })
const facts = createFactStore(redis, keys)
const clock = { now: () => Date.parse('2026-11-23T10:00:00Z'), sleep: () => Promise.resolve() }
const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{w}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  createdAt: '2026-11-23T10:00:00.000Z',
}
let token: string

beforeEach(async () => {
  await redis.flushdb()
  const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
  token = (await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 60_000 }))?.token ?? ''
})

/** What Bitbucket answers, by the beginning of the path; a list of answers is used up in turn, its last one stays. */
type Answers = Readonly<Record<string, unknown>>

const ann = { uuid: '{a}', type: 'user', display_name: 'Ann' }
const page = (...values: unknown[]) => ({ values, size: values.length })
const repository = (uuid: string) => ({ uuid: `{${uuid}}`, slug: uuid, name: uuid })
const group = { slug: 'devs', name: 'Devs', permission: null, members: [ann] }
const permissions = (uuid: string, kind: 'users' | 'groups') =>
  `/2.0/repositories/acme/${encodeURIComponent(`{${uuid}}`)}/permissions-config/${kind}`

const whole: Answers = {
  '/2.0/workspaces/%7Bw%7D': { uuid: '{w}', slug: 'acme', name: 'Acme' },
  '/2.0/workspaces/acme/permissions': page({ permission: 'owner', user: ann }),
  '/1.0/groups/acme': [group],
  '/2.0/workspaces/acme/projects': page(),
  '/2.0/repositories/acme?': page(repository('r'), repository('s')),
  [permissions('r', 'users')]: page({ permission: 'read', user: ann }),
  [permissions('r', 'groups')]: page(),
  [permissions('s', 'users')]: page(),
  [permissions('s', 'groups')]: page({ permission: 'write', group: { slug: 'devs', name: 'Devs' } }),
}

function refusal(kind: UpstreamKind, status: number): UpstreamError {
  return new UpstreamError(kind, `refused-${status}`, 'refused', { remedy: 'mend it', status })
}

function fakeClient(answers: Answers): { client: BitbucketClient; calls: string[] } {
  const calls: string[] = []
  const client: BitbucketClient = {
    async get(path, { schema }) {
      const [key] = Object.keys(answers)
        .filter((beginning) => path.startsWith(beginning))
        .sort((a, b) => b.length - a.length)
      const all = answers[key ?? '']
      const turn = calls.filter((call) => call === key).length
      calls.push(key ?? path)
      const answer =
        Array.isArray(all) && all[0] instanceof InTurn ? (all[Math.min(turn, all.length - 1)] as InTurn).answer : all
      if (answer instanceof Error) throw answer
      return schema.parse(answer)
    },
    grantedScopes: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  return { client, calls }
}

class InTurn {
  readonly answer: unknown
  constructor(answer: unknown) {
    this.answer = answer
  }
}
const inTurn = (...answers: unknown[]) => answers.map((answer) => new InTurn(answer))

/** Runs a full sync against `whole` with some answers changed; tells what it published. */
let syncsRun = 0

/** Runs a sync of its own, or takes that one up again. */
async function runSync(changed: Answers = {}, syncId: SyncId = `syn_${++syncsRun}`) {
  const { client, calls } = fakeClient({ ...whole, ...changed })
  const statistics = new Statistics()
  const syncs = createSyncStore(redis, keys)
  const progress = new ProgressReport({
    syncs,
    clock,
    connectionId: 'con_1',
    syncId,
    statistics,
    requestsBefore: 0,
  })
  const options = {
    connection,
    syncId,
    token,
    client,
    facts,
    clock,
    progress,
    statistics,
    concurrency: 2,
  } as const
  const before = await redis.xlen(keys.shard(0).outbox)
  const outcome = await new SyncRun(options, await facts.readScopes('con_1')).run(new AbortController().signal)
  const events = (await createOutbox(redis, keys).read(0, 1_000)).slice(before)
  return {
    ...outcome,
    syncId,
    calls,
    scanned: statistics.scanned,
    unchanged: statistics.unchanged,
    events: events.map(({ event: { name, subject } }) => `${name} ${subject}`),
  }
}

describe('a full sync', () => {
  test('reads every scope once and tells of each', async () => {
    const { coverage, error, calls, evidence } = await runSync()
    expect({ coverage, error }).toEqual({ coverage: { complete: 6, stale: 0, unobservable: 0 }, error: null })
    expect(calls.toSorted()).toEqual(Object.keys(whole).toSorted())
    expect(evidence).toMatchObject({ members: { read: 1 }, repositories: { bitbucketReported: 2, read: 2 } })
  })

  test('that finds the same again tells nothing', async () => {
    await runSync()
    expect((await runSync()).events).toEqual([])
  })

  test('that is taken up again reads no permissions that it has read, and counts them', async () => {
    const first = await runSync()
    const again = await runSync({}, first.syncId)
    expect(again.calls.filter((call) => call.includes('permissions-config'))).toEqual([])
    expect(again).toMatchObject({ events: [], error: null, coverage: first.coverage, scanned: first.scanned })
    expect(again.unchanged).toEqual(first.scanned)
  })

  test('that is taken up again reads what could not be seen, and what was not read yet', async () => {
    const { syncId } = await runSync({ [permissions('r', 'users')]: refusal('permission', 403) })
    const { events, calls } = await runSync({}, syncId)
    expect(calls.filter((call) => call.includes('permissions-config'))).toEqual([
      permissions('r', 'users'),
      permissions('r', 'groups'),
    ])
    expect(events).toContain('scope.observable repository/r')
  })

  test('tells how many members a nesting affects', async () => {
    await runSync()
    const entries = await createOutbox(redis, keys).read(0, 1_000)
    const nesting = entries.find(({ event }) => event.name === 'entitlement-nesting.added')
    expect(nesting?.event.data).toMatchObject({ membersAffected: 1 })
  })
})

describe('without the members nobody can be told from an outsider, so the sync ends', () => {
  test.each([
    ['when they cannot be read', refusal('unavailable', 502)],
    ['when they are not shown', refusal('permission', 403)],
    ['when there is none', page()],
  ])('%s', async (_name, answer) => {
    const { error, events } = await runSync({ '/2.0/workspaces/acme/permissions': answer })
    expect(error).toBeInstanceOf(UpstreamError)
    expect(events.filter((event) => !event.startsWith('scope.'))).toEqual([])
  })
})

test('a renamed workspace renames what is held on it', async () => {
  await runSync()
  const { events } = await runSync({ '/2.0/workspaces/%7Bw%7D': { uuid: '{w}', slug: 'acme', name: 'Acme Inc.' } })
  expect(events).toEqual(['entitlement.updated workspace#owner', 'entitlement.updated workspace#member'])
})

describe('a repository', () => {
  const list = '/2.0/repositories/acme?'

  test('that two complete lists lack is gone, with all that was held on it', async () => {
    await runSync()
    const { events } = await runSync({ [list]: page(repository('s')) })
    expect(events).toEqual([
      'service-user-entitlement.revoked user:a|repository:r#read',
      'entitlement.removed repository:r#read',
    ])
  })

  test('that only the first list lacks is still there', async () => {
    await runSync()
    const { events, coverage } = await runSync({ [list]: inTurn(page(repository('s')), whole[list]) })
    expect({ events, complete: coverage.complete }).toEqual({ events: [], complete: 6 })
  })

  test.each([
    ['does not come', refusal('unavailable', 502)],
    ['is empty where there were some', page()],
    ['breaks off', { ...page(repository('s')), size: 2 }],
  ])('is not gone when the list %s', async (_name, answer) => {
    await runSync()
    const { events, coverage } = await runSync({ [list]: answer })
    expect({ events, stale: coverage.stale }).toEqual({ events: [], stale: 3 })
  })

  test.each([
    ['is empty', page()],
    ['lacks another one', page(repository('q'))],
  ])('is not gone when the second list %s', async (_name, second) => {
    await runSync()
    const { events, coverage } = await runSync({ [list]: inTurn(page(repository('s')), second) })
    expect({ events, stale: coverage.stale }).toEqual({ events: [], stale: 3 })
  })

  test('whose permissions are not shown keeps them, and the others go on', async () => {
    await runSync()
    const { events, coverage, error } = await runSync({
      [permissions('r', 'users')]: refusal('permission', 403),
      [permissions('s', 'groups')]: page(),
      // All of its facts are gone, so the one there was is looked at by itself.
      [`${permissions('s', 'groups')}/devs`]: { permission: 'none' },
    })
    expect(events.toSorted()).toEqual([
      'entitlement-nesting.removed group:devs#member|repository:s#write',
      'entitlement.removed repository:s#write',
      'scope.unobservable repository/r',
    ])
    expect({ coverage, error }).toMatchObject({ coverage: { complete: 5, unobservable: 1 }, error: null })
  })
})

test('a repository that is answered as empty, again and again, keeps what a look by id still finds', async () => {
  await runSync()
  const { events, coverage, calls } = await runSync({
    [permissions('r', 'users')]: page(),
    [`${permissions('r', 'users')}/${encodeURIComponent(ann.uuid)}`]: { permission: 'read' },
  })
  expect(events).toEqual([])
  expect(coverage).toMatchObject({ stale: 1 })
  expect(calls.filter((call) => call.includes('/users/'))).toHaveLength(1)
})

test('groups that are suddenly none at all are not believed', async () => {
  await runSync()
  const { events, coverage } = await runSync({ '/1.0/groups/acme': [] })
  expect({ events, stale: coverage.stale }).toEqual({ events: [], stale: 1 })
})

describe('what would meet every scope ends the sync and takes nothing away:', () => {
  test.each([
    ['a refused token', refusal('credential', 401)],
    ['a used-up request limit', refusal('rate-limited', 429)],
  ])('%s', async (_name, answer) => {
    await runSync()
    const { error, events, calls } = await runSync({ '/1.0/groups/acme': answer })
    expect({ error, events }).toEqual({ error: answer, events: [] })
    expect(calls).not.toContain('/2.0/workspaces/acme/projects')
  })

  test('five scopes in a row without an answer', async () => {
    const many = Array.from({ length: 40 }, (_, n) => repository(`n${n}`))
    const list = { '/2.0/repositories/acme?': page(...many) }
    const { error, calls } = await runSync({ ...list, '/2.0/repositories/acme/': refusal('unavailable', 503) })
    expect(error).toMatchObject({ status: 503 })
    expect(calls.filter((call) => call === '/2.0/repositories/acme/').length).toBeLessThanOrEqual(6)
  })
})
