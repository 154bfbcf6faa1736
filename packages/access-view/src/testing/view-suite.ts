import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import type { AccessEvent } from '@clarity/subscriber'
import type { TestKafka } from '@clarity/testkit/kafka'
import { expect, test, vi } from 'vitest'
import { type AccessView, openAccessView } from '../access-view.ts'
import type { DatabaseOptions } from '../database.ts'
import { stateTopicAfter } from './expected.ts'
import { type Command, HistoryBuilder } from './history.ts'
import { createTopics, type TestTopics } from './topics.ts'

const whose = { tenantId: 'acme', connectionId: 'con_1' }
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const command = (what: Command['what'], a = 0, b = 0): Command => ({ what, a, b, jitterMs: 0 })
const some = [
  command('user'),
  command('user', 1, 1),
  command('entitlement', 0, 4),
  command('grant'),
  command('sync', 1, 1),
]

/** Groups of Kafka need seconds to agree, and more beside other tests. */
const slow = { timeout: 120_000 }

interface RunningView extends AsyncDisposable {
  readonly view: AccessView
  /** As when its process ends. */
  stop(): Promise<void>
}

async function startView(
  kafka: TestKafka,
  { topicPrefix }: TestTopics,
  database: DatabaseOptions,
): Promise<RunningView> {
  const view = await openAccessView({ database, kafka, topicPrefix, log, clock: systemClock })
  const stopped = new AbortController()
  const run = view.run(stopped.signal)
  const stop = async () => {
    stopped.abort()
    await run
    await view[Symbol.asyncDispose]()
  }
  return { view, stop, [Symbol.asyncDispose]: stop }
}

const untilLive = ({ view }: RunningView) => vi.waitFor(() => view.check(), { timeout: 45_000, interval: 50 })
const untilIncluded = ({ view }: RunningView, events: readonly AccessEvent[]) =>
  view.waitFor(whose, events.length, { timeoutMs: 30_000 })

/** The view as a whole, on a real Kafka. `database` gives one that is new; given it again, it is the same one. */
export function testView(kafka: TestKafka, database: () => Promise<DatabaseOptions>): void {
  test('answers when it is live, begins with what is there, and follows what comes', slow, async () => {
    await using topics = await createTopics(kafka, 'follows')
    const history = new HistoryBuilder().run(some)
    // Kafka has forgotten the first three.
    await topics.publish(history.events.slice(3), stateTopicAfter(history.events, false))
    await using running = await startView(kafka, topics, await database())
    await expect(running.view.counts(whose)).rejects.toMatchObject({ code: 'access-view-unavailable' })
    await expect(running.view.check()).rejects.toThrow('catching up')
    await untilLive(running)
    const { view } = running
    expect(await view.counts(whose)).toMatchObject({ serviceUsers: 2, grants: 1, sequence: history.events.length })
    await vi.waitFor(async () => expect(await view.sequenceOf(whose)).toMatchObject({ knownFrom: 3 }), 20_000)
    expect(await view.counts({ ...whose, asOf: { sequence: 4 } })).toMatchObject({ serviceUsers: 2, grants: 0 })

    const before = history.events.length
    history.run([command('user', 2, 2)])
    const included = untilIncluded(running, history.events)
    await topics.publish(history.events.slice(before), stateTopicAfter(history.events, false))
    expect(await included).toBe(true)
    expect(await view.counts(whose)).toMatchObject({ serviceUsers: 3 })
    expect(await view.waitFor(whose, 1_000, { timeoutMs: 10 })).toBe(false)
    expect(view.figures()).toMatchObject({ state: 'live', eventsApplied: history.events.length - 3 })
  })

  test('another tenant finds nothing', slow, async () => {
    await using topics = await createTopics(kafka, 'tenants')
    const { events } = new HistoryBuilder().run(some)
    await topics.publish(events, stateTopicAfter(events, false))
    await using running = await startView(kafka, topics, await database())
    await untilLive(running)
    const foreign = { tenantId: 'other', connectionId: 'con_1' }
    const asked = [
      running.view.counts(foreign),
      running.view.events(foreign),
      running.view.serviceUsers(foreign),
      running.view.sequenceOf(foreign),
      running.view.waitFor(foreign, 1, { timeoutMs: 10 }),
    ]
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'no-such-connection', status: 404 } })
    }
  })

  test('a connection with a gap is made anew by itself', slow, async () => {
    await using topics = await createTopics(kafka, 'gap')
    const { events } = new HistoryBuilder().run([...some, command('user', 3)])
    await using running = await startView(kafka, topics, await database())
    await untilLive(running)
    await topics.publish([...events.slice(0, 2), ...events.slice(3)], stateTopicAfter(events, false))
    await vi.waitFor(async () => {
      expect(await running.view.sequenceOf(whose)).toMatchObject({
        sequence: events.length,
        rebuilding: false,
        knownFrom: 3,
      })
    }, 30_000)
    expect(await running.view.counts(whose)).toMatchObject({ serviceUsers: 3, grants: 1 })
  })

  test('what people did comes from the audit topic, once, and what cannot be read is passed', slow, async () => {
    await using topics = await createTopics(kafka, 'audit')
    const record = (id: string, hour: number) =>
      JSON.stringify({
        id,
        at: `2026-11-20T1${hour}:00:00.000Z`,
        actor: { kind: 'api-key', id: 'key_1', name: null },
        action: hour === 1 ? 'sync.requested' : 'connection.updated',
        target: { kind: 'connection', id: 'con_1' },
        connectionId: hour === 1 ? null : 'con_1',
        before: { a: 1 },
      })
    await using running = await startView(kafka, topics, await database())
    await topics.audit(
      [record('aud_1', 0), 'no json', record('aud_2', 1), record('aud_3', 2), record('aud_1', 0)],
      'acme',
    )
    const { view } = running
    const ids = async (asked: Partial<Parameters<AccessView['auditLog']>[0]>) =>
      (await view.auditLog({ tenantId: 'acme', ...asked })).items.map(({ id }) => id)
    await vi.waitFor(async () => expect(await ids({})).toEqual(['aud_3', 'aud_2', 'aud_1']), 30_000)
    expect(await ids({ connectionId: 'con_1' })).toEqual(['aud_3', 'aud_1'])
    expect(await ids({ action: 'sync.requested' })).toEqual(['aud_2'])
    expect(await ids({ actorId: 'key_2' })).toEqual([])
    expect(await ids({ tenantId: 'other' })).toEqual([])
    expect(await ids({ from: '2026-11-20T11:00:00.000Z', to: '2026-11-20T12:00:00.000Z' })).toEqual(['aud_2'])
    const { next, items } = await view.auditLog({ tenantId: 'acme', limit: 2 })
    expect(items).toMatchObject([{ id: 'aud_3', before: { a: 1 } }, { id: 'aud_2' }])
    expect(await ids({ cursor: next ?? '' })).toEqual(['aud_1'])
  })
}

/** Several processes at one database. */
export function testSharedView(kafka: TestKafka, database: () => Promise<DatabaseOptions>): void {
  test('two processes at one database apply everything once, and one goes on where the other ended', slow, async () => {
    await using topics = await createTopics(kafka, 'shared')
    const shared = await database()
    const histories = ['con_1', 'con_2', 'con_3', 'con_4'].map((id) =>
      new HistoryBuilder(id as `con_${string}`).run(some),
    )
    const events = histories.flatMap((history) => history.events)
    const state = histories.flatMap((history) => stateTopicAfter(history.events, false))
    await topics.publish(events, state)
    const [first, second] = await Promise.all([startView(kafka, topics, shared), startView(kafka, topics, shared)])
    await using _second = second
    await Promise.all([untilLive(first), untilLive(second)])
    const applied = () => first.view.figures().eventsApplied + second.view.figures().eventsApplied
    expect(applied()).toBe(events.length)
    await first.stop()

    const [history] = histories
    const before = history?.events.length ?? 0
    history?.run([command('user', 2, 2), command('user', 3, 3)])
    await topics.publish(history?.events.slice(before) ?? [], [])
    expect(await untilIncluded(second, history?.events ?? [])).toBe(true)
    expect(await second.view.counts(whose)).toMatchObject({ serviceUsers: 4 })

    await using third = await startView(kafka, topics, shared)
    await untilLive(third)
    expect(await third.view.counts(whose)).toMatchObject({ serviceUsers: 4, sequence: history?.events.length })
    expect(third.view.figures().eventsApplied).toBe(0)
  })

  test('what another process applies wakes who waits at this one', slow, async () => {
    await using topics = await createTopics(kafka, 'wakes')
    const shared = await database()
    const { events } = new HistoryBuilder().run(some)
    await topics.publish(events.slice(0, 1), stateTopicAfter(events.slice(0, 1), false))
    await using first = await startView(kafka, topics, shared)
    await using second = await startView(kafka, topics, shared)
    await Promise.all([untilLive(first), untilLive(second)])
    const included = Promise.all([untilIncluded(first, events), untilIncluded(second, events)])
    await topics.publish(events.slice(1), stateTopicAfter(events, false))
    expect(await included).toEqual([true, true])
  })
}
