import type { Redis } from 'ioredis'
import { z } from 'zod'
import { Instant } from '../contract/entities.ts'
import type { EventName, PendingEvent } from '../contract/events.ts'
import { ConnectionId, SyncId } from '../contract/ids.ts'
import {
  Coverage,
  type EntityKind,
  entityKinds,
  type Sync,
  type SyncCounts,
  SyncFailure,
  SyncKind,
  type SyncPhase,
  SyncState,
  SyncTrigger,
  syncPhases,
} from '../contract/syncs.ts'
import { FencedError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import { toWireEvent } from './outbox.ts'
import { loadScript } from './script.ts'

const advanceScript = loadScript('advance-sync', ['append'])

/** How long what a sync did can be asked for after its end; what it told stands in Kafka. */
const keepFinishedSeconds = 90 * 24 * 60 * 60

/** What of a sync never changes. */
export const SyncRecord = z.object({
  id: SyncId,
  connectionId: ConnectionId,
  kind: SyncKind,
  trigger: SyncTrigger,
  requestedAt: Instant,
})
export type SyncRecord = z.infer<typeof SyncRecord>

export interface Transition {
  readonly tenantId: string
  readonly connectionId: ConnectionId
  readonly syncId: SyncId
  readonly token: string
  readonly from: SyncState
  readonly to: SyncState
  readonly fields: Readonly<Record<string, string>>
  readonly events: readonly PendingEvent[]
}

/** How far a sync is, in absolute figures, so that saying it twice does no harm. */
export interface Progress {
  readonly requests: number
  readonly requestsExpected: number | null
  readonly phases: ReadonlyMap<SyncPhase, { readonly done: number; readonly total: number | null }>
  readonly scanned: Readonly<Record<EntityKind, number>>
  readonly unchanged: Readonly<Record<EntityKind, number>>
}

export interface SyncStore {
  read(connectionId: ConnectionId, syncId: SyncId): Promise<Sync | null>
  /** False when the sync is not in the state `from` (any more). */
  advance(transition: Transition): Promise<boolean>
  saveProgress(connectionId: ConnectionId, syncId: SyncId, progress: Progress): Promise<void>
  /** The syncs of a shard that are not finished. */
  readOpen(shard: number): Promise<{ readonly connectionId: ConnectionId; readonly syncId: SyncId }[]>
}

export function createSyncStore(redis: Redis, keys: Keys): SyncStore {
  return {
    async read(connectionId, syncId) {
      const fields = await redis.hgetall(keys.sync(connectionId, syncId))
      return fields.record === undefined ? null : toSync(fields)
    },

    async advance(transition) {
      const { connectionId, syncId, token, from, to } = transition
      const own = keys.connection(connectionId)
      const shard = keys.shardOf(connectionId)
      const { outbox, outboxNumber, openSyncs } = keys.shard(shard)
      const events = transition.events.map((event) => toWireEvent(event, transition))
      const finished = to === 'completed' || to === 'failed'
      const reply = await advanceScript(
        redis,
        [own.lease, own.record, own.sequence, outboxNumber, outbox, keys.sync(connectionId, syncId), openSyncs],
        [
          token,
          connectionId,
          syncId,
          from,
          to,
          JSON.stringify(transition.fields),
          JSON.stringify(events),
          finished ? keepFinishedSeconds : 0,
          keys.outboxChannel,
          shard,
        ],
      )
      const [state] = z.tuple([z.string()]).rest(z.string()).parse(reply)
      if (state === 'fenced') throw new FencedError('the connection', { connectionId, syncId })
      return state === 'advanced'
    },

    async saveProgress(connectionId, syncId, progress) {
      const fields: Record<string, string | number> = { requests: progress.requests }
      if (progress.requestsExpected !== null) fields.requestsExpected = progress.requestsExpected
      for (const [phase, { done, total }] of progress.phases) {
        fields[`done:${phase}`] = done
        if (total !== null) fields[`total:${phase}`] = total
      }
      for (const kind of entityKinds) {
        fields[`scanned:${kind}`] = progress.scanned[kind]
        fields[`unchanged:${kind}`] = progress.unchanged[kind]
      }
      await redis.hset(keys.sync(connectionId, syncId), fields)
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

function toSync(fields: Readonly<Record<string, string>>): Sync {
  const record = SyncRecord.parse(JSON.parse(fields.record ?? 'null'))
  const count = (name: string) => Number(fields[name] ?? 0)
  const phases = syncPhases.map((phase) => {
    const total = fields[`total:${phase}`]
    return { phase, done: count(`done:${phase}`), total: total === undefined ? null : Number(total) }
  })
  return {
    ...record,
    state: SyncState.parse(fields.state),
    startedAt: fields.startedAt ?? null,
    finishedAt: fields.finishedAt ?? null,
    progress: {
      phases,
      requests: count('requests'),
      requestsExpected: fields.requestsExpected === undefined ? null : Number(fields.requestsExpected),
    },
    stats: Object.fromEntries(entityKinds.map((kind) => [kind, toCounts(kind, count)])),
    coverage: fields.coverage === undefined ? null : Coverage.parse(JSON.parse(fields.coverage)),
    error: fields.error === undefined ? null : SyncFailure.parse(JSON.parse(fields.error)),
  }
}

function toCounts(kind: EntityKind, count: (name: string) => number): SyncCounts {
  const told = (what: 'changed' | 'added' | 'removed') =>
    tellingEvents[kind][what].reduce((sum, name) => sum + count(`events:${name}`), 0)
  const [scanned, added] = [count(`scanned:${kind}`), told('added')]
  // What a sync added before it was taken up again, its second reading finds unchanged; it is not both.
  const unchanged = Math.max(0, Math.min(count(`unchanged:${kind}`), scanned - added))
  return { scanned, unchanged, changed: told('changed'), added, removed: told('removed') }
}
