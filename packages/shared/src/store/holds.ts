import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Instant } from '../contract/entities.ts'
import { HoldCause } from '../contract/holds.ts'
import { type ConnectionId, ScopeId, SyncId } from '../contract/ids.ts'
import type { HoldList } from './facts.ts'
import type { Keys } from './keys.ts'
import { type PendingEntry, toWireEvent } from './outbox.ts'
import type { RedisClient } from './redis-client.ts'
import { loadAppendingScript } from './script.ts'

/**
 * Removals that wait for somebody's decision, scope by scope:
 *
 *   held -> approved -> gone          (the worker makes what was approved, and tells it)
 *        -> rejected                  (remembered by its digest: the same set is not asked about again)
 *        -> nothing                   (a later read has found it again)
 *
 * The commit of a scope puts an entry in and takes it out; decisions move entries from list to list.
 */

const changeScript = loadAppendingScript('change-hold')

/** What one scope would lose. */
export const HeldScope = z.object({
  kind: HoldCause.shape.kind,
  /** Fields of the scope's facts with the level that would go. */
  removals: z.array(z.tuple([z.string(), z.string()])),
  /** Groups that would go with their last members. */
  groups: z.array(z.string()),
  observedAt: Instant,
  evidence: z.object({ reads: z.int(), confirmedAt: Instant }),
})
export type HeldScope = z.infer<typeof HeldScope>

export const HoldRecord = z.object({
  id: z.string(),
  syncId: SyncId,
  openedAt: Instant,
  expiresAt: Instant,
  /** How many removals were told of; null: none yet. */
  announced: z.int().nullable(),
})
export type HoldRecord = z.infer<typeof HoldRecord>

export interface OpenHold {
  readonly record: HoldRecord
  readonly scopes: ReadonlyMap<ScopeId, HeldScope>
}

/** Of one scope: what it has afterwards in each list; null for nothing, left out to leave it. */
export interface HoldMove {
  readonly scopeId: ScopeId
  readonly held: HeldScope | null
  readonly approved?: HeldScope
  readonly rejected?: string
}

export interface HoldStore {
  readRecord(connectionId: ConnectionId): Promise<HoldRecord | null>
  /** The hold with all that is held; null when there is none. */
  read(connectionId: ConnectionId): Promise<OpenHold | null>
  /** The scopes of which something is held, in no order. */
  readHeldScopes(connectionId: ConnectionId): Promise<ScopeId[]>
  /** What is held of each of these scopes; null for nothing. */
  readHeld(connectionId: ConnectionId, scopeIds: readonly ScopeId[]): Promise<(HeldScope | null)[]>
  /** What is held of one scope, what was approved and is not yet gone, and the digest of what was rejected. */
  readScope(
    connectionId: ConnectionId,
    scopeId: ScopeId,
  ): Promise<{ held: HeldScope | null; approved: HeldScope | null; rejected: string | null }>
  /** What was approved and is still to be made. */
  readApproved(connectionId: ConnectionId): Promise<ReadonlyMap<ScopeId, HeldScope>>
  /**
   * Moves entries and tells of it; a hold with nothing left in it ends. False when it is no longer as `hold` says:
   * read it again and decide again.
   */
  change(change: {
    readonly tenantId: string
    readonly connectionId: ConnectionId
    readonly hold: OpenHold
    readonly moves: readonly HoldMove[]
    readonly record?: HoldRecord
    readonly events: readonly PendingEntry[]
    /** After an approval the day begins anew. */
    readonly forgivesRemovals?: boolean
  }): Promise<boolean>
  /** Connections of a shard whose hold has expired by then. */
  readExpired(shard: number, nowMs: number): Promise<string[]>
  /** How many connections of a shard have a hold. */
  countHeld(shard: number): Promise<number>
  /** Connections of a shard with approved removals. */
  readReleases(shard: number): Promise<string[]>
  /** Takes the connection from that list if nothing approved is left. */
  settleRelease(connectionId: ConnectionId): Promise<void>
}

/** Equal for two sets of removals that are the same. */
export function digestOfRemovals({ removals, groups }: Pick<HeldScope, 'removals' | 'groups'>): string {
  const said = [removals.map((removal) => removal.join('\n')).sort(), [...groups].sort()]
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url')
}

export function createHoldStore(redis: RedisClient, keys: Keys): HoldStore {
  const keysOf = (connectionId: ConnectionId) => keys.connection(connectionId).hold
  const readList = async (connectionId: ConnectionId, list: HoldList) => {
    // The order of a hash changes by itself; by scope the same hold looks the same each time.
    const stored = Object.entries(await redis.hgetall(keysOf(connectionId)[list])).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    )
    return new Map(stored.map(([id, json]) => [ScopeId.parse(id), HeldScope.parse(JSON.parse(json))] as const))
  }
  const readRecord = async (connectionId: ConnectionId) => {
    const json = await redis.get(keysOf(connectionId).record)
    return json === null ? null : HoldRecord.parse(JSON.parse(json))
  }
  return {
    readRecord,

    async read(connectionId) {
      const record = await readRecord(connectionId)
      return record === null ? null : { record, scopes: await readList(connectionId, 'held') }
    },

    async readHeldScopes(connectionId) {
      return ScopeIds.parse(await redis.hkeys(keysOf(connectionId).held))
    },

    async readHeld(connectionId, scopeIds) {
      if (scopeIds.length === 0) return []
      const stored = await redis.hmget(keysOf(connectionId).held, ...scopeIds)
      return stored.map((json) => (json === null ? null : HeldScope.parse(JSON.parse(json))))
    },

    async readScope(connectionId, scopeId) {
      const own = keysOf(connectionId)
      const entry = async (list: HoldList) => {
        const json = await redis.hget(own[list], scopeId)
        return json === null ? null : HeldScope.parse(JSON.parse(json))
      }
      const [held, approved, rejected] = await Promise.all([
        entry('held'),
        entry('approved'),
        redis.hget(own.rejected, scopeId),
      ])
      return { held, approved, rejected }
    },

    readApproved: (connectionId) => readList(connectionId, 'approved'),

    async change({ tenantId, connectionId, hold, moves, record, events, forgivesRemovals = false }) {
      const own = keys.connection(connectionId)
      const shard = keys.shardOf(connectionId)
      const { holds, releases, outbox, outboxNumber } = keys.shard(shard)
      const approved = moves.length === 0 ? new Map() : await readList(connectionId, 'approved')
      const wire = moves.map((move) => toWireMove(move, hold.scopes.get(move.scopeId), approved.get(move.scopeId)))
      const owner = { tenantId, connectionId, syncId: hold.record.syncId }
      const reply = await changeScript(
        redis,
        keys.shard(shard),
        [
          own.hold.record,
          own.hold.held,
          own.hold.approved,
          own.hold.rejected,
          holds,
          releases,
          own.removals,
          own.sequence,
          outboxNumber,
          outbox,
        ],
        [
          JSON.stringify(hold.record),
          JSON.stringify(wire),
          record === undefined ? '' : JSON.stringify(record),
          JSON.stringify(events.map((event) => toWireEvent(event, owner))),
          forgivesRemovals ? '1' : '0',
          connectionId,
          keys.outboxChannel,
          shard,
        ],
      )
      return ChangeReply.parse(reply)[0] === 'changed'
    },

    readExpired: (shard, nowMs) => redis.zrangebyscore(keys.shard(shard).holds, '-inf', nowMs),

    countHeld: (shard) => redis.zcard(keys.shard(shard).holds),

    readReleases: (shard) => redis.smembers(keys.shard(shard).releases),

    async settleRelease(connectionId) {
      const { approved } = keysOf(connectionId)
      if ((await redis.hlen(approved)) === 0)
        await redis.srem(keys.shard(keys.shardOf(connectionId)).releases, connectionId)
    },
  }
}

const ScopeIds = z.array(ScopeId)
const ChangeReply = z.tuple([z.enum(['changed', 'conflict'])])

/** Scope, digests of what the caller knows, and the three lists afterwards: '' for nothing, false to leave. */
function toWireMove(move: HoldMove, held: HeldScope | undefined, approved: HeldScope | undefined) {
  const sha = (entry: HeldScope | undefined) =>
    entry === undefined ? '' : createHash('sha1').update(JSON.stringify(entry)).digest('hex')
  const after = move.approved && (approved === undefined ? move.approved : merge(approved, move.approved))
  return [
    move.scopeId,
    sha(held),
    sha(approved),
    move.held === null ? '' : JSON.stringify(move.held),
    after === undefined ? false : JSON.stringify(after),
    move.rejected ?? false,
  ]
}

function merge(a: HeldScope, b: HeldScope): HeldScope {
  return { ...b, removals: [...a.removals, ...b.removals], groups: [...new Set([...a.groups, ...b.groups])] }
}
