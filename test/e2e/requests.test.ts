import { FreshnessView } from '@clarity/shared/contract/freshness'
import { Hold } from '@clarity/shared/contract/holds'
import { Sync } from '@clarity/shared/contract/syncs'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isFinished } from './connector.ts'
import { testSystem } from './system.ts'
import { expectTruthAfter } from './truth.ts'

/** What a caller can ask for beside full syncs, with everything real but Bitbucket. */
const system = await testSystem()
const { bitbucket, acme, feed } = system
const slug = 'requests'
let connectionId: string

beforeAll(async () => {
  const seeded = { slug, users: 40, groups: 6, projects: 4, repositories: 150, seed: 21 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const { connectionId: id, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
  expect(sync.state).toBe('completed')
  connectionId = id
})

const bare = (uuid: string) => uuid.slice(1, -1)

/** Repositories on which users hold something directly, with one of them each. */
async function granted() {
  const { repositories } = await bitbucket.truth(slug)
  return repositories.flatMap(({ uuid, users }) => {
    const [user] = users
    return user === undefined ? [] : [{ uuid, userUuid: user.userUuid, permission: user.permission }]
  })
}

const revoke = (uuid: string, userUuid: string) =>
  bitbucket.change(slug, { type: 'revoke', resource: { kind: 'repository', uuid }, principal: { userUuid } })

test('a removal that was made by hand is verified at once, and told', async () => {
  const [gone, there] = await granted()
  if (gone === undefined || there === undefined) throw new Error('nothing is granted')
  const idOf = ({ uuid, userUuid, permission }: typeof gone) =>
    `user:${bare(userUuid)}|repository:${bare(uuid)}#${permission}`
  await revoke(gone.uuid, gone.userUuid)
  const { status, body } = await acme.call(`/v1/connections/${connectionId}/verify`, {
    ids: [idOf(gone), idOf(there)],
  })
  expect(status).toBe(202)
  const { id } = Sync.parse(body)
  const sync = await acme.until(connectionId, id, isFinished)
  expect(sync).toMatchObject({
    state: 'completed',
    kind: 'targeted',
    verified: [
      { id: idOf(gone), state: 'gone' },
      { id: idOf(there), state: 'still-there' },
    ],
  })
  await feed.stateAfter(connectionId, id)
  const told = feed.ofSync(id).map(({ name, subject }) => `${name} ${subject}`)
  expect(told).toContain(`service-user-entitlement.revoked ${idOf(gone)}`)
})

test('a preview says what would change, and the topic hears nothing of it', async () => {
  const [grant] = await granted()
  await bitbucket.change(slug, {
    type: 'grant',
    resource: { kind: 'repository', uuid: grant?.uuid },
    principal: { userUuid: grant?.userUuid },
    permission: grant?.permission === 'admin' ? 'read' : 'admin',
  })
  const preview = await acme.sync(connectionId, { kind: 'preview' })
  expect(preview).toMatchObject({ state: 'completed', stats: { grants: { changed: 1, added: 0, removed: 0 } } })
  const sync = await acme.sync(connectionId)
  await expectTruthAfter(system, { slug, connectionId, syncId: sync.id })
  expect(feed.ofSync(preview.id)).toEqual([])
})

test('an incremental sync finds a new member and a new repository, and how fresh everything is can be asked', async () => {
  const { projects } = await bitbucket.truth(slug)
  await bitbucket.change(slug, { type: 'add-user', displayName: 'New Person', permission: 'member' })
  await bitbucket.change(slug, { type: 'add-repository', projectUuid: projects[0]?.uuid, name: 'brand-new' })
  const before = FreshnessView.parse((await acme.call(`/v1/connections/${connectionId}/freshness`)).body)
  expect(before.freshness.repository).toMatchObject({ count: 150, neverRead: 0 })
  expect(before.cadences?.tiers.length).toBeGreaterThan(4)
  // The lists were read a moment ago, so that they are not due; a targeted sync reads them all the same.
  const lists = ['workspace/members', 'workspace/repositories']
  await acme.sync(connectionId, { kind: 'targeted', scopes: lists })
  const sync = await acme.sync(connectionId, { kind: 'incremental' })
  expect(sync).toMatchObject({ state: 'completed', kind: 'incremental' })
  await expectTruthAfter(system, { slug, connectionId, syncId: sync.id })
  const after = FreshnessView.parse((await acme.call(`/v1/connections/${connectionId}/freshness`)).body)
  expect(after.freshness.repository).toMatchObject({ count: 151, neverRead: 0 })
})

test('a sync that is cancelled ends, and the next one goes on from what it has told', async () => {
  const seeded = { slug: 'cancelled', users: 40, groups: 6, projects: 4, repositories: 300, seed: 22 }
  const { consumer } = await bitbucket.addWorkspace(seeded)
  const begun = await acme.connect({ workspace: 'cancelled', ...consumer })
  await acme.until(begun.connectionId, begun.syncId, ({ progress }) => progress.requests > 100)
  await acme.call(`/v1/connections/${begun.connectionId}/syncs/${begun.syncId}/cancel`, {})
  const cancelled = await acme.until(begun.connectionId, begun.syncId, isFinished)
  expect(cancelled.state).toBe('cancelled')
  expect(cancelled.progress.requests).toBeLessThan(600)
  const sync = await acme.sync(begun.connectionId)
  await expectTruthAfter(system, { slug: 'cancelled', connectionId: begun.connectionId, syncId: sync.id })
})

describe('more removals than a day may bring', () => {
  test('are held, shown, and made once somebody approves them', async () => {
    const { repositories } = await bitbucket.truth(slug)
    const many = repositories.flatMap(({ uuid, users }) => users.map(({ userUuid }) => ({ uuid, userUuid })))
    expect(many.length).toBeGreaterThan(40)
    for (const { uuid, userUuid } of many) await revoke(uuid, userUuid)
    const sync = await acme.sync(connectionId)
    expect(sync.state).toBe('completed')
    const held = await acme.call(`/v1/connections/${connectionId}/hold`)
    expect(held.status).toBe(200)
    const { wouldRemove } = Hold.parse(held.body)
    expect(wouldRemove.grants).toBeGreaterThan(0)
    await feed.stateAfter(connectionId, sync.id)
    expect(feed.ofSync(sync.id).map(({ name }) => name)).toContain('sync.held')

    const approved = await acme.call(`/v1/connections/${connectionId}/hold/approve`, { reason: 'as planned' })
    const { removed } = z.object({ removed: z.int() }).parse(approved.body)
    expect(removed).toBe(wouldRemove.grants + wouldRemove.nestings)
    const after = await acme.sync(connectionId)
    await expectTruthAfter(system, { slug, connectionId, syncId: after.id })
    const released = feed.events.filter(({ data }) => data.cause === 'release' && data.connection.id === connectionId)
    expect(released.filter(({ name }) => name === 'service-user-entitlement.revoked').length).toBe(removed)
  })
})
