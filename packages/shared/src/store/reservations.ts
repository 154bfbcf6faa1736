import { z } from 'zod'
import { Connection } from '../contract/connections.ts'
import { ConnectionId } from '../contract/ids.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * What no two connections of a tenant share: the unique identifier, which is never given twice, the workspace and the name. It is
 * reserved before it is used, in hashes of the tenant; what an interrupted try has left reserved is found and taken over.
 */

/** What stands in the way of a new connection of a tenant. */
export type Reservation =
  | { readonly state: 'reserved'; readonly connectionId: ConnectionId }
  | ({ readonly state: 'identifier-taken' } & IdentifierHolder)
  | { readonly state: 'workspace-taken' | 'name-taken'; readonly connectionId: ConnectionId }

/** The connection that has an identifier; or, where that was removed, when it was. */
export interface IdentifierHolder {
  readonly connectionId: ConnectionId | null
  readonly removedAt: string | null
}

/** Who has what somebody wants; null: nobody has, or it is not wanted. */
export interface Taken {
  readonly identifier: IdentifierHolder | null
  readonly name: ConnectionId | null
  readonly workspace: ConnectionId | null
}

export interface Wanted {
  readonly uniqueIdentifier: string
  readonly workspaceUuid: string
  readonly name: string
}

/** The value of an identifier whose connection was removed. */
const Removed = z.templateLiteral(['removed:', z.iso.datetime()])

/** See `ConnectionStore.reserve`. */
export async function reserve(
  redis: RedisClient,
  keys: Keys,
  tenantId: string,
  wanted: Wanted,
  proposed: ConnectionId,
): Promise<Reservation> {
  const identifiers = keys.tenantIdentifiers(tenantId)
  await redis.hsetnx(identifiers, wanted.uniqueIdentifier, proposed)
  const holder = await redis.hget(identifiers, wanted.uniqueIdentifier)
  const removed = Removed.safeParse(holder)
  if (removed.success) return { state: 'identifier-taken', connectionId: null, removedAt: removalOf(removed.data) }
  const connectionId = ConnectionId.parse(holder)
  if ((await readConnection(redis, keys, connectionId)) !== null)
    return { state: 'identifier-taken', connectionId, removedAt: null }
  const workspaceOf = await claim(redis, keys, keys.tenantWorkspaces(tenantId), wanted.workspaceUuid, connectionId)
  if (workspaceOf !== connectionId) return { state: 'workspace-taken', connectionId: workspaceOf }
  const nameOf = await claimName(redis, keys, tenantId, wanted.name, connectionId)
  return nameOf === connectionId ? { state: 'reserved', connectionId } : { state: 'name-taken', connectionId: nameOf }
}

/** See `ConnectionStore.readTaken`. */
export async function readTaken(
  redis: RedisClient,
  keys: Keys,
  tenantId: string,
  { uniqueIdentifier, name, workspaceUuid }: { readonly [Name in keyof Wanted]: Wanted[Name] | null },
): Promise<Taken> {
  const holderOf = async (key: string, field: string, hasIt = (_: Connection) => true) => {
    const holder = ConnectionId.safeParse(await redis.hget(key, field))
    if (!holder.success) return null
    // An earlier try that came to nothing has left it reserved.
    const connection = await readConnection(redis, keys, holder.data)
    return connection !== null && hasIt(connection) ? holder.data : null
  }
  const identifiers = keys.tenantIdentifiers(tenantId)
  const ofIdentifier = async (identifier: string): Promise<IdentifierHolder | null> => {
    const removed = Removed.safeParse(await redis.hget(identifiers, identifier))
    if (removed.success) return { connectionId: null, removedAt: removalOf(removed.data) }
    const connectionId = await holderOf(identifiers, identifier)
    return connectionId && { connectionId, removedAt: null }
  }
  return {
    identifier: uniqueIdentifier === null ? null : await ofIdentifier(uniqueIdentifier),
    name: name === null ? null : await holderOf(keys.tenantNames(tenantId), fold(name), hasName(name)),
    workspace: workspaceUuid === null ? null : await holderOf(keys.tenantWorkspaces(tenantId), workspaceUuid),
  }
}

/** Reserves a name for a connection; answers whose it is. Upper and lower case do not tell names apart. */
export function claimName(
  redis: RedisClient,
  keys: Keys,
  tenantId: string,
  name: string,
  connectionId: ConnectionId,
): Promise<ConnectionId> {
  return claim(redis, keys, keys.tenantNames(tenantId), fold(name), connectionId, hasName(name))
}

/** Frees a name that a connection has no longer. */
export async function freeName(
  redis: RedisClient,
  keys: Keys,
  tenantId: string,
  name: string,
  connectionId: ConnectionId,
): Promise<void> {
  await free(redis, keys.tenantNames(tenantId), fold(name), connectionId)
}

/** Frees what a connection had, when it is removed; its identifier stays taken, with the time from which it is history. */
export async function freeReservations(redis: RedisClient, keys: Keys, connection: Connection): Promise<void> {
  const { id, tenantId, workspace, name, uniqueIdentifier } = connection
  await free(redis, keys.tenantWorkspaces(tenantId), workspace.uuid, id)
  await freeName(redis, keys, tenantId, name, id)
  const [seconds] = await redis.time()
  const removedAt = new Date(Number(seconds) * 1_000).toISOString()
  await redis.hset(keys.tenantIdentifiers(tenantId), uniqueIdentifier, `removed:${removedAt}`)
}

/** The connections of a tenant by their unique identifiers, those included of which only the identifier is there. */
export async function readIdentifiers(
  redis: RedisClient,
  keys: Keys,
  tenantId: string,
): Promise<[string, ConnectionId][]> {
  const all = Object.entries(await redis.hgetall(keys.tenantIdentifiers(tenantId)))
  return all
    .filter(([, holder]) => !Removed.safeParse(holder).success)
    .map(([identifier, holder]): [string, ConnectionId] => [identifier, ConnectionId.parse(holder)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Takes a field of a hash unless a connection that is there has it; answers whose it is. */
async function claim(
  redis: RedisClient,
  keys: Keys,
  key: string,
  field: string,
  connectionId: ConnectionId,
  hasIt: (holder: Connection) => boolean = () => true,
): Promise<ConnectionId> {
  await redis.hsetnx(key, field, connectionId)
  const first = ConnectionId.parse(await redis.hget(key, field))
  if (first === connectionId) return connectionId
  const holder = await readConnection(redis, keys, first)
  if (holder !== null && hasIt(holder)) return first
  // An earlier try came to nothing.
  await redis.hset(key, field, connectionId)
  return connectionId
}

async function free(redis: RedisClient, key: string, field: string, connectionId: ConnectionId): Promise<void> {
  if ((await redis.hget(key, field)) === connectionId) await redis.hdel(key, field)
}

async function readConnection(redis: RedisClient, keys: Keys, connectionId: ConnectionId): Promise<Connection | null> {
  const json = await redis.hget(keys.connection(connectionId).record, 'record')
  return json === null ? null : Connection.parse(JSON.parse(json))
}

function hasName(name: string): (connection: Connection) => boolean {
  return (connection) => fold(connection.name) === fold(name)
}

function removalOf(holder: z.infer<typeof Removed>): string {
  return holder.slice('removed:'.length)
}

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
