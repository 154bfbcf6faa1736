import { z } from 'zod'
import { Resource } from '../contract/entities.ts'
import type { ConnectionId, SyncId } from '../contract/ids.ts'
import { ScopeId } from '../contract/ids.ts'
import { FencedError } from '../runtime/errors.ts'
import { pairsOf } from './facts.ts'
import type { Keys } from './keys.ts'
import { packResource, unpackResource } from './pack.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

/**
 * What is too large to be held in memory by a sync of a large workspace: the projects and repositories that are known,
 * those that a list has shown so far, and the scopes that are still to be read.
 */

const learnScript = loadScript('learn-resources')

export type ListedKind = 'project' | 'repository'

/** One list as one sync reads it: for the first time, or again, to confirm that something is missing. */
export interface List {
  readonly connectionId: ConnectionId
  readonly syncId: SyncId
  readonly kind: ListedKind
  readonly again: boolean
}

export type ListedRow = readonly [scopeId: ScopeId, resource: Resource]

/** Some rows, and where the next ones begin; null after the last. A row may come twice, none is left out. */
export interface RowPage {
  readonly rows: readonly ListedRow[]
  readonly next: string | null
}

export interface ListingStore {
  /** Adds the rows of a page; answers how many distinct rows there are now. */
  add(list: List, rows: readonly ListedRow[]): Promise<number>
  /** Rows of a list, from `cursor` on, which begins as '0'. */
  readListed(list: List, cursor: string): Promise<RowPage>
  /** Those of the scopes that the list lacks. */
  lacking(list: List, scopeIds: readonly ScopeId[]): Promise<ScopeId[]>
  forget(list: List): Promise<void>
  /** Forgets all that a sync has put down here. */
  forgetSync(connectionId: ConnectionId, syncId: SyncId): Promise<void>

  /** What is known of a connection's projects or repositories, from `cursor` on, which begins as '0'. */
  readKnown(connectionId: ConnectionId, kind: ListedKind, cursor: string): Promise<RowPage>
  /** The rows of these scopes: as they are known, else as the list shows them; those that are neither are left out. */
  find(connectionId: ConnectionId, list: List | null, scopeIds: readonly ScopeId[]): Promise<ListedRow[]>
  /** Notes new ones; what is known already stays. @throws FencedError */
  learn(connectionId: ConnectionId, token: string, rows: readonly ListedRow[]): Promise<void>

  pushTodo(connectionId: ConnectionId, syncId: SyncId, scopeIds: readonly ScopeId[]): Promise<void>
  /** The next scopes to be read, in order. */
  peekTodo(connectionId: ConnectionId, syncId: SyncId, count: number): Promise<ScopeId[]>
  removeTodo(connectionId: ConnectionId, syncId: SyncId, scopeId: ScopeId): Promise<void>
  countTodo(connectionId: ConnectionId, syncId: SyncId): Promise<number>
}

const batch = 500
/** A sync that never ends is gone by then. */
const keepSeconds = 7 * 24 * 60 * 60

export function createListingStore(redis: RedisClient, keys: Keys): ListingStore {
  const keyOf = ({ connectionId, syncId, kind, again }: List) =>
    keys.sync(connectionId, syncId).listed[kind][again ? 1 : 0]
  const todoOf = (connectionId: ConnectionId, syncId: SyncId) => keys.sync(connectionId, syncId).todo
  return {
    async add(list, rows) {
      const key = keyOf(list)
      if (rows.length > 0) await redis.hset(key, new Map(rows.map(([id, resource]) => [id, packResource(resource)])))
      await redis.expire(key, keepSeconds)
      return redis.hlen(key)
    },

    async readListed(list, cursor) {
      return toPage(await redis.hscan(keyOf(list), cursor, 'COUNT', batch))
    },

    async lacking(list, scopeIds) {
      if (scopeIds.length === 0) return []
      const found = await redis.hmget(keyOf(list), ...scopeIds)
      return scopeIds.filter((_, index) => found[index] === null)
    },

    async forget(list) {
      await redis.unlink(keyOf(list))
    },

    async forgetSync(connectionId, syncId) {
      const { listed, todo } = keys.sync(connectionId, syncId)
      await redis.unlink(...listed.project, ...listed.repository, todo)
    },

    async readKnown(connectionId, kind, cursor) {
      const { resources } = keys.connection(connectionId)
      return toPage(await redis.hscan(resources, cursor, 'MATCH', `${kind}/*`, 'COUNT', batch))
    },

    async find(connectionId, list, scopeIds) {
      if (scopeIds.length === 0) return []
      const known = await redis.hmget(keys.connection(connectionId).resources, ...scopeIds)
      const listed = list === null ? [] : await redis.hmget(keyOf(list), ...scopeIds)
      return scopeIds.flatMap((scopeId, index) => {
        const text = known[index] ?? listed[index] ?? null
        return text === null ? [] : [[scopeId, Resource.parse(unpackResource(text))] as const]
      })
    },

    async learn(connectionId, token, rows) {
      const { lease, resources } = keys.connection(connectionId)
      const packed = rows.map(([id, resource]) => [id, packResource(resource)])
      const reply = await learnScript(redis, [lease, resources], [token, JSON.stringify(packed)])
      if (LearnReply.parse(reply)[0] === 'fenced') throw new FencedError('the connection', { connectionId })
    },

    async pushTodo(connectionId, syncId, scopeIds) {
      const key = todoOf(connectionId, syncId)
      for (let from = 0; from < scopeIds.length; from += batch) {
        await redis.rpush(key, ...scopeIds.slice(from, from + batch))
      }
      await redis.expire(key, keepSeconds)
    },

    async peekTodo(connectionId, syncId, count) {
      return ScopeIds.parse(await redis.lrange(todoOf(connectionId, syncId), 0, count - 1))
    },

    async removeTodo(connectionId, syncId, scopeId) {
      await redis.lrem(todoOf(connectionId, syncId), 0, scopeId)
    },

    countTodo: (connectionId, syncId) => redis.llen(todoOf(connectionId, syncId)),
  }
}

const ScopeIds = z.array(ScopeId)
const LearnReply = z.tuple([z.enum(['learned', 'fenced'])])

function toPage([next, page]: [string, string[]]): RowPage {
  const rows = pairsOf(page).map(([id, text]) => [ScopeId.parse(id), Resource.parse(unpackResource(text))] as const)
  return { rows, next: next === '0' ? null : next }
}
