import { z } from 'zod'
import { Instant } from '../contract/entities.ts'
import type { EventName } from '../contract/events.ts'
import { SignedEvidence } from '../contract/evidence.ts'
import { ConnectionId, ScopeId, SyncId } from '../contract/ids.ts'
import {
  type Coverage,
  type EntityKind,
  entityKinds,
  isFinished,
  type Sync,
  type SyncCounts,
  SyncEstimate,
  SyncFailure,
  SyncKind,
  type SyncPhase,
  SyncState,
  SyncTrigger,
  syncPhases,
  VerificationRequest,
  Verified,
  WaitingFor,
} from '../contract/syncs.ts'
import { FencedError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import { type PendingEntry, toWireEvent } from './outbox.ts'
import type { RedisClient } from './redis-client.ts'
import { loadAppendingScript, loadScript } from './script.ts'

const advanceScript = loadAppendingScript('advance-sync')
const saveScript = loadScript('save-progress')

/** How long what a sync did can be asked for after its end; what it told stands in Kafka. */
const keepFinishedSeconds = 90 * 24 * 60 * 60

/** What of a sync never changes. */
export const SyncRecord = z.object({
  id: SyncId,
  connectionId: ConnectionId,
  kind: SyncKind,
  trigger: SyncTrigger,
  requestedAt: Instant,
  /** Grants and nestings of which somebody wants to know whether they are gone. */
  verify: VerificationRequest.shape.ids.optional(),
  /** W3C trace context of the call that asked for it. */
  traceparent: z.string().optional(),
})
export type SyncRecord = z.infer<typeof SyncRecord>

export interface Transition {
  readonly tenantId: string
  readonly connectionId: ConnectionId
  readonly syncId: SyncId
  /** Null for a sync that nobody has begun. */
  readonly token: string | null
  readonly from: SyncState
  readonly to: SyncState
  readonly fields: Readonly<Record<string, string>>
  readonly events: readonly PendingEntry[]
  /** What is wrong with the connection from now on; null: nothing; left out: as before. */
  readonly degraded?: object | null
  /** All of the connection was synced by then; left out: as before. */
  readonly completedAt?: string
  /** What a finished sync leaves behind for those who ask later. */
  readonly evidence?: SignedEvidence
}

/** How far a sync is, in absolute figures, so that saying it twice does no harm. */
export interface Progress {
  readonly requests: number
  readonly requestsExpected: number | null
  readonly phases: ReadonlyMap<SyncPhase, { readonly done: number; readonly total: number | null }>
  readonly estimate: SyncEstimate | null
  readonly waiting: { readonly until: string; readonly for: WaitingFor } | null
  /** Where the next slice goes on, in the worker's own words. */
  readonly cursor: unknown
}

export interface SyncStore {
  read(connectionId: ConnectionId, syncId: SyncId): Promise<Sync | null>
  /** False when the sync is not in the state `from` (any more). */
  advance(transition: Transition): Promise<boolean>
  /** Answers whether somebody has asked to cancel it. @throws FencedError when the lease is no longer ours */
  saveProgress(
    connectionId: ConnectionId,
    syncId: SyncId,
    token: string,
    progress: Progress,
  ): Promise<{ readonly isCancelled: boolean }>
  /** Adds to what a sync counts, where no commit does. */
  count(connectionId: ConnectionId, syncId: SyncId, counts: Readonly<Record<string, number>>): Promise<void>
  /** What is to be verified; null for a sync that verifies nothing. */
  readVerify(connectionId: ConnectionId, syncId: SyncId): Promise<VerificationRequest['ids'] | null>
  /** The trace context of the call that asked for it; null when that had none. */
  readTrace(connectionId: ConnectionId, syncId: SyncId): Promise<string | null>
  saveVerified(connectionId: ConnectionId, syncId: SyncId, verified: readonly Verified[]): Promise<void>
  saveEstimate(connectionId: ConnectionId, syncId: SyncId, estimate: SyncEstimate): Promise<void>
  /** Asks whoever runs it to cancel it before its next scope. */
  askToCancel(connectionId: ConnectionId, syncId: SyncId): Promise<void>
  /** Where the last slice ended, and whether to cancel it; null when it has not begun. */
  readCursor(connectionId: ConnectionId, syncId: SyncId): Promise<{ cursor: unknown; isCancelled: boolean }>
  /** Null while the sync is not finished, and for one that ended without any. */
  readEvidence(connectionId: ConnectionId, syncId: SyncId): Promise<SignedEvidence | null>
  /** The last syncs of a connection, newest first, from the one before `before` on; and whether these are all. */
  list(
    connectionId: ConnectionId,
    page: { readonly before: SyncId | null; readonly limit: number },
  ): Promise<{ readonly syncs: readonly Sync[]; readonly isLast: boolean }>
  /** The syncs of a connection that are not finished, oldest first. */
  readOpenOf(connectionId: ConnectionId): Promise<Sync[]>
  /** The syncs of a shard that are not finished. */
  readOpen(shard: number): Promise<{ readonly connectionId: ConnectionId; readonly syncId: SyncId }[]>
}

export function createSyncStore(redis: RedisClient, keys: Keys): SyncStore {
  return {
    async read(connectionId, syncId) {
      const fields = await redis.hgetall(keys.sync(connectionId, syncId).state)
      return fields.record === undefined ? null : toSync(fields)
    },

    async advance(transition) {
      const { connectionId, syncId, token, from, to } = transition
      const own = keys.connection(connectionId)
      const ofSync = keys.sync(connectionId, syncId)
      const shard = keys.shardOf(connectionId)
      const { outbox, outboxNumber, openSyncs } = keys.shard(shard)
      const events = transition.events.map((event) => toWireEvent(event, transition))
      const reply = await advanceScript(
        redis,
        keys.shard(shard),
        [
          own.lease,
          own.openSyncs,
          own.sequence,
          outboxNumber,
          outbox,
          ofSync.state,
          openSyncs,
          own.record,
          ofSync.evidence,
        ],
        [
          token ?? '',
          connectionId,
          syncId,
          from,
          to,
          JSON.stringify(transition.fields),
          JSON.stringify(events),
          isFinished(to) ? keepFinishedSeconds : 0,
          keys.outboxChannel,
          shard,
          toDegraded(transition.degraded),
          transition.evidence === undefined ? '' : JSON.stringify(transition.evidence),
          transition.completedAt ?? '',
        ],
      )
      const [state, present] = AdvanceReply.parse(reply)
      if (state === 'fenced') throw new FencedError('the connection', { connectionId, syncId })
      // In that state already under this very token: the first answer was lost.
      return state === 'advanced' || present === to
    },

    async saveProgress(connectionId, syncId, token, progress) {
      const { lease } = keys.connection(connectionId)
      const { state } = keys.sync(connectionId, syncId)
      const fields = Object.entries(toFields(progress)).map(([field, value]) => [field, String(value)])
      const reply = await saveScript(redis, [lease, state], [token, JSON.stringify(fields)])
      const [outcome, cancel] = SaveReply.parse(reply)
      if (outcome === 'fenced') throw new FencedError('the connection', { connectionId, syncId })
      return { isCancelled: cancel === '1' }
    },

    async count(connectionId, syncId, counts) {
      const change = redis.multi()
      for (const [field, by] of Object.entries(counts)) change.hincrby(keys.sync(connectionId, syncId).state, field, by)
      await change.exec()
    },

    async readVerify(connectionId, syncId) {
      const json = await redis.hget(keys.sync(connectionId, syncId).state, 'record')
      return json === null ? null : (SyncRecord.parse(JSON.parse(json)).verify ?? null)
    },

    async readTrace(connectionId, syncId) {
      const json = await redis.hget(keys.sync(connectionId, syncId).state, 'record')
      return json === null ? null : (SyncRecord.parse(JSON.parse(json)).traceparent ?? null)
    },

    async saveVerified(connectionId, syncId, verified) {
      await redis.hset(keys.sync(connectionId, syncId).state, 'verified', JSON.stringify(verified))
    },

    async saveEstimate(connectionId, syncId, estimate) {
      await redis.hset(keys.sync(connectionId, syncId).state, 'estimate', JSON.stringify(estimate))
    },

    async askToCancel(connectionId, syncId) {
      await redis.hset(keys.sync(connectionId, syncId).state, 'cancel', '1')
    },

    async readCursor(connectionId, syncId) {
      const [cursor, cancel] = await redis.hmget(keys.sync(connectionId, syncId).state, 'cursor', 'cancel')
      return { cursor: cursor == null ? null : JSON.parse(cursor), isCancelled: cancel === '1' }
    },

    async readEvidence(connectionId, syncId) {
      const json = await redis.get(keys.sync(connectionId, syncId).evidence)
      return json === null ? null : SignedEvidence.parse(JSON.parse(json))
    },

    async list(connectionId, { before, limit }) {
      const ids = (await redis.lrange(keys.connection(connectionId).syncs, 0, -1)).toReversed()
      // One that is not on the list any more is older than all that are.
      const from = before === null ? 0 : ids.includes(before) ? ids.indexOf(before) + 1 : ids.length
      const page = ids.slice(from, from + limit)
      const read = await Promise.all(page.map((id) => this.read(connectionId, SyncId.parse(id))))
      return { syncs: read.filter((sync) => sync !== null), isLast: from + limit >= ids.length }
    },

    async readOpenOf(connectionId) {
      const ids = await redis.lrange(keys.connection(connectionId).openSyncs, 0, -1)
      const syncs = await Promise.all(ids.map((id) => this.read(connectionId, SyncId.parse(id))))
      return syncs.filter((sync) => sync !== null)
    },

    async readOpen(shard) {
      const members = await redis.smembers(keys.shard(shard).openSyncs)
      return members.map((member) => {
        const [connectionId, syncId] = member.split('/')
        return { connectionId: ConnectionId.parse(connectionId), syncId: SyncId.parse(syncId) }
      })
    },
  }
}

function toDegraded(degraded: object | null | undefined): string {
  if (degraded === undefined) return ''
  return degraded === null ? 'nothing' : JSON.stringify(degraded)
}

function toFields(progress: Progress): Record<string, string | number> {
  const { requests, requestsExpected, phases, estimate, waiting, cursor } = progress
  const fields: Record<string, string | number> = {
    requests,
    estimate: JSON.stringify(estimate),
    waitingUntil: waiting?.until ?? '',
    waitingFor: waiting?.for ?? '',
    cursor: JSON.stringify(cursor),
  }
  if (requestsExpected !== null) fields.requestsExpected = requestsExpected
  for (const [phase, { done, total }] of phases) {
    fields[`done:${phase}`] = done
    if (total !== null) fields[`total:${phase}`] = total
  }
  return fields
}

/** The field in which a sync counts what its commits found. */
export const countField = {
  scanned: (kind: EntityKind) => `scanned:${kind}`,
  unchanged: (kind: EntityKind) => `unchanged:${kind}`,
  coverage: (state: keyof Coverage) => `coverage:${state}`,
  /** Of a preview, which tells no events. */
  wouldBe: (what: 'changed' | 'added' | 'removed', kind: EntityKind) => `${what}:${kind}`,
} as const

/** Which events tell of what, for each kind of entity. The scripts count events by name as they append them. */
const tellingEvents: Record<EntityKind, Record<'changed' | 'added' | 'removed', readonly EventName[]>> = {
  serviceUsers: {
    added: ['service-user.created'],
    changed: ['service-user.updated', 'service-user.attributes-changed'],
    removed: ['service-user.removed'],
  },
  entitlements: {
    added: ['entitlement.created'],
    changed: ['entitlement.updated'],
    removed: ['entitlement.removed'],
  },
  grants: {
    added: ['service-user-entitlement.granted'],
    changed: ['service-user-entitlement.changed'],
    removed: ['service-user-entitlement.revoked'],
  },
  nestings: {
    added: ['entitlement-nesting.added'],
    changed: ['entitlement-nesting.changed'],
    removed: ['entitlement-nesting.removed'],
  },
}

const ScopeIds = z.array(ScopeId)
const Estimate = SyncEstimate.nullable()
const ListOfVerified = z.array(Verified)
const AdvanceReply = z.tuple([z.string()]).rest(z.string())
const SaveReply = z.tuple([z.enum(['saved', 'fenced'])]).rest(z.string())

function toSync(fields: Readonly<Record<string, string>>): Sync {
  const { verify: _, traceparent: __, ...record } = SyncRecord.parse(JSON.parse(fields.record ?? 'null'))
  const count = (name: string) => Number(fields[name] ?? 0)
  const phases = syncPhases.map((phase) => {
    const total = fields[`total:${phase}`]
    return { phase, done: count(`done:${phase}`), total: total === undefined ? null : Number(total) }
  })
  const said = <T>(field: string, schema: { parse(value: unknown): T }) =>
    fields[field] === undefined ? null : schema.parse(JSON.parse(fields[field]))
  return {
    ...record,
    scopes: said('scopes', ScopeIds),
    state: SyncState.parse(fields.state),
    startedAt: fields.startedAt ?? null,
    finishedAt: fields.finishedAt ?? null,
    progress: {
      phases,
      requests: count('requests'),
      requestsExpected: fields.requestsExpected === undefined ? null : Number(fields.requestsExpected),
    },
    estimate: said('estimate', Estimate),
    waitingUntil: fields.waitingUntil || null,
    waitingFor: fields.waitingUntil ? WaitingFor.parse(fields.waitingFor || 'request-budget') : null,
    stats: Object.fromEntries(entityKinds.map((kind) => [kind, toCounts(kind, count)])),
    held: count('held'),
    coverage: fields.startedAt === undefined ? null : toCoverage(count),
    error: said('error', SyncFailure),
    verified: said('verified', ListOfVerified),
  }
}

function toCoverage(count: (name: string) => number): Coverage {
  const of = (state: keyof Coverage) => count(countField.coverage(state))
  const notIncluded = of('notIncluded')
  const read = { complete: of('complete'), stale: of('stale'), unobservable: of('unobservable') }
  return { ...read, ...(notIncluded > 0 && { notIncluded }) }
}

function toCounts(kind: EntityKind, count: (name: string) => number): SyncCounts {
  const told = (what: 'changed' | 'added' | 'removed') =>
    tellingEvents[kind][what].reduce(
      (sum, name) => sum + count(`events:${name}`),
      count(countField.wouldBe(what, kind)),
    )
  const [scanned, added] = [count(countField.scanned(kind)), told('added')]
  const unchanged = Math.max(0, Math.min(count(countField.unchanged(kind)), scanned - added))
  return { scanned, unchanged, changed: told('changed'), added, removed: told('removed') }
}
