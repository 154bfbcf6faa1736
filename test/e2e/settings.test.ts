import { differences, expectedFacts, observedFacts, type Truth } from '@clarity/testkit/oracles/access'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { connectionInput, isFinished } from './connector.ts'
import { testSystem } from './system.ts'
import { expectTruthAfter } from './truth.ts'

/** How a connection is set up, from the request that says it to what the topic tells. */
const system = await testSystem()
const { bitbucket, acme, feed } = system
const slug = 'settings'
const Created = z.object({ connection: z.object({ id: z.string() }), sync: z.object({ id: z.string() }) })
let connectionId: string

/** What of the truth is read when only one project is. */
function within({ projects, repositories, ...rest }: Truth, key: string): Truth {
  const included = projects.filter((project) => project.key === key)
  const isIncluded = ({ projectUuid }: { projectUuid: string }) => included.some(({ uuid }) => uuid === projectUuid)
  return { ...rest, projects: included, repositories: repositories.filter(isIncluded) }
}

test('a connection that is made for one project tells of that project, and of all others that it does not know', async () => {
  const { consumer } = await bitbucket.addWorkspace({
    slug,
    users: 40,
    groups: 6,
    projects: 4,
    repositories: 80,
    seed: 31,
  })
  const truth = await bitbucket.truth(slug)
  const [{ key } = { key: '' }] = truth.projects
  const input = { ...connectionInput({ workspace: slug, ...consumer }), include: { projects: [key] } }
  const { connection, sync } = Created.parse((await acme.call('/v1/connections', input)).body)
  connectionId = connection.id
  expect(await acme.until(connectionId, sync.id, isFinished)).toMatchObject({ state: 'completed', error: null })
  const state = await feed.stateAfter(connectionId, sync.id)
  const expected = within(truth, key)
  expect(expected.repositories.length).toBeGreaterThan(5)
  expect(differences(expectedFacts(expected), observedFacts(state))).toEqual([])
  const unknown = truth.projects.length - 1 + truth.repositories.length - expected.repositories.length
  expect(feed.ofSync(sync.id).filter(({ name }) => name === 'scope.unobservable')).toHaveLength(unknown)
})

test('what was left out is told once the settings include it', async () => {
  const headers = { 'if-match': '*' }
  const { status } = await acme.call(`/v1/connections/${connectionId}`, { include: {} }, 'PATCH', headers)
  expect(status).toBe(200)
  await feed.until((event) => event.name === 'connection.updated' && event.connectionId === connectionId)
  const sync = await acme.sync(connectionId)
  await expectTruthAfter(system, { slug, connectionId, syncId: sync.id })
})

test('nothing is told of a connection that is paused, and everything once it goes on', async () => {
  expect((await acme.call(`/v1/connections/${connectionId}/pause`, {})).status).toBe(200)
  await bitbucket.changeAtRandom(slug, 30, 7)
  const refused = await acme.call(`/v1/connections/${connectionId}/syncs`, {})
  expect(refused).toMatchObject({ status: 409, body: { type: 'urn:clarity:problem:connection-paused' } })
  expect((await acme.call(`/v1/connections/${connectionId}/resume`, {})).status).toBe(200)
  const sync = await acme.sync(connectionId)
  await expectTruthAfter(system, { slug, connectionId, syncId: sync.id })
  const told = feed.events.filter((event) => event.connectionId === connectionId).map(({ name }) => name)
  const [paused, resumed] = [told.indexOf('connection.paused'), told.indexOf('connection.resumed')]
  expect(paused).toBeGreaterThan(0)
  expect(told.slice(paused + 1, resumed)).toEqual([])
})
