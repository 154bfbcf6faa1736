import { FaultRule } from '@clarity/bitbucket-simulator'
import { eventData } from '@clarity/shared/contract/events'
import type { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import { type AttributeName, attributeNames, type PublishLevels } from '@clarity/shared/contract/settings'
import type { SyncKind } from '@clarity/shared/contract/syncs'
import type { Commit, FactStore } from '@clarity/shared/store/facts'
import type { SyncStore, Transition } from '@clarity/shared/store/syncs'
import { differences, expectedFacts, observedFacts, type Wanted } from '@clarity/testkit/oracles/access'
import { replay } from '@clarity/testkit/oracles/causality'
import { falseRevocations, TruthHistory } from '@clarity/testkit/oracles/revocations'
import { sequenceViolations } from '@clarity/testkit/oracles/sequence'
import type { StreamRecord } from '@clarity/testkit/oracles/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTestEngine } from './testing/engine.ts'
import { readStream } from './testing/stream-state.ts'
import { createTestSystem } from './testing/system.ts'

/**
 * For any course of changes, faults of Bitbucket, crashes of the worker, lost answers of Redis, jobs that come twice, changes of
 * the settings and pauses:
 *
 * (a) once a clean full sync has run of everything, what was published is what Bitbucket has, as far as it is to be told;
 * (b) nothing was told as gone that was there during the whole of the sync;
 * (c) the sequence has no gap and no number twice;
 * (d) at every event all that it names exists, nothing is created twice and nothing goes that is held;
 * a full sync that says that it is complete has read, tried to or left out every project and repository that it has listed;
 * who holds what in a scope that is left out stays as it was told; and nothing is read or told of access during a pause.
 *
 * A worker dies at the call of Redis that the history names: before it, after it, or in that its answer is lost and it is
 * made again.
 */
const engine = await createTestEngine()
type System = Awaited<ReturnType<typeof createTestSystem>>

class Crash extends Error {}

const crash = fc.record({
  /** Which write of the slice: commits of facts, progress, and changes of the sync's state. */
  atWrite: fc.integer({ min: 1, max: 25 }),
  how: fc.constantFrom<'before' | 'after' | 'answer lost'>('before', 'after', 'answer lost'),
})

type Crashing = typeof crash extends fc.Arbitrary<infer T> ? T : never

const fault = fc.constantFrom(
  { share: 0.1, fault: { type: 'status', status: 503 } },
  { share: 0.1, fault: { type: 'reset' } },
  { share: 0.1, fault: { type: 'truncate' } },
  { share: 0.05, fault: { type: 'empty', what: 'body' } },
  { share: 0.5, attempts: { from: 1, to: 1 }, fault: { type: 'empty', what: 'list' } },
  { share: 0.7, attempts: { from: 1, to: 1 }, fault: { type: 'skip-row', size: 'reduced' } },
  {
    endpoint: 'GET /2.0/repositories/{workspace}',
    attempts: { from: 1, to: 1 },
    fault: { type: 'skip-row', size: 'reduced' },
  },
  { share: 0.1, fault: { type: 'status', status: 404 } },
  { share: 0.1, fault: { type: 'status', status: 403 } },
  { share: 0.05, fault: { type: 'status', status: 429, retryAfterSeconds: 60 } },
)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('change' as const),
      count: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('sync' as const),
      kind: fc.constantFrom<SyncKind>('full', 'incremental', 'preview'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('slice' as const), crash: fc.option(crash, { freq: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('fault' as const), fault, seed: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('heal' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('settings' as const),
      include: fc.constantFrom('everything' as const, 'one project' as const, 'some repositories' as const),
      publishLevels: fc.constantFrom<PublishLevels>('in-use', 'all'),
      attributes: fc.subarray<AttributeName>(['displayName', 'nickname', 'createdOn', 'email']),
      // A course of slices seldom comes to an end by itself.
      thenSync: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('pause' as const), on: fc.boolean(), crash: fc.option(crash) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The syncs of a run, and between which states of the truth each of them ran. */
class Run {
  readonly history = new TruthHistory()
  readonly #windows = new Map<string, { from: number; to: number | null }>()
  readonly #system: System
  readonly #ended: SyncId[] = []
  #isPaused = false
  /** What is to be told in the end. */
  wanted: Wanted = {}

  constructor(system: System) {
    this.#system = system
  }

  async take(next: Step): Promise<void> {
    const { control, simulator, syncs, connection } = this.#system
    switch (next.type) {
      case 'change':
        for (let change = 0; change < next.count; change++) {
          await control('/workspaces/acme/random-changes', { count: 1, seed: next.seed + change })
          await this.note()
        }
        break
      case 'sync':
        if (this.#isPaused) await expect(this.#system.request(next.kind)).rejects.toThrow('paused')
        else await this.request(next.kind)
        break
      case 'slice':
        if (this.#isPaused) await this.#pausedSlice(next.crash)
        else await this.#slice(next.crash)
        break
      case 'settings':
        await this.#configure(next)
        break
      case 'pause':
        if (next.on && !this.#isPaused) {
          await this.request('full')
          await this.#slice(null)
        }
        await this.#system.pause(next.on)
        this.#isPaused = next.on
        if (next.on) await this.#pausedSlice(next.crash)
        break
      case 'fault':
        simulator.faults.add(FaultRule.parse({ ...next.fault, seed: next.seed, atLeast: 0 }))
        break
      case 'heal':
        simulator.faults.clear()
        break
      case 'cancel': {
        const [open] = await syncs.readOpenOf(connection.id)
        if (open !== undefined) await syncs.askToCancel(connection.id, open.id)
      }
    }
  }

  async note(): Promise<void> {
    this.history.note(await this.#system.truth())
  }

  async request(kind: SyncKind): Promise<SyncId> {
    const syncId = await this.#system.request(kind)
    if (!this.#windows.has(syncId)) this.#windows.set(syncId, { from: this.history.latest, to: null })
    return syncId
  }

  readonly windowOf = (syncId: string) => {
    const window = this.#windows.get(syncId)
    return window && { from: window.from, to: window.to ?? this.history.latest }
  }

  async #configure(settings: Extract<Step, { type: 'settings' }>): Promise<void> {
    const { publishLevels, attributes } = settings
    const [project] = (await this.#system.truth()).projects
    const include = {
      everything: { projects: null, repositories: null },
      'one project': { projects: [project?.key ?? 'NONE'], repositories: null },
      'some repositories': { projects: null, repositories: ['*a*', '!*-api*'] },
    }[settings.include]
    await this.#system.configure({ include, publishLevels, attributes })
    const leftOut = attributeNames.filter((name) => !attributes.includes(name))
    this.wanted = { allLevels: publishLevels === 'all', leftOut }
    if (!settings.thenSync || this.#isPaused) return
    await this.request('full')
    const { syncs, connection, finish } = this.#system
    for (const { id } of await syncs.readOpenOf(connection.id)) await finish(id)
    this.#noteEnds([])
  }

  /** Whatever is open ends, without a request and without a word of access. */
  async #pausedSlice(crashing: Crashing | null): Promise<void> {
    const { control, outbox } = this.#system
    const requests = async () => ((await control('/requests')) as { total: number }).total
    const [asked, told] = [await requests(), (await readStream(outbox)).length]
    await this.#slice(crashing)
    expect(await requests(), 'requests in a pause').toBe(asked)
    const names = (await readStream(outbox)).slice(told).map(({ name }) => name)
    expect(names.filter((name) => name !== 'sync.cancelled')).toEqual([])
  }

  /** One slice of whatever is open, or a job that comes a second time. */
  async #slice(crashing: Crashing | null): Promise<void> {
    const { syncs, connection, facts, clock, runSlice } = this.#system
    const [open] = await syncs.readOpenOf(connection.id)
    const syncId = open?.id ?? this.#ended.at(-1)
    if (syncId === undefined) return
    const writes = new Writes(crashing)
    try {
      const end = await runSlice(syncId, { facts: writes.wrapFacts(facts), syncs: writes.wrapSyncs(syncs) })
      if (end.state === 'again') clock.advance(end.waitMs)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
    }
    this.#noteEnds(await syncs.readOpenOf(connection.id))
  }

  #noteEnds(open: readonly { readonly id: SyncId }[]): void {
    for (const [syncId, window] of this.#windows) {
      if (window.to !== null || open.some(({ id }) => id === syncId)) continue
      window.to = this.history.latest
      this.#ended.push(syncId as SyncId)
    }
  }

  /** Ends what is open, and then reads all of it once, with nothing in the way. */
  async settle(): Promise<void> {
    const { simulator, syncs, connection, finish, clock, pause, configure } = this.#system
    simulator.faults.clear()
    await pause(false)
    await configure({ include: { projects: null, repositories: null } })
    // What a credential was refused, and an hour that was taken for used up, are over by then.
    clock.advance(2 * 3_600_000)
    for (const { id } of await syncs.readOpenOf(connection.id)) await finish(id)
    this.#noteEnds([])
    const last = await this.request('full')
    const sync = await finish(last)
    expect(sync, JSON.stringify(sync.error)).toMatchObject({ state: 'completed' })
    expect(sync.coverage).toMatchObject({ stale: 0, unobservable: 0 })
    this.#noteEnds([])
  }
}

/** Counts the writes of a slice, and lets one of them go wrong. */
class Writes {
  #count = 0
  readonly #crash: Crashing | null

  constructor(crashing: Crashing | null) {
    this.#crash = crashing
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1
    if (this.#crash === null || this.#count !== this.#crash.atWrite) return work()
    if (this.#crash.how === 'before') throw new Crash()
    const answer = await work()
    if (this.#crash.how === 'after') throw new Crash()
    // What was sent without an answer is sent again.
    return this.#crash.how === 'answer lost' ? work() : answer
  }

  wrapFacts(facts: FactStore): FactStore {
    return { ...facts, commit: (commit: Commit) => this.#write(() => facts.commit(commit)) }
  }

  wrapSyncs(syncs: SyncStore): SyncStore {
    return {
      ...syncs,
      advance: (transition: Transition) => this.#write(() => syncs.advance(transition)),
      saveProgress: (connectionId: ConnectionId, syncId: SyncId, token, progress) =>
        this.#write(() => syncs.saveProgress(connectionId, syncId, token, progress)),
    }
  }
}

/** How many of the scopes that a full sync has listed it counts nowhere. */
function scopesLeftOut({ name, value, subject }: StreamRecord): string[] {
  if (name !== 'sync.completed') return []
  const { kind, evidence, coverage } = eventData['sync.completed'].parse(JSON.parse(value))
  const { projects, repositories } = evidence
  if (kind !== 'full' || !projects || !repositories) return []
  const counted = coverage.complete + coverage.stale + coverage.unobservable
  const listed = 4 + projects.read + repositories.read
  return counted < listed ? [`${subject} counts ${counted} of ${listed}`] : []
}

/** What was told of who holds what in scopes that were left out, other than with their being observable again. */
function toldWhileLeftOut(records: readonly StreamRecord[]): string[] {
  const leftOut = new Map<string, StreamRecord[]>()
  const found: StreamRecord[] = []
  for (const record of records) {
    const { scope, reason } = JSON.parse(record.value) as { scope: string; reason?: string }
    const told = leftOut.get(scope)
    if (record.name === 'scope.unobservable' && reason === 'not-included') leftOut.set(scope, [])
    else if (told === undefined) continue
    else if (record.name.startsWith('service-user-entitlement.') || record.name.startsWith('entitlement-nesting.')) {
      told.push(record)
    } else if (record.name === 'scope.observable') {
      found.push(...told.filter(({ syncId }) => syncId !== record.syncId))
      leftOut.delete(scope)
    }
  }
  return [...found, ...[...leftOut.values()].flat()].map(({ sequence, subject }) => `${sequence} ${subject}`)
}

test('what is told in a scope that is left out is found', () => {
  const record = (sequence: number, name: string, data: object, syncId = 'syn_1'): StreamRecord => ({
    ...{ partition: 0, offset: String(sequence), id: String(sequence), connectionId: 'con_1', subject: 's' },
    ...{ sequence, name, syncId, value: JSON.stringify({ scope: 'repository/r', ...data }) },
  })
  const left = record(1, 'scope.unobservable', { reason: 'not-included' })
  const revoked = record(2, 'service-user-entitlement.revoked', {})
  const again = (syncId: string) => record(3, 'scope.observable', {}, syncId)
  expect(toldWhileLeftOut([left, revoked])).toEqual(['2 s'])
  expect(toldWhileLeftOut([left, revoked, again('syn_2')])).toEqual(['2 s'])
  expect(toldWhileLeftOut([left, revoked, again('syn_1')])).toEqual([])
  expect(toldWhileLeftOut([revoked, left])).toEqual([])
})

test('whatever happens on the way, the four oracles hold', async () => {
  let [revocations, crashes, leftOut, cancelled] = [0, 0, 0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      await using system = await createTestSystem(engine, { repositories: 8, users: 30, sliceRequests: 12 })
      const run = new Run(system)
      await run.note()
      const first = await run.request('full')
      await system.finish(first)
      for (const next of steps) await run.take(next)
      await run.settle()
      const records = await readStream(system.outbox)
      const { state, violations } = replay(records)
      expect(violations, '(d)').toEqual([])
      const expected = expectedFacts(await system.truth(), run.wanted)
      expect(differences(expected, observedFacts(state)), '(a)').toEqual([])
      expect(falseRevocations(records, run.history, run.windowOf), '(b)').toEqual([])
      expect(sequenceViolations(records), '(c)').toEqual([])
      expect(records.flatMap(scopesLeftOut), 'counted nowhere').toEqual([])
      expect(toldWhileLeftOut(records), 'left out').toEqual([])
      leftOut += records.filter(({ value }) => value.includes('"not-included"')).length
      cancelled += records.filter(({ name }) => name === 'sync.cancelled').length
      revocations += records.filter(({ name }) => name.endsWith('.revoked')).length
      crashes += steps.filter((each) => each.type === 'slice' && each.crash !== null).length
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 25) },
  )
  // There was something to judge.
  expect(revocations).toBeGreaterThan(5)
  expect(crashes).toBeGreaterThan(20)
  expect(leftOut).toBeGreaterThan(5)
  expect(cancelled).toBeGreaterThan(2)
}, 600_000)
