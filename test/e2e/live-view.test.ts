import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type AccessEvent, createSubscriber, LiveView, readToEnd, type StateRecord } from '@clarity/subscriber'
import { testKafka } from '@clarity/testkit/kafka'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listKeys } from './redis.ts'
import { apiKeys } from './scenario.ts'
import { testSystem } from './system.ts'

/** What Clarity's engineers would build with the subscriber, on a whole system. */
const { bitbucket, acme, feed, redis, processes } = await testSystem()
const { kafka, brokers, prefix } = testKafka()
const slug = 'viewed'
const opened: AsyncDisposable[] = []
afterAll(() => Promise.all(opened.map((one) => one[Symbol.asyncDispose]())))
const topicPrefix = feed.topicPrefix
const seeded = { slug, users: 40, groups: 6, projects: 4, repositories: 60, seed: 5 }
const { consumer } = await bitbucket.addWorkspace(seeded)
const { connectionId, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
beforeAll(async () => {
  await feed.stateAfter(connectionId, sync.id)
})

async function openView(): Promise<LiveView> {
  const view = new LiveView({ brokers, topicPrefix, groupPrefix: `${prefix}view` })
  opened.push(view)
  await view.start()
  return view
}

const truth = async () => expectedFacts(await bitbucket.truth(slug))

/** Asks for an event with a text, and gives its number: all that was told before has a lower one. */
async function mark(text: string, headers: Record<string, string> = {}): Promise<bigint> {
  const path = `/v1/connections/${connectionId}/stream-verifications`
  const { status, body } = await acme.call(path, { text }, undefined, headers)
  expect(status).toBe(202)
  return BigInt((body as { sequence: number }).sequence)
}

test('a view that begins late has what is there, follows what changes, and knows how it was', async () => {
  const view = await openView()
  expect(differences(await truth(), observedFacts(view.of(connectionId).state))).toEqual([])
  const [before, beforeAt] = [await truth(), new Date()]
  // Times are told to the millisecond, and what comes is to be later.
  await delay(5)
  await bitbucket.changeAtRandom(slug, 15, 3)
  const again = await acme.sync(connectionId)
  expect(again.state).toBe('completed')
  await view.includes(connectionId, await mark('after the changes'))
  const now = await truth()
  expect(differences(before, now)).not.toEqual([])
  expect(differences(now, observedFacts(view.of(connectionId).state))).toEqual([])
  expect(differences(before, observedFacts((await view.asOf(connectionId, beforeAt)).state))).toEqual([])
  expect(view.connections()).toContainEqual({ connectionId, tenantId: 'acme' })
})

test('it says who can do what and why, as Bitbucket itself reckons', async () => {
  const snapshot = (await openView()).of(connectionId)
  const effective = await bitbucket.effectivePermissions(slug, consumer)
  const told = [...snapshot.state.serviceUsers.keys()].flatMap((user) =>
    snapshot.accessOf(user as `user:${string}`).map((access) => ({ user, ...access })),
  )
  const onRepositories = told.filter(({ resource }) => resource.startsWith('repository:'))
  const said = onRepositories.map(({ user, level, resource }) => `{${user.slice(5)}} ${level} {${resource.slice(11)}}`)
  // The stream names the repositories on which something is held by itself.
  const named = new Set(said.map((row) => row.split(' ')[2]))
  const reckoned = effective.filter((row) => named.has(row.split(' ')[2]))
  expect(reckoned.length).toBeGreaterThan(200)
  expect(said.toSorted()).toEqual(reckoned.toSorted())
  const [admin] = onRepositories.filter(({ level }) => level === 'admin')
  if (admin === undefined) return expect.unreachable('nobody administers anything')
  const can = snapshot.whoCan(`${admin.resource}#admin` as 'repository:1#admin')
  expect(can.map(({ serviceUserId }) => serviceUserId)).toContain(admin.user)
  for (const { level, paths } of can) expect([level, paths.length > 0]).toEqual(['admin', true])
})

test('a consumer that keeps its own state begins with what is there, and goes on where it was', async () => {
  const seen: (StateRecord | AccessEvent)[] = []
  const handled = new Map<string, bigint>()
  const wanted = { sequence: 0n, arrived: Promise.withResolvers<void>() }
  const open = async () => {
    const subscriber = createSubscriber({
      brokers,
      topicPrefix,
      groupId: `${prefix}durable`,
      handled,
      handlers: {
        onState: (record) => void seen.push(record),
        onBootstrapped: (numbers) => {
          for (const [id, number] of numbers) handled.set(id, number)
        },
        onGap: (gap) => expect.unreachable(JSON.stringify(gap, (_key, value) => String(value))),
        onEvent: (event) => {
          seen.push(event)
          handled.set(event.connectionId, event.sequence)
        },
        on: {
          'stream.verification': ({ connectionId: of, sequence }) => {
            if (of === connectionId && sequence === wanted.sequence) wanted.arrived.resolve()
          },
        },
      },
    })
    await subscriber.start()
    return subscriber
  }
  const first = await open()
  const present = seen.length
  expect(present).toBeGreaterThan(100)
  await first.stop()
  wanted.sequence = await mark('while nobody listens')
  await using _second = await open()
  await wanted.arrived.promise
  const own = seen.slice(present).filter((one) => one.connectionId === connectionId)
  // What is there now is given once; then the events, each once.
  expect(own.map((one) => 'name' in one && one.name)).toEqual(['stream.verification'])
})

test('a call can be followed from the API to the record', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const sequence = await mark('traced', { traceparent })
  await feed.until((event) => event.connectionId === connectionId && event.sequence === sequence)
  const event = feed.events.find((one) => one.connectionId === connectionId && one.sequence === sequence)
  expect(event).toMatchObject({ name: 'stream.verification', traceparent, data: { text: 'traced' } })
})

const tail = fileURLToPath(new URL('../../packages/subscriber/src/cli/main.ts', import.meta.url))

const example = fileURLToPath(new URL('../../packages/subscriber/examples/print-changes.ts', import.meta.url))

test('the feed can be read in a terminal, and proves on request that it is alive', async () => {
  const args = ['--brokers', brokers.join(','), '--prefix', topicPrefix, '--connection', connectionId]
  const env = { ...process.env, CLARITY_API_KEY: apiKeys.acme, NO_COLOR: '1' }
  const api = ['--api', acme.url]
  const { stdout } = await promisify(execFile)(process.execPath, [tail, ...args, ...api, '--verify'], { env })
  expect(stdout).toMatch(/the event has the number \d+ of con_.*\narrived after \d+ ms as /)
  const reading = spawn(process.execPath, [tail, ...args, '--from-beginning', '--json', '--kind', 'stream'], { env })
  const lines = createInterface({ input: reading.stdout })
  const [first] = await once(lines, 'line')
  expect(JSON.parse(first)).toMatchObject({
    name: 'stream.verification',
    connectionId,
    data: { text: 'after the changes' },
  })
  reading.kill('SIGINT')
  const [exitCode] = await once(reading, 'close')
  expect(exitCode).toBe(0)
})

test('the example of the subscriber prints what is there, and each change', async () => {
  const reading = spawn(process.execPath, [example, brokers.join(','), topicPrefix])
  const complaints: string[] = []
  reading.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()))
  const lines = createInterface({ input: reading.stdout })[Symbol.asyncIterator]()
  const told: string[] = []
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`the example has ended: ${complaints.join('')}`)
    told.push(value)
  }
  // On a system that was there before others have connections as well.
  const all = processes === null ? /^that is all there is now, in \d+ conn/ : /^that is all there is now, in 1 conn/
  do await next()
  while (!told.at(-1)?.match(all))
  expect(told.filter((line) => line.startsWith('holds user:')).length).toBeGreaterThan(20)
  await bitbucket.changeAtRandom(slug, 6, 5)
  await acme.sync(connectionId)
  await next()
  expect(told.at(-1)).toMatch(/^(granted|revoked) user:/)
  reading.kill('SIGINT')
  const [exitCode] = await once(reading, 'close')
  expect(exitCode).toBe(0)
})

test('a connection that is removed leaves nothing: not in the view, not in the present, not in Redis', async () => {
  const view = await openView()
  expect(await acme.call(`/v1/connections/${connectionId}`, undefined, 'DELETE')).toMatchObject({ status: 202 })
  await feed.until((event) => event.connectionId === connectionId && event.name === 'connection.removed')
  expect(feed.problems).toEqual([])
  const left = await feed.stateAfter(connectionId, sync.id)
  for (const map of [left.serviceUsers, left.entitlements, left.grants, left.nestings]) expect(map.size).toBe(0)
  const last = feed.events.findLast((event) => event.connectionId === connectionId)
  expect(last?.name).toBe('connection.removed')
  while (view.connections().some((one) => one.connectionId === connectionId)) await delay(10)
  expect((await openView()).connections().map((one) => one.connectionId)).not.toContain(connectionId)
  const present = new Map<string, string | null>()
  const admin = kafka.admin()
  await admin.connect()
  await readToEnd({
    kafka,
    admin,
    topic: `${topicPrefix}.state`,
    groupPrefix: `${prefix}present`,
    onRecord: ({ key, value }) => void (key.startsWith(connectionId) && present.set(key, value)),
  })
  await admin.disconnect()
  expect([...present].filter(([, value]) => value !== null)).toEqual([
    [`${connectionId}/watermark/${connectionId}`, JSON.stringify({ sequence: Number(last?.sequence), removed: true })],
  ])
  while ((await listKeys(redis, `*${connectionId}*`)).length > 0) await delay(10)
  expect(await acme.call(`/v1/connections/${connectionId}`)).toMatchObject({ status: 404 })
})
