import type { Redis } from 'ioredis'
import { z } from 'zod'
import { Connection } from '../contract/connections.ts'
import type { PendingEvent } from '../contract/events.ts'
import { ConnectionId, SyncId } from '../contract/ids.ts'
import { InvariantError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import { toWireEvent } from './outbox.ts'
import { loadScript } from './script.ts'
import type { SyncRecord } from './syncs.ts'

const requestSyncScript = loadScript('request-sync', ['append'])

export interface StoredConnection {
  readonly connection: Connection
  readonly sealedCredential: string
  readonly latestSyncId: SyncId | null
}

export interface SyncRequest {
  readonly tenantId: string
  readonly record: SyncRecord
  readonly events: readonly PendingEvent[]
}

export type SyncRequestResult =
  | { readonly state: 'requested' | 'joined'; readonly syncId: SyncId }
  | { readonly state: 'missing' }

export interface ConnectionStore {
  /** Null when there is no such connection. The caller compares the tenant. */
  read(connectionId: ConnectionId): Promise<StoredConnection | null>
  /**
   * Reserves a unique identifier for a tenant and answers the id that the connection must have: `proposed`, or the
   * one that an earlier try left reserved without a connection. Null when a connection has the identifier.
   */
  reserve(tenantId: string, uniqueIdentifier: string, proposed: ConnectionId): Promise<ConnectionId | null>
  /** Saves a connection together with its first sync: both or none. False when it exists already. */
  create(connection: Connection, sealedCredential: string, request: SyncRequest): Promise<boolean>
  /** Asks for a sync; joins the one that is not finished, if there is one. */
  requestSync(connectionId: ConnectionId, request: SyncRequest): Promise<SyncRequestResult>
}

export function createConnectionStore(redis: Redis, keys: Keys): ConnectionStore {
  const run = async (request: SyncRequest, connection: string, sealed: string) => {
    const { id: syncId, connectionId } = request.record
    const own = keys.connection(connectionId)
    const shard = keys.shardOf(connectionId)
    const { outbox, outboxNumber, openSyncs } = keys.shard(shard)
    const owner = { tenantId: request.tenantId, connectionId, syncId }
    const events = request.events.map((event) => toWireEvent(event, owner))
    const reply = await requestSyncScript(
      redis,
      [own.record, own.sequence, outboxNumber, outbox, keys.sync(connectionId, syncId), openSyncs],
      [
        connectionId,
        syncId,
        JSON.stringify(request.record),
        JSON.stringify(events),
        connection,
        sealed,
        keys.outboxChannel,
        shard,
      ],
    )
    return RequestReply.parse(reply)
  }

  return {
    async read(connectionId) {
      const { record, credential, latestSync } = await redis.hgetall(keys.connection(connectionId).record)
      if (record === undefined || credential === undefined) return null
      return {
        connection: Connection.parse(JSON.parse(record)),
        sealedCredential: credential,
        latestSyncId: latestSync === undefined ? null : SyncId.parse(latestSync),
      }
    },

    async reserve(tenantId, uniqueIdentifier, proposed) {
      const key = keys.tenantIdentifiers(tenantId)
      if ((await redis.hsetnx(key, uniqueIdentifier, proposed)) === 1) return proposed
      const reserved = ConnectionId.parse(await redis.hget(key, uniqueIdentifier))
      return (await redis.exists(keys.connection(reserved).record)) === 1 ? null : reserved
    },

    async create(connection, sealedCredential, request) {
      const { state } = await run(request, JSON.stringify(connection), sealedCredential)
      if (state !== 'exists') return state === 'requested'
      // Ours, when the first answer was lost and the script ran a second time.
      return (await redis.hget(keys.connection(connection.id).record, 'latestSync')) === request.record.id
    },

    async requestSync(connectionId, request) {
      const result = await run(request, '', '')
      if (result.state !== 'exists') return result
      throw new InvariantError('A sync was asked for as if for a new connection', { connectionId })
    },
  }
}

const RequestReply = z.union([
  z.tuple([z.enum(['requested', 'joined']), SyncId]).transform(([state, syncId]) => ({ state, syncId })),
  z.tuple([z.literal('exists')]).transform(([state]) => ({ state })),
  z.tuple([z.literal('missing')]).transform(([state]) => ({ state })),
])
