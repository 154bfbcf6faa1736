import { type AttributeName, attributeNames } from '@clarity/shared/contract/settings'
import { readEntries } from '@clarity/shared/testing/outbox'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Answers, ann, createSyncRunner, page } from './testing/canned-answers.ts'
import { createTestEngine } from './testing/engine.ts'
import { stateOfStream } from './testing/stream-state.ts'
import { createTestSystem } from './testing/system.ts'

/** Of service users only the attributes that were chosen are told, and only those are kept. */
const engine = await createTestEngine()
type System = Awaited<ReturnType<typeof createTestSystem>>
const always = ['accountStatus', 'workspaceRole']

const differencesFrom = async ({ truth, outbox }: System, leftOut: readonly string[]) =>
  differences(expectedFacts(await truth(), { leftOut }), observedFacts(await stateOfStream(outbox)))

const attributesOf = async ({ redis, keys, connection }: System) => {
  const entities = await redis.hgetall(keys.connection(connection.id).entities)
  return Object.entries(entities).flatMap(([id, json]) => (id.startsWith('user:') ? [JSON.parse(json).attributes] : []))
}

test('what is not chosen is in no event and not in Redis', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { configure, connection, redis, keys, outbox, truth } = system
  await configure({ attributes: ['createdOn', 'twoFactorEnabled'] })
  await system.sync('full')
  const told = (await readEntries(outbox, 0, 100_000)).map(({ text }) => text).join('\n')
  const kept = Object.values(await redis.hgetall(keys.connection(connection.id).entities)).join('\n')
  const { users, members } = await truth()
  expect(members.length).toBeGreaterThan(5)
  // Bitbucket has the same for a nickname, more often than not.
  const names = users.flatMap(({ displayName, nickname }) => [displayName, nickname ?? displayName])
  expect(names.filter((name) => told.includes(name) || kept.includes(name))).toEqual([])
  const known = new Set((await attributesOf(system)).flatMap((attributes) => Object.keys(attributes)))
  expect([...known].toSorted()).toEqual(['accountStatus', 'createdOn', 'twoFactorEnabled', 'workspaceRole'])
  expect(await differencesFrom(system, ['displayName', 'nickname'])).toEqual([])
})

test('a change of the choice is told with the next reading of the members, of everybody, and of nobody twice', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { configure, control, truth, publishedSince } = system
  // Somebody holds a permission and is no member any more; its scope will not be read again.
  const { repositories, members } = await truth()
  const holder = repositories
    .flatMap(({ users }) => users)
    .find(({ userUuid }) => members.some((member) => member.userUuid === userUuid && member.permission === 'member'))
  await control('/workspaces/acme/changes', { type: 'remove-member', userUuid: holder?.userUuid })
  await control('/workspaces/acme/changes', {
    type: 'grant',
    resource: { kind: 'repository', uuid: repositories[0]?.uuid },
    principal: { userUuid: holder?.userUuid },
    permission: 'read',
  })
  await system.sync('full')
  const outsider = `user:${holder?.userUuid.slice(1, -1)}`
  expect((await stateOfStream(system.outbox)).serviceUsers.get(outsider)).toMatchObject({ membership: 'outside' })
  await configure({ attributes: ['createdOn'], include: { projects: null, repositories: ['!*'] } })
  const events = await publishedSince(() => system.sync('targeted', ['workspace/members']))
  const users = (await stateOfStream(system.outbox)).serviceUsers
  expect(events.filter((event) => !event.startsWith('sync.')).toSorted()).toEqual(
    [...users.keys()].map((id) => `service-user.attributes-changed ${id}`).toSorted(),
  )
  for (const attributes of await attributesOf(system)) expect(attributes).not.toHaveProperty('displayName')
  const again = await publishedSince(() => system.sync('full'))
  expect(again.filter((event) => event.startsWith('service-user.'))).toEqual([])
  await configure({ attributes: [...attributeNames], include: { projects: null, repositories: null } })
  await system.sync('full')
  expect(await differencesFrom(system, [])).toEqual([])
})

test('who leaves while the choice has changed is told without what is left out', async () => {
  await using system = await createTestSystem(engine, { repositories: 8 })
  const { configure, control, truth } = system
  await system.sync('full')
  const { members, groups } = await truth()
  const left = members.find(
    ({ userUuid, permission }) =>
      permission === 'member' && groups.some(({ memberUuids }) => memberUuids.includes(userUuid)),
  )
  await control('/workspaces/acme/changes', { type: 'remove-member', userUuid: left?.userUuid })
  await configure({ attributes: [] })
  await system.sync('full')
  expect(await differencesFrom(system, ['displayName', 'nickname'])).toEqual([])
  for (const attributes of await attributesOf(system)) {
    expect(always).toEqual(expect.arrayContaining(Object.keys(attributes)))
  }
})

describe('addresses', () => {
  const { runSync, emails } = createSyncRunner(engine)
  const { facts } = engine
  const without = (name: AttributeName) => attributeNames.filter((one) => one !== name)
  const bob = { uuid: '{b}', type: 'user', display_name: 'Bob' }
  const asking = '/2.0/workspaces/acme/members?'
  const both: Answers = {
    '/2.0/workspaces/acme/permissions': page({ permission: 'owner', user: ann }, { permission: 'member', user: bob }),
    [asking]: page({ user: { ...ann, email: 'ann@example.com' } }),
  }
  const said = async (id: string): Promise<unknown> => {
    const { emailEvidence, email } = JSON.parse((await facts.readEntities('con_1', [id]))[0] ?? '').attributes
    return { emailEvidence, email }
  }
  const confirmed = { emailEvidence: 'confirmed', email: 'ann@example.com' }
  const candidates = ['ann@example.com', 'robert@example.com']

  beforeEach(() => engine.reset())

  test('are not asked about while they are not to be confirmed; what was confirmed stays, what was sent waits', async () => {
    await runSync(both)
    await emails.add('con_1', candidates)
    await runSync(both)
    await emails.add('con_1', ['bob@example.com'])
    const { calls, events } = await runSync(both, { settings: { confirmEmails: false } })
    expect({ asked: calls.includes(asking), events }).toEqual({ asked: false, events: [] })
    expect(await said('user:a')).toEqual(confirmed)
    const answer = { [asking]: page({ user: { ...bob, email: 'bob@example.com' } }) }
    expect((await runSync({ ...both, ...answer })).calls).toContain(asking)
    expect(await said('user:b')).toEqual({ emailEvidence: 'confirmed', email: 'bob@example.com' })
  })

  test('that are left out are taken back and not asked about, and told again without being asked again', async () => {
    await runSync(both)
    await emails.add('con_1', candidates)
    await runSync(both)
    await emails.add('con_1', ['bob@example.com'])
    const settings = { attributes: without('email') }
    const { calls, events } = await runSync(both, { settings })
    expect(calls).not.toContain(asking)
    expect(events.toSorted()).toEqual(['user:a', 'user:b'].map((id) => `service-user.attributes-changed ${id}`))
    expect([await said('user:a'), await said('user:b')]).toEqual([{}, {}])
    expect((await runSync(both, { settings })).events).toEqual([])
    const again = await runSync(both, { settings: { confirmEmails: false } })
    expect(again.calls).not.toContain(asking)
    expect(await said('user:a')).toEqual(confirmed)
  })
})
