import type { BitbucketClient } from '@clarity/bitbucket'
import type { SyncId } from '@clarity/shared/contract/ids'
import type { ConnectionSettings } from '@clarity/shared/contract/settings'
import type { Sync, SyncKind } from '@clarity/shared/contract/syncs'
import { UpstreamError, type UpstreamKind } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import { createCandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { createChangeStore } from '@clarity/shared/store/changes'
import { createVault } from '@clarity/shared/store/vault'
import { readEntries } from '@clarity/shared/testing/outbox'
import { ProgressReport } from '../progress.ts'
import { type SliceOutcome, SliceRun } from '../run-slice.ts'
import { SliceBounds } from '../slice-bounds.ts'
import { type SyncCursor, syncBegin } from '../sync-cursor.ts'
import { NamedScopes, WholeWorkspace } from '../todo.ts'
import { connection, type createTestEngine } from './engine.ts'

/** What Bitbucket answers, by the beginning of the path; a list of answers is used up in turn, its last one stays. */
export type Answers = Readonly<Record<string, unknown>>

export const ann = { uuid: '{a}', type: 'user', display_name: 'Ann' }
export const page = (...values: unknown[]) => ({ values, size: values.length })
export const repository = (uuid: string) => ({ uuid: `{${uuid}}`, slug: uuid, name: uuid })
export const group = { slug: 'devs', name: 'Devs', permission: null, members: [ann] }
export const permissions = (uuid: string, kind: 'users' | 'groups') =>
  `/2.0/repositories/acme/${encodeURIComponent(`{${uuid}}`)}/permissions-config/${kind}`

export const whole: Answers = {
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

export function refusal(kind: UpstreamKind, status: number): UpstreamError {
  return new UpstreamError(kind, `refused-${status}`, 'refused', { remedy: 'mend it', status })
}

export function refusal404(): UpstreamError {
  return new UpstreamError('permission', 'not-found', 'nothing there', { remedy: 'none', status: 404 })
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
    withCredentials: () => client,
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
export const inTurn = (...answers: unknown[]) => answers.map((answer) => new InTurn(answer))

interface SyncOptions {
  readonly syncId?: SyncId
  readonly kind?: SyncKind
  readonly scopes?: Sync['scopes']
  /** Requests after which a slice is over. */
  readonly requestsMax?: number
  /** What is set of the connection. */
  readonly settings?: ConnectionSettings
}

interface Slice {
  readonly client: BitbucketClient
  readonly bounds: SliceBounds
  readonly cursor: SyncCursor
  readonly settings: ConnectionSettings
}

/** Runs syncs against `whole` with some answers changed. */
export function createSyncRunner(engine: Awaited<ReturnType<typeof createTestEngine>>) {
  const { keys, redis, facts, holds, syncs, listings, clock, outbox, metrics } = engine
  const vault = createVault(new Secret(Buffer.alloc(32).toString('base64')))
  const emails = createCandidateEmailStore(redis, keys, vault)
  const changes = createChangeStore(redis, keys)
  let syncsRun = 0

  /** Runs slices of a sync against `whole` with some answers changed, until it ends; tells what it published. */
  async function runSync(changed: Answers = {}, options: SyncOptions = {}) {
    const { kind = 'full', scopes = null, syncId = `syn_${++syncsRun}`, requestsMax = 1_000, settings = {} } = options
    const { client, calls } = fakeClient({ ...whole, ...changed })
    await redis.hset(keys.sync('con_1', syncId).state, {
      record: JSON.stringify({
        id: syncId,
        connectionId: 'con_1',
        kind,
        trigger: 'api',
        requestedAt: '2026-11-23T10:00:00Z',
      }),
      state: 'running',
      startedAt: '2026-11-23T10:00:00Z',
      ...(scopes && { scopes: JSON.stringify(scopes) }),
    })
    const before = await redis.xlen(keys.shard(0).outbox)
    let cursor: SyncCursor = syncBegin
    let slices = 0
    let outcome: SliceOutcome
    do {
      slices += 1
      const bounds = new SliceBounds(clock, { sliceMs: 1_000, requestsMax })
      const counting: BitbucketClient = {
        ...client,
        get: (path, get) => {
          bounds.requests += 1
          return client.get(path, get)
        },
      }
      ;({ outcome, cursor } = await runSlice(syncId, { client: counting, bounds, cursor, settings }))
    } while (outcome.state === 'over')
    const events = (await readEntries(outbox, 0, 1_000)).slice(before)
    const sync = await syncs.read('con_1', syncId)
    return {
      outcome,
      error: outcome.state === 'failed' ? outcome.error : null,
      coverage: sync?.coverage,
      stats: sync?.stats,
      evidence: cursor.evidence,
      syncId,
      slices,
      calls,
      events: events.map(({ event: { name, subject } }) => `${name} ${subject}`),
    }
  }

  async function runSlice(syncId: SyncId, { client, bounds, cursor, settings }: Slice) {
    const sync = (await syncs.read('con_1', syncId)) ?? never()
    const progress = new ProgressReport({ syncs, clock, sync, token: engine.token, cursor, expect: () => null })
    const of = { connection: { ...connection, ...settings }, sync, facts, listings }
    const run = new SliceRun({
      ...of,
      token: engine.token,
      client,
      holds,
      emails,
      changes,
      syncs,
      metrics,
      todo: sync.kind === 'targeted' ? new NamedScopes(of) : new WholeWorkspace(of),
      clock,
      progress,
      bounds,
      concurrency: 2,
    })
    const outcome = await run.run(new AbortController().signal)
    return { outcome, cursor: progress.cursor }
  }

  return { runSync, emails }
}

function never(): never {
  throw new Error('there is such a sync')
}
