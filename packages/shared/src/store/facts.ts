import { hash } from 'node:crypto'
import { z } from 'zod'
import { Resource } from '../contract/entities.ts'
import type { PendingEvent } from '../contract/events.ts'
import { ScopeId } from '../contract/ids.ts'
import type { EntityKind } from '../contract/syncs.ts'
import { FencedError, InvariantError } from '../runtime/errors.ts'
import { Buckets, bucketNames, scopeOfBucket } from './buckets.ts'
import type { Keys } from './keys.ts'
import { toWireEvent } from './outbox.ts'
import { packResource, unpackFields, unpackResource } from './pack.ts'
import type { RedisClient } from './redis-client.ts'
import { decodeRecord, encodeRecord, noRecord, type ScopeRecord } from './scope-record.ts'
import { loadAppendingScript } from './script.ts'

/**
 * The last committed facts of each scope, and the one way to change them. A scope's facts are a map from
 * field to value, packed into one text, or into several buckets where a scope is as large as the workspace. Entities
 * that several scopes can mention (a service user, a group) are kept once per connection and counted by reference, so
 * that each is created once and removed once.
 *
 * A difference is committed as a list of steps. Each step is whole by itself: its facts, its references and
 * its events belong together. A long list goes in several calls, and if we die between two of them, what is
 * stored is exactly what was told; the next read finds the rest.
 */
const commitScript = loadAppendingScript('commit')

/** No commit call handles more than this: Redis does nothing else meanwhile. */
const eventsPerCallMax = 1_000
const bytesPerCallMax = 256 * 1024
const batch = 1_000
/** Pages that nobody has asked for are not read ahead. */
const scanning = { count: 20, highWaterMark: 1 }
const scanningSmall = { count: 500, highWaterMark: 1 }

export interface StoredFacts {
  readonly record: ScopeRecord
  readonly fields: ReadonlyMap<string, string>
  /** The same fields as they are stored, by bucket. */
  readonly buckets: ReadonlyMap<string, string>
}

/** One whole part of a difference. */
export interface Step {
  /** The entity must be stored just so, or not at all (null). */
  readonly expect?: { readonly id: string; readonly entity: string | null }
  readonly set?: readonly (readonly [field: string, value: string])[]
  readonly del?: readonly string[]
  /** What the levels of the scope are held on, from now on. */
  readonly resource?: Resource
  readonly put?: readonly [id: string, entity: string]
  readonly hold?: string
  readonly events?: readonly PendingEvent[]
  readonly release?: string
  /** Events for when the release was the last mention. */
  readonly gone?: readonly PendingEvent[]
  /** What to do when something still mentions the released entity. */
  readonly kept?: { readonly put: readonly [id: string, entity: string]; readonly events: readonly PendingEvent[] }
}

/** So many removals are asked for; the script refuses them when the connection has lost too much within a day. */
export interface Guard {
  readonly removals: number
  /** So many may always go, and else this share of all grants and nestings. */
  readonly floor: number
  readonly share: number
  readonly nowMs: number
}

export type HoldList = 'held' | 'approved' | 'rejected'

/** What a commit changes in the hold of the connection, for its scope. */
export interface HoldChange {
  readonly clear?: readonly HoldList[]
  readonly set?: readonly [list: HoldList, entry: string]
  /** The hold, if there is none yet. */
  readonly record?: string
  readonly expiresMs?: number
}

export interface Commit {
  readonly connectionId: string
  readonly tenantId: string
  readonly syncId: string
  readonly scopeId: ScopeId
  readonly token: string
  readonly stored: Pick<StoredFacts, 'record' | 'buckets'>
  /** Asked for as they are committed. */
  readonly steps: Iterable<Step>
  /** What is known of the scope once all steps are done; that it is gone; or what was known before. */
  readonly record: Pick<ScopeRecord, 'digest' | 'readAt' | 'notRead'> | 'remove' | 'keep'
  /** What the sync counts for it, asked for after the last step; null when the sync was over before. */
  readonly counts: (() => Readonly<Record<string, number>>) | null
  readonly guard?: Guard | undefined
  readonly hold?: HoldChange | undefined
}

export type CommitResult =
  | { readonly state: 'committed' }
  | { readonly state: 'conflict'; readonly what: string }
  /** Nothing was done: within a day so many would go of so many. */
  | { readonly state: 'guarded'; readonly removed: number; readonly of: number }

/** What one call of the commit script did, and which events it appended, by name. */
export interface CommitReport {
  readonly state: CommitResult['state']
  readonly events: Readonly<Record<string, number>>
}

export interface FactStore {
  /** The record of each scope, in the order of `scopeIds`. */
  readRecords(connectionId: string, scopeIds: readonly ScopeId[]): Promise<ScopeRecord[]>
  /** All records, some at a time, in no order; one that changes meanwhile may come twice. */
  scanRecords(connectionId: string): AsyncIterable<readonly (readonly [ScopeId, ScopeRecord])[]>
  readFacts(connectionId: string, scopeId: ScopeId): Promise<StoredFacts>
  /** The fields of a scope, one bucket at a time; what is committed meanwhile may be in it or not. */
  scanFacts(connectionId: string, scopeId: ScopeId): AsyncIterable<readonly (readonly [string, string])[]>
  /** All fields of all scopes, in no order; a large scope comes in parts, and what is there may come twice. */
  scanAllFacts(connectionId: string): AsyncIterable<readonly [ScopeId, readonly (readonly [string, string])[]]>
  readResources(connectionId: string, scopeIds: readonly ScopeId[]): Promise<(Resource | null)[]>
  /** The stored JSON of each entity, in the order of `ids`; null where there is none. */
  readEntities(connectionId: string, ids: readonly string[]): Promise<(string | null)[]>
  /** All of them, some at a time, in no order; one that changes meanwhile may come twice. */
  scanEntities(connectionId: string): AsyncIterable<readonly (readonly [id: string, json: string])[]>
  readTotals(connectionId: string): Promise<Record<EntityKind, number>>
  /**
   * Commits the steps in order, in as many calls as the limits ask for. `conflict` means that something that
   * the steps were planned from is no longer so: read again and plan again.
   * @throws FencedError when the lease is no longer ours; nothing of the present call was done.
   */
  commit(commit: Commit): Promise<CommitResult>
}

/** `onCommit` hears of each call of the commit script that was answered and not fenced. */
export function createFactStore(
  redis: RedisClient,
  keys: Keys,
  onCommit: (report: CommitReport) => void = () => undefined,
): FactStore {
  return {
    async readRecords(connectionId, scopeIds) {
      const stored = await readMany(redis, keys.connection(connectionId).scopes, scopeIds)
      return stored.map((text) => (text === null ? noRecord : decodeRecord(text)))
    },

    async *scanRecords(connectionId) {
      const scan = redis.hscanStream(keys.connection(connectionId).scopes, scanning)
      for await (const page of scan) yield pairsOf(page).map(([id, text]) => [ScopeId.parse(id), decodeRecord(text)])
    },

    async readFacts(connectionId, scopeId) {
      const own = keys.connection(connectionId)
      const names = bucketNames(scopeId)
      const [known, packed] = await Promise.all([redis.hget(own.scopes, scopeId), redis.hmget(own.facts, ...names)])
      const buckets = new Map(names.flatMap((name, index) => (packed[index] == null ? [] : [[name, packed[index]]])))
      const fields = new Map<string, string>()
      for (const text of buckets.values()) for (const [field, value] of unpackFields(text)) fields.set(field, value)
      return { record: known === null ? noRecord : decodeRecord(known), fields, buckets }
    },

    async *scanFacts(connectionId, scopeId) {
      for (const bucket of bucketNames(scopeId)) {
        const text = await redis.hget(keys.connection(connectionId).facts, bucket)
        if (text !== null) yield unpackFields(text)
      }
    },

    async *scanAllFacts(connectionId) {
      const scan = redis.hscanStream(keys.connection(connectionId).facts, scanning)
      for await (const page of scan)
        for (const [bucket, text] of pairsOf(page)) yield [scopeOfBucket(bucket), unpackFields(text)]
    },

    async readResources(connectionId, scopeIds) {
      const stored = await readMany(redis, keys.connection(connectionId).resources, scopeIds)
      return stored.map((text) => (text === null ? null : Resource.parse(unpackResource(text))))
    },

    readEntities: (connectionId, ids) => readMany(redis, keys.connection(connectionId).entities, ids),

    async *scanEntities(connectionId) {
      const scan = redis.hscanStream(keys.connection(connectionId).entities, scanningSmall)
      for await (const page of scan) yield pairsOf(page)
    },

    async readTotals(connectionId) {
      return Totals.parse(await redis.hgetall(keys.connection(connectionId).totals))
    },

    async commit(commit) {
      const buckets = new Buckets(commit.scopeId, commit.stored.buckets)
      let version = BigInt(commit.stored.record.version)
      for (const call of toCalls(commit)) {
        const { result, events } = await commitCall(redis, keys, commit, call, buckets, version.toString())
        onCommit({ state: result.state, events })
        if (result.state !== 'committed') return result
        version += 1n
      }
      return { state: 'committed' }
    },
  }
}

const Reply = z.array(z.union([z.string(), z.number()]))
const Appended = z.record(z.string(), z.int())
const Scanned = z.array(z.string())
const count = z.coerce.number().default(0)
const Totals = z.object({ serviceUsers: count, entitlements: count, grants: count, nestings: count })

async function readMany(redis: RedisClient, key: string, fields: readonly string[]): Promise<(string | null)[]> {
  const values: (string | null)[] = []
  for (let from = 0; from < fields.length; from += batch) {
    values.push(...(await redis.hmget(key, ...fields.slice(from, from + batch))))
  }
  return values
}

/** What a scan answers: fields and values by turns. */
export function pairsOf(page: unknown): (readonly [string, string])[] {
  const flat = Scanned.parse(page)
  return flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? ''] as const] : []))
}

/** Makes one call; `buckets` hold the facts before it, and afterwards those after it. */
async function commitCall(
  redis: RedisClient,
  keys: Keys,
  commit: Commit,
  { parts, isFirst, isLast }: Call,
  buckets: Buckets,
  version: string,
): Promise<{ readonly result: CommitResult; readonly events: CommitReport['events'] }> {
  const { connectionId, scopeId, syncId, token, record, counts, guard, hold } = commit
  const own = keys.connection(connectionId)
  const shard = keys.shardOf(connectionId)
  const { outbox, outboxNumber, holds } = keys.shard(shard)
  for (const { step } of parts) buckets.change(step)
  const after = parts.length === 0 ? version : (BigInt(version) + 1n).toString()
  const reply = await commitScript(
    redis,
    keys.shard(shard),
    [
      own.lease,
      own.scopes,
      own.facts,
      own.resources,
      own.entities,
      own.references,
      own.sequence,
      outboxNumber,
      outbox,
      keys.sync(connectionId, syncId).state,
      own.totals,
      own.removals,
      own.hold.record,
      own.hold.held,
      own.hold.approved,
      own.hold.rejected,
      holds,
    ],
    [
      token,
      connectionId,
      scopeId,
      version,
      isLast ? toRecord(record, syncId, after) : '',
      `[${parts.map(({ wire }) => wire).join(',')}]`,
      JSON.stringify(buckets.takeChanged()),
      JSON.stringify(isLast && counts !== null ? counts() : {}),
      isFirst && guard !== undefined && guard.removals > 0 ? JSON.stringify(guard) : '',
      isLast && hold !== undefined ? JSON.stringify(hold) : '',
      keys.outboxChannel,
      shard,
      counts === null ? '0' : '1',
    ],
  )
  return toResult(reply, commit)
}

function toResult(reply: unknown, { connectionId, scopeId, syncId }: Commit) {
  const [state, ...rest] = Reply.parse(reply)
  if (state === 'committed') return { result: { state }, events: Appended.parse(JSON.parse(String(rest[0]))) } as const
  if (state === 'conflict') return { result: { state, what: String(rest[0]) }, events: {} } as const
  if (state === 'guarded') {
    return { result: { state, removed: Number(rest[0]), of: Number(rest[1]) }, events: {} } as const
  }
  if (state === 'fenced') throw new FencedError('the connection', { connectionId, syncId, scopeId })
  throw new InvariantError('The commit script answered something unknown', { connectionId, scopeId })
}

function toRecord(record: Commit['record'], readBy: string, digestVersion: string): string {
  if (record === 'remove') return record
  return record === 'keep' ? '' : encodeRecord({ ...record, readBy, digestVersion })
}

/** What one call commits. */
interface Call {
  readonly parts: readonly Part[]
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** The calls that the steps need; at least one, so that the scope's record is written. Made one by one, as the steps are. */
function* toCalls(commit: Commit): Generator<Call, void> {
  let isFirst = true
  let parts: Part[] = []
  let [events, bytes] = [0, 0]
  for (const step of commit.steps) {
    const part = toPart(step, commit)
    if (events > 0 && (events + part.events > eventsPerCallMax || bytes + part.wire.length > bytesPerCallMax)) {
      yield { parts, isFirst, isLast: false }
      isFirst = false
      parts = []
      events = 0
      bytes = 0
    }
    parts.push(part)
    events += part.events
    bytes += part.wire.length
  }
  yield { parts, isFirst, isLast: true }
}

/** A step, as the script takes it, and how large it is. */
interface Part {
  readonly step: Step
  /** As JSON. */
  readonly wire: string
  readonly events: number
}

function toPart(step: Step, commit: Commit): Part {
  const wire = toWire(step, commit)
  const events = (wire.events?.length ?? 0) + Math.max(wire.gone?.length ?? 0, wire.kept?.events?.length ?? 0)
  return { step, wire: JSON.stringify(wire), events }
}

function toWire({ set: _, del: __, ...step }: Step, commit: Commit) {
  const all = (events: readonly PendingEvent[] | undefined) => events?.map((event) => toWireEvent(event, commit))
  return {
    ...step,
    expect: step.expect && [step.expect.id, step.expect.entity === null ? '' : sha1(step.expect.entity)],
    resource: step.resource && [commit.scopeId, packResource(step.resource)],
    events: all(step.events),
    gone: all(step.gone),
    kept: step.kept && { put: step.kept.put, events: all(step.kept.events) },
  }
}

function sha1(text: string): string {
  return hash('sha1', text, 'hex')
}
