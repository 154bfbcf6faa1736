import { hash } from 'node:crypto'
import { z } from 'zod'
import { auditName, type PendingAudit } from '../contract/audit.ts'
import { Connection } from '../contract/connections.ts'
import { Instant } from '../contract/entities.ts'
import type { PendingEvent } from '../contract/events.ts'
import { Cadences } from '../contract/freshness.ts'
import { ConnectionId, type ScopeId, SyncId } from '../contract/ids.ts'
import { manualSchedule, Schedule } from '../contract/schedule.ts'
import { type EntityKind, entityKinds } from '../contract/syncs.ts'
import { FencedError, InputError, InvariantError } from '../runtime/errors.ts'
import { createAuditLog } from './audit.ts'
import { forgetConnection } from './forget-connection.ts'
import { decideRequest } from './join.ts'
import type { Keys } from './keys.ts'
import { type EventOwner, type PendingEntry, toWireEvent } from './outbox.ts'
import type { RedisClient } from './redis-client.ts'
import {
  claimName,
  freeName,
  type Reservation,
  readIdentifiers,
  readTaken,
  reserve,
  type Taken,
  type Wanted,
} from './reservations.ts'
import { loadAppendingScript } from './script.ts'
import type { SyncRecord, SyncStore } from './syncs.ts'

const requestSyncScript = loadAppendingScript('request-sync')
const changeScript = loadAppendingScript('change-connection')
const removeScript = loadAppendingScript('remove-connection')

export interface StoredConnection {
  readonly connection: Connection
  readonly sealedCredential: string
  /** Tells what was set from what is set now: of the connection and its schedule. */
  readonly version: string
  /** Sealed: with what Bitbucket signs its deliveries; null as long as there is no webhook. */
  readonly sealedWebhook: string | null
  readonly latestSyncId: SyncId | null
  /** When the last full or incremental sync came to its end; null: none has, as far as is known. */
  readonly lastCompletedAt: string | null
  /** Null as long as nothing is wrong. */
  readonly degraded: Degraded | null
  /** Null as long as nobody has paused it. */
  readonly paused: Paused | null
  /** As the last sync counted it. */
  readonly size: WorkspaceSize
  readonly schedule: Schedule
  /** How often incremental syncs read what; null until the size of the workspace is known. */
  readonly cadences: Cadences | null
  /** It has come to its end, and is going. */
  readonly isRemoving: boolean
}

const ConnectionIds = z.array(ConnectionId)

export const WorkspaceSize = z.object({
  members: z.int().nullable(),
  projects: z.int().nullable(),
  repositories: z.int().nullable(),
  /** How many of them are to be read. Absent: all. */
  included: z.object({ projects: z.int(), repositories: z.int() }).optional(),
})
export type WorkspaceSize = z.infer<typeof WorkspaceSize>

const unknownSize: WorkspaceSize = { members: null, projects: null, repositories: null }

/** What keeps a connection from telling anything new. */
export const Degraded = z.object({ reason: z.string(), since: Instant, remedy: z.string() })
export type Degraded = z.infer<typeof Degraded>

/** While a connection is paused no sync begins, and one that runs ends with its slice. */
export interface Paused {
  readonly since: string
}

export interface SyncRequest {
  readonly tenantId: string
  readonly record: SyncRecord
  /** What a targeted sync reads. */
  readonly scopes: readonly ScopeId[] | null
  readonly events: readonly PendingEntry[]
}

export type SyncRequestResult =
  | { readonly state: 'requested' | 'joined'; readonly syncId: SyncId }
  | { readonly state: 'missing' }
  /** Nothing is read of it until somebody resumes it. */
  | { readonly state: 'paused' }

/** What is to be changed of a connection, with the events that tell of it. */
export interface ConnectionChange {
  readonly tenantId: string
  /** What the events belong to. */
  readonly requestId: string
  readonly connection?: Connection
  readonly sealedCredential?: string
  readonly schedule?: Schedule
  /** It pauses; null: it goes on. Where it is so already, nothing is changed and nothing told. */
  readonly paused?: Paused | null
  /** Sealed; null: there is none any more. */
  readonly sealedWebhook?: string | null
  /** It goes, and so does its credential, at once. */
  readonly remove?: boolean
  /** The version that the caller has decided by; left out: whichever there is. */
  readonly expectedVersion?: string
  readonly events: readonly PendingEntry[]
}

export interface ConnectionStore {
  /** Null when there is no such connection. The caller compares the tenant. */
  read(connectionId: ConnectionId): Promise<StoredConnection | null>
  /** The connections of a tenant by their unique identifiers, after one of these; and whether there are more. */
  list(
    tenantId: string,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly connections: readonly StoredConnection[]; readonly isLast: boolean }>
  /**
   * Reserves what no two connections of a tenant share, and answers the id that the connection must have: `proposed`, or the
   * one that an earlier try left reserved without a connection.
   */
  reserve(tenantId: string, wanted: Wanted, proposed: ConnectionId): Promise<Reservation>
  /** Who has already what no two connections of a tenant share, of what is wanted; nothing is reserved. */
  readTaken(tenantId: string, wanted: { readonly [Name in keyof Wanted]: Wanted[Name] | null }): Promise<Taken>
  /** Reserves another name for a connection; answers whose it is. */
  claimName(tenantId: string, name: string, connectionId: ConnectionId): Promise<ConnectionId>
  /** Frees a name that the connection has no longer. */
  freeName(tenantId: string, name: string, connectionId: ConnectionId): Promise<void>
  /** Saves a connection together with its first sync: both or none. False when it exists already. */
  create(connection: Connection, sealedCredential: string, request: SyncRequest): Promise<boolean>
  /**
   * Changes what is kept of the connection, and tells it: the sequence of the last event, or null when there is no such
   * connection. Of a schedule the queue has to be told as well. @throws InputError 412 when it has another version by now
   */
  change(connectionId: ConnectionId, change: ConnectionChange): Promise<bigint | null>
  /** Connections of a shard that are being removed. */
  readRemoving(shard: number): Promise<ConnectionId[]>
  /** Keeps what there was when the removal began, and answers it whenever it goes on. */
  noteEnding(connectionId: ConnectionId, totals: Record<EntityKind, number>): Promise<Record<EntityKind, number>>
  /** Tells the end of a connection, once. @throws FencedError when the lease is no longer ours */
  tellEnd(
    owner: EventOwner & { readonly connectionId: ConnectionId },
    token: string,
    event: PendingEvent,
  ): Promise<void>
  /** Removes every key of a connection. */
  forget(connectionId: ConnectionId): Promise<void>
  /** Connections of a shard that sync by themselves. */
  readScheduled(shard: number): Promise<ConnectionId[]>
  saveSize(connectionId: ConnectionId, size: WorkspaceSize, cadences: Cadences | null): Promise<void>
  /**
   * Asks for a sync; joins an open one that will deliver the same, if there is one. Then events of the request are not told, but
   * its audit records are, of the sync that it joined. A paused connection has none.
   */
  requestSync(connectionId: ConnectionId, request: SyncRequest): Promise<SyncRequestResult>
}

export function createConnectionStore(redis: RedisClient, keys: Keys, syncs: SyncStore): ConnectionStore {
  const run = (request: SyncRequest, change: Change) => runRequest(redis, keys, request, change)
  const audits = createAuditLog(redis, keys)
  // What is open then will be cancelled, and delivers nothing.
  const isPaused = async (connectionId: ConnectionId) =>
    (await redis.hexists(keys.connection(connectionId).record, 'paused')) === 1

  return {
    async read(connectionId) {
      const fields = await redis.hgetall(keys.connection(connectionId).record)
      const { record, credential, latestSync, degraded, paused, size, schedule, cadences, removing, webhook } = fields
      const { completedAt = null } = fields
      if (record === undefined || credential === undefined) return null
      return {
        connection: Connection.parse(JSON.parse(record)),
        sealedCredential: credential,
        version: versionOf(record, schedule),
        sealedWebhook: webhook ?? null,
        latestSyncId: latestSync === undefined ? null : SyncId.parse(latestSync),
        lastCompletedAt: completedAt,
        degraded: degraded === undefined ? null : Degraded.parse(JSON.parse(degraded)),
        paused: paused === undefined ? null : { since: paused },
        size: size === undefined ? unknownSize : WorkspaceSize.parse(JSON.parse(size)),
        schedule: schedule === undefined ? manualSchedule : Schedule.parse(JSON.parse(schedule)),
        cadences: cadences === undefined ? null : Cadences.parse(JSON.parse(cadences)),
        isRemoving: removing !== undefined,
      }
    },

    async list(tenantId, { after, limit }) {
      const all = await readIdentifiers(redis, keys, tenantId)
      const following = all.filter(([identifier]) => after === null || identifier > after)
      const found: StoredConnection[] = []
      for (let from = 0; from < following.length && found.length <= limit; from += readAtOnce) {
        const some = following.slice(from, from + readAtOnce)
        const read = await Promise.all(some.map(([, connectionId]) => this.read(connectionId)))
        found.push(...read.flatMap((stored) => (stored === null || stored.isRemoving ? [] : [stored])))
      }
      return { connections: found.slice(0, limit), isLast: found.length <= limit }
    },

    reserve: (tenantId, wanted, proposed) => reserve(redis, keys, tenantId, wanted, proposed),
    readTaken: (tenantId, wanted) => readTaken(redis, keys, tenantId, wanted),
    claimName: (tenantId, name, connectionId) => claimName(redis, keys, tenantId, name, connectionId),
    freeName: (tenantId, name, connectionId) => freeName(redis, keys, tenantId, name, connectionId),

    async create(connection, sealed, request) {
      const state = await run(request, { type: 'append', open: [], connection: JSON.stringify(connection), sealed })
      if (state !== 'exists') return state === 'requested'
      // Ours, when the first answer was lost and the script ran a second time.
      return (await redis.hget(keys.connection(connection.id).record, 'latestSync')) === request.record.id
    },

    async change(connectionId, change) {
      const shard = keys.shardOf(connectionId)
      const ofShard = keys.shard(shard)
      const own = keys.connection(connectionId)
      const { tenantId, requestId: syncId, events, schedule, paused, remove, expectedVersion = '' } = change
      const reply = await changeScript(
        redis,
        ofShard,
        [own.record, own.sequence, ofShard.outboxNumber, ofShard.outbox, ofShard.scheduled, ofShard.removing],
        [
          connectionId,
          JSON.stringify(fieldsOf(change)),
          schedule === undefined ? '' : schedule.mode === 'manual' ? '0' : '1',
          remove ? '1' : '0',
          paused === undefined ? '' : (paused?.since ?? '0'),
          JSON.stringify(events.map((event) => toWireEvent(event, { tenantId, connectionId, syncId }))),
          keys.outboxChannel,
          shard,
          expectedVersion,
        ],
      )
      const [state, sequence] = z
        .tuple([z.enum(['changed', 'missing', 'conflict'])])
        .rest(z.string())
        .parse(reply)
      if (state === 'conflict') throw settingsChanged(connectionId)
      return state === 'changed' ? BigInt(sequence ?? 0) : null
    },

    async readRemoving(shard) {
      return ConnectionIds.parse(await redis.smembers(keys.shard(shard).removing))
    },

    async noteEnding(connectionId, totals) {
      const { record } = keys.connection(connectionId)
      await redis.hsetnx(record, 'ending', JSON.stringify(totals))
      return z.record(z.enum(entityKinds), z.int()).parse(JSON.parse((await redis.hget(record, 'ending')) ?? '{}'))
    },

    async tellEnd(owner, token, event) {
      const { connectionId } = owner
      const shard = keys.shardOf(connectionId)
      const { outbox, outboxNumber } = keys.shard(shard)
      const own = keys.connection(connectionId)
      const reply = await removeScript(
        redis,
        keys.shard(shard),
        [own.lease, own.record, own.sequence, outboxNumber, outbox],
        [token, connectionId, JSON.stringify(toWireEvent(event, owner)), keys.outboxChannel, shard],
      )
      const [state] = z.tuple([z.enum(['told', 'fenced'])]).parse(reply)
      if (state === 'fenced') throw new FencedError('the connection', { connectionId })
    },

    forget: (connectionId) => forgetConnection(redis, keys, connectionId),

    async readScheduled(shard) {
      return ConnectionIds.parse(await redis.smembers(keys.shard(shard).scheduled))
    },

    async saveSize(connectionId, size, cadences) {
      const { record } = keys.connection(connectionId)
      const fields = { size: JSON.stringify(size), ...(cadences && { cadences: JSON.stringify(cadences) }) }
      await redis.hset(record, fields)
    },

    async requestSync(connectionId, request) {
      const { id: syncId, kind } = request.record
      for (let attempt = 1; attempt <= attemptsMax; attempt++) {
        const open = await syncs.readOpenOf(connectionId)
        // Ours, when the first answer was lost.
        if (open.some(({ id }) => id === syncId)) return { state: 'requested', syncId }
        // What verifies something says what it found, so it is a sync of its own.
        const isOwn = request.record.verify !== undefined
        const decision = isOwn ? { type: 'append' as const } : decideRequest(open, { kind, scopes: request.scopes })
        if (decision.type === 'join') {
          if (await isPaused(connectionId)) return { state: 'paused' }
          await audits.append(auditsOf(request, decision.syncId))
          return { state: 'joined', syncId: decision.syncId }
        }
        const state = await run(request, { ...decision, open: open.map(({ id }) => id) })
        if (state === 'missing' || state === 'paused') return { state }
        if (state === 'requested') return { state, syncId }
        if (state === 'extended' && decision.type === 'extend') return { state: 'joined', syncId: decision.syncId }
      }
      throw new InvariantError('A sync could not be asked for: the open ones changed with every try', { connectionId })
    },
  }
}

/** What is set; a field without a value goes. */
function fieldsOf(change: ConnectionChange): [field: string, value: string | null][] {
  const { connection, sealedCredential, schedule, sealedWebhook, remove } = change
  const fields: [string, string | null | undefined][] = [
    ['record', connection && JSON.stringify(connection)],
    ['credential', remove ? '' : sealedCredential],
    ['schedule', schedule && JSON.stringify(schedule)],
    ['webhook', remove ? null : sealedWebhook],
    ['removing', remove ? '1' : undefined],
  ]
  return fields.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]]))
}

/** As `change-connection.lua` reckons it. */
function versionOf(record: string, schedule: string | undefined): string {
  return hash('sha1', `${record}\n${schedule ?? ''}`, 'hex')
}

function settingsChanged(connectionId: ConnectionId): InputError {
  return new InputError('settings-changed', 'Somebody has changed the settings meanwhile', {
    remedy: 'Read them again, and send your change with the ETag of that answer.',
    context: { connectionId },
  })
}

/** Each try reads the open syncs anew. */
const attemptsMax = 20
/** Connections that are asked for before the first answer is awaited. */
const readAtOnce = 100

type Change = { readonly open: readonly string[] } & (
  | { readonly type: 'append'; readonly connection?: string; readonly sealed?: string }
  | { readonly type: 'extend'; readonly syncId: SyncId; readonly scopes: readonly ScopeId[] }
)

async function runRequest(redis: RedisClient, keys: Keys, request: SyncRequest, change: Change) {
  const { connectionId } = request.record
  const isNew = change.type === 'append'
  const syncId = isNew ? request.record.id : change.syncId
  const scopes = isNew ? request.scopes : change.scopes
  const own = keys.connection(connectionId)
  const shard = keys.shardOf(connectionId)
  const { outbox, outboxNumber, openSyncs } = keys.shard(shard)
  const owner = { tenantId: request.tenantId, connectionId, syncId }
  const told = isNew ? request.events : auditsOf(request, syncId)
  const events = told.map((event) => toWireEvent(event, owner))
  const { state } = keys.sync(connectionId, syncId)
  const reply = await requestSyncScript(
    redis,
    keys.shard(shard),
    [own.record, own.openSyncs, own.sequence, outboxNumber, outbox, state, openSyncs, own.syncs],
    [
      connectionId,
      syncId,
      isNew ? JSON.stringify(request.record) : '',
      scopes === null ? '' : JSON.stringify(scopes),
      JSON.stringify(events),
      (isNew && change.connection) || '',
      (isNew && change.sealed) || '',
      change.open.join(','),
      keys.outboxChannel,
      shard,
    ],
  )
  return z.tuple([z.enum(['requested', 'extended', 'exists', 'missing', 'paused', 'conflict'])]).parse(reply)[0]
}

/** The audit records of a request for a sync that is delivered by another one. */
function auditsOf({ record: { id }, events }: SyncRequest, syncId: SyncId): PendingAudit[] {
  return events
    .filter((event) => event.name === auditName)
    .map(({ name, record }) => {
      const { target } = record
      return { name, record: { ...record, target: target.id === id ? { ...target, id: syncId } : target } }
    })
}
