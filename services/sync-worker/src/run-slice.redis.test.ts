import { UpstreamError } from '@clarity/shared/runtime/errors'
import { readEntries } from '@clarity/shared/testing/outbox'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Answers,
  ann,
  createSyncRunner,
  inTurn,
  page,
  permissions,
  refusal,
  refusal404,
  repository,
  whole,
} from './testing/canned-answers.ts'
import { createTestEngine } from './testing/engine.ts'

const engine = await createTestEngine()
const { runSync, emails } = createSyncRunner(engine)
const { keys, redis, facts, syncs, outbox } = engine

beforeEach(() => engine.reset())

describe('a full sync', () => {
  test('reads every scope once and tells of each', async () => {
    const { coverage, error, calls, evidence } = await runSync()
    expect({ coverage, error }).toEqual({ coverage: { complete: 6, stale: 0, unobservable: 0 }, error: null })
    expect(calls.toSorted()).toEqual(Object.keys(whole).toSorted())
    expect(evidence).toMatchObject({ members: { read: 1 }, repositories: { bitbucketReported: 2, read: 2, pages: 1 } })
  })

  test('that finds the same again tells nothing', async () => {
    await runSync()
    expect((await runSync()).events).toEqual([])
  })

  test('in slices reads the same, once, and counts the same', async () => {
    const inOne = await runSync()
    await engine.reset()
    const inMany = await runSync({}, { requestsMax: 1 })
    expect(inMany.slices).toBeGreaterThan(6)
    expect(inMany.calls.toSorted()).toEqual(inOne.calls.toSorted())
    expect(inMany.events.toSorted()).toEqual(inOne.events.toSorted())
    expect({ stats: inMany.stats, coverage: inMany.coverage }).toEqual({ stats: inOne.stats, coverage: inOne.coverage })
  })

  test('that a dead worker had begun goes on without reading again what it had read', async () => {
    const first = await runSync()
    const again = await runSync({}, { syncId: first.syncId })
    expect(again.calls.filter((call) => call.includes('permissions-config'))).toEqual([])
    expect(again).toMatchObject({ events: [], error: null })
  })

  test('tells how many members a nesting affects', async () => {
    await runSync()
    const entries = await readEntries(outbox, 0, 1_000)
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
    expect({ events, complete: coverage?.complete }).toEqual({ events: [], complete: 6 })
  })

  describe('one of many that two lists lack', () => {
    const many = Array.from({ length: 12 }, (_, n) => `n${n}`)
    const all = page(...many.map(repository))
    const few = page(...many.slice(0, 4).map(repository))
    const nobody = { '/2.0/repositories/acme/': page() }
    const byId = (answer: unknown) =>
      Object.fromEntries(
        many.slice(4).map((id) => [`/2.0/repositories/acme/${encodeURIComponent(`{${id}}`)}?`, answer]),
      )

    test('is gone when looks by id find none of them', async () => {
      await runSync({ [list]: all, ...nobody })
      const { coverage, calls } = await runSync({ [list]: few, ...nobody, ...byId(refusal404()) })
      expect(coverage).toMatchObject({ stale: 0 })
      expect(calls.filter((call) => call.endsWith('?') && call.includes('%7Bn'))).toHaveLength(8)
      expect((await engine.knownScopes()).filter((scope) => scope.startsWith('repository/'))).toHaveLength(4)
    })

    test.each([
      ['one of them is there', repository('n9')],
      ['Bitbucket does not say', refusal('unavailable', 503)],
      ['Bitbucket does not show it', refusal('permission', 403)],
    ])('is not gone when %s', async (_name, answer) => {
      await runSync({ [list]: all, ...nobody })
      const looks = { ...byId(refusal404()), [`/2.0/repositories/acme/${encodeURIComponent('{n9}')}?`]: answer }
      const { coverage, events } = await runSync({ [list]: few, ...nobody, ...looks })
      expect({ events, stale: coverage?.stale }).toEqual({ events: [], stale: 1 })
      expect((await engine.knownScopes()).filter((scope) => scope.startsWith('repository/'))).toHaveLength(12)
    })
  })

  test.each([
    ['does not come', refusal('unavailable', 502)],
    ['is empty where there were some', page()],
    ['breaks off', { ...page(repository('s')), size: 2 }],
  ])('is not gone when the list %s', async (_name, answer) => {
    await runSync()
    const { events, coverage } = await runSync({ [list]: answer })
    expect({ events, stale: coverage?.stale }).toEqual({ events: [], stale: 1 })
  })

  test.each([
    ['is empty', page()],
    ['lacks another one', page(repository('q'))],
  ])('is not gone when the second list %s', async (_name, second) => {
    await runSync()
    const { events, coverage } = await runSync({ [list]: inTurn(page(repository('s')), second) })
    expect({ events, stale: coverage?.stale }).toEqual({ events: [], stale: 1 })
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
  expect({ events, stale: coverage?.stale }).toEqual({ events: [], stale: 1 })
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

describe('a targeted sync', () => {
  test('reads what it names and the workspace, and nothing else', async () => {
    await runSync()
    const { calls, events, outcome } = await runSync(
      { [permissions('r', 'users')]: page({ permission: 'admin', user: ann }) },
      { kind: 'targeted', scopes: ['repository/r'] },
    )
    expect(outcome).toEqual({ state: 'done' })
    expect(calls).toEqual(['/2.0/workspaces/%7Bw%7D', permissions('r', 'users'), permissions('r', 'groups')])
    expect(events).toContain('service-user-entitlement.changed user:a|repository:r#admin')
  })

  test('reads the members first where nobody has, for nobody could be told from an outsider', async () => {
    const { calls } = await runSync({}, { kind: 'targeted', scopes: ['workspace/groups'] })
    expect(calls).toEqual(['/2.0/workspaces/%7Bw%7D', '/2.0/workspaces/acme/permissions', '/1.0/groups/acme'])
  })

  test('of a scope that is known no more lets it go', async () => {
    await runSync()
    const { calls, outcome } = await runSync({}, { kind: 'targeted', scopes: ['repository/gone'] })
    expect({ outcome, calls }).toEqual({ outcome: { state: 'done' }, calls: ['/2.0/workspaces/%7Bw%7D'] })
  })
})

describe('a preview', () => {
  const changed: Answers = {
    '/2.0/repositories/acme?': page(repository('r'), repository('s'), repository('t')),
    [permissions('r', 'users')]: page({ permission: 'admin', user: ann }),
    [permissions('t', 'users')]: page({ permission: 'write', user: ann }),
    [permissions('t', 'groups')]: page(),
  }

  test('says what would change, and changes and tells nothing', async () => {
    await runSync()
    const state = async () => Promise.all([redis.hgetall(keys.connection('con_1').facts), engine.knownScopes()])
    const before = await state()
    const { events, stats, outcome } = await runSync(changed, { kind: 'preview', requestsMax: 2 })
    expect({ outcome, events }).toEqual({ outcome: { state: 'done' }, events: [] })
    expect(stats?.grants).toMatchObject({ added: 1, changed: 1, removed: 0, scanned: 4 })
    expect(await state()).toEqual(before)
  })

  test('of a connection that has read nothing says that everything is new', async () => {
    const { stats, events } = await runSync({}, { kind: 'preview' })
    expect(events).toEqual([])
    expect(stats).toMatchObject({ grants: { added: 3 }, nestings: { added: 1 } })
  })
})

test('a sync that somebody cancels ends before its next scope, and what it has told stays', async () => {
  const { syncId } = await runSync()
  await syncs.askToCancel('con_1', syncId)
  const { outcome, calls } = await runSync({}, { syncId })
  expect(outcome).toEqual({ state: 'cancelled' })
  expect(calls.length).toBeLessThan(3)
})

describe('addresses', () => {
  const bob = { uuid: '{b}', type: 'user', display_name: 'Bob' }
  const both: Answers = {
    '/2.0/workspaces/acme/permissions': page({ permission: 'owner', user: ann }, { permission: 'member', user: bob }),
    '/2.0/workspaces/acme/members?': page({ user: { ...ann, email: 'ann@example.com' } }),
  }
  const said = async (id: string): Promise<unknown> => {
    const { emailEvidence, email } = JSON.parse((await facts.readEntities('con_1', [id]))[0] ?? '').attributes
    return { emailEvidence, email }
  }

  test('are not spoken of until somebody sends some', async () => {
    const { calls } = await runSync()
    expect(calls).not.toContain('/2.0/workspaces/acme/members?')
    expect(await said('user:a')).toEqual({})
  })

  test('that were sent are asked about once, and what Bitbucket confirms is an attribute', async () => {
    await runSync(both)
    await emails.add('con_1', ['ann@example.com', 'robert@example.com'])
    const { events, calls } = await runSync(both)
    expect(calls.filter((call) => call.endsWith('members?'))).toHaveLength(1)
    expect(events.toSorted()).toEqual([
      'service-user.attributes-changed user:a',
      'service-user.attributes-changed user:b',
    ])
    expect(await said('user:a')).toEqual({ emailEvidence: 'confirmed', email: 'ann@example.com' })
    expect(await said('user:b')).toEqual({ emailEvidence: 'candidate-not-found' })
    const again = await runSync(both)
    expect({ events: again.events, asked: again.calls.includes('/2.0/workspaces/acme/members?') }).toEqual({
      events: [],
      asked: false,
    })
  })

  test('that Redis has lost are still what was told of who stayed', async () => {
    await runSync(both)
    await emails.add('con_1', ['ann@example.com', 'robert@example.com'])
    await runSync(both)
    await emails.erase('con_1')
    const { events } = await runSync(both)
    expect(events).toEqual([])
    expect(await said('user:a')).toEqual({ emailEvidence: 'confirmed', email: 'ann@example.com' })
    expect(await said('user:b')).toEqual({ emailEvidence: 'candidate-not-found' })
  })

  test('that were asked in vain may be asked again once somebody new has come, who was not asked about yet', async () => {
    await runSync()
    await emails.add('con_1', ['robert@example.com'])
    const none = { '/2.0/workspaces/acme/members?': page() }
    await runSync(none)
    expect(await emails.add('con_1', ['robert@example.com'])).toMatchObject({ accepted: 0 })
    await runSync({ ...both, ...none })
    expect(await said('user:a')).toEqual({ emailEvidence: 'candidate-not-found' })
    expect(await said('user:b')).toEqual({ emailEvidence: 'not-asked' })
    expect(await emails.add('con_1', ['robert@example.com'])).toMatchObject({ accepted: 1 })
  })

  test('of who has left are forgotten', async () => {
    await runSync(both)
    await emails.add('con_1', ['ann@example.com'])
    await runSync(both)
    const left = page({ permission: 'owner', user: bob })
    await runSync({
      '/2.0/workspaces/acme/permissions': left,
      '/2.0/workspaces/acme/members/%7Ba%7D': refusal('permission', 404),
    })
    expect((await emails.readHits('con_1')).size).toBe(0)
  })
})
