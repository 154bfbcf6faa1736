import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { PendingEvent } from '../contract/events.ts'
import type { ScopeId } from '../contract/ids.ts'
import { FencedError, InvariantError } from '../runtime/errors.ts'
import type { Keys } from './keys.ts'
import { toWireEvent } from './outbox.ts'
import { loadScript } from './script.ts'

/**
 * The last committed facts of each scope, and the one way to change them. A scope's facts are a map from
 * field to value in a Redis hash. Entities that several scopes can mention (a service user, a group) are
 * kept once per connection and counted by reference, so that each is created once and removed once.
 *
 * A difference is committed as a list of steps. Each step is whole by itself: its facts, its references and
 * its events belong together. A long list goes in several calls, and if we die between two of them, what is
 * stored is exactly what was told; the next read finds the rest.
 */
const commitScript = loadScript('commit', ['append'])

/** No commit call handles more than this: Redis does nothing else meanwhile. */
const eventsPerCallMax = 1_000
const bytesPerCallMax = 256 * 1024

/** What is known of a scope beside its facts. */
export const ScopeRecord = z.object({
  /** Digest of the reading that the facts came from; an equal one needs no comparison. */
  digest: z.string(),
  /** The version of the facts that the digest speaks of. Another one: a commit was cut short after it. */
  version: z.string(),
  /** When the facts were last read whole; null: never. */
  readAt: z.string().nullable(),
  /** The sync that last read it, or tried to. */
  readBy: z.string().optional(),
  /** Since when Bitbucket does not show it, and why. */
  unobservable: z.object({ since: z.string(), reason: z.string() }).nullable(),
})
export type ScopeRecord = z.infer<typeof ScopeRecord>

export interface StoredFacts {
  /** Rises with every change; what a difference was computed from. */
  readonly version: string
  readonly fields: ReadonlyMap<string, string>
}

/** One whole part of a difference. */
export interface Step {
  /** The entity must be stored just so, or not at all (null). */
  readonly expect?: { readonly id: string; readonly entity: string | null }
  readonly set?: readonly (readonly [field: string, value: string])[]
  readonly del?: readonly string[]
  readonly put?: readonly [id: string, entity: string]
  readonly hold?: string
  readonly events?: readonly PendingEvent[]
  readonly release?: string
  /** Events for when the release was the last mention. */
  readonly gone?: readonly PendingEvent[]
  /** What to do when something still mentions the released entity. */
  readonly kept?: { readonly put: readonly [id: string, entity: string]; readonly events: readonly PendingEvent[] }
}

export interface Commit {
  readonly connectionId: string
  readonly tenantId: string
  readonly syncId: string
  readonly scopeId: ScopeId
  readonly token: string
  readonly version: string
  readonly steps: readonly Step[]
  /** What is known of the scope once all steps are done, or that it is gone. */
  readonly record: Omit<ScopeRecord, 'version' | 'readBy'> | 'remove'
}

export type CommitResult = { readonly state: 'committed' } | { readonly state: 'conflict'; readonly what: string }

export interface FactStore {
  readScopes(connectionId: string): Promise<Map<string, ScopeRecord>>
  readScope(connectionId: string, scopeId: ScopeId): Promise<ScopeRecord | null>
  readFacts(connectionId: string, scopeId: ScopeId): Promise<StoredFacts>
  readVersion(connectionId: string, scopeId: ScopeId): Promise<string>
  /** The stored JSON of each entity, in the order of `ids`; null where there is none. */
  readEntities(connectionId: string, ids: readonly string[]): Promise<(string | null)[]>
  /**
   * Commits the steps in order, in as many calls as the limits ask for. `conflict` means that something that
   * the steps were planned from is no longer so: read again and plan again.
   * @throws FencedError when the lease is no longer ours; nothing of the present call was done.
   */
  commit(commit: Commit): Promise<CommitResult>
}

export function createFactStore(redis: Redis, keys: Keys): FactStore {
  return {
    async readScopes(connectionId) {
      const stored = await redis.hgetall(keys.connection(connectionId).scopes)
      return new Map(Object.entries(stored).map(([id, json]) => [id, ScopeRecord.parse(JSON.parse(json))]))
    },

    async readScope(connectionId, scopeId) {
      const json = await redis.hget(keys.connection(connectionId).scopes, scopeId)
      return json === null ? null : ScopeRecord.parse(JSON.parse(json))
    },

    async readFacts(connectionId, scopeId) {
      const { '.version': version = '0', ...fields } = await redis.hgetall(keys.facts(connectionId, scopeId))
      return { version, fields: new Map(Object.entries(fields)) }
    },

    async readVersion(connectionId, scopeId) {
      return (await redis.hget(keys.facts(connectionId, scopeId), '.version')) ?? '0'
    },

    async readEntities(connectionId, ids) {
      const entities: (string | null)[] = []
      for (let from = 0; from < ids.length; from += 1_000) {
        const part = ids.slice(from, from + 1_000)
        entities.push(...(await redis.hmget(keys.connection(connectionId).entities, ...part)))
      }
      return entities
    },

    async commit(commit) {
      const calls = toCalls(commit)
      let version = BigInt(commit.version)
      for (const [index, steps] of calls.entries()) {
        const last = index === calls.length - 1
        const result = await commitCall(redis, keys, commit, steps, version.toString(), last)
        if (result.state === 'conflict') return result
        version += 1n
      }
      return { state: 'committed' }
    },
  }
}

async function commitCall(
  redis: Redis,
  keys: Keys,
  commit: Commit,
  steps: readonly WireStep[],
  version: string,
  last: boolean,
): Promise<CommitResult> {
  const { connectionId, scopeId, record } = commit
  const connection = keys.connection(connectionId)
  const shard = keys.shardOf(connectionId)
  const { outbox, outboxNumber } = keys.shard(shard)
  const after = steps.length === 0 ? version : (BigInt(version) + 1n).toString()
  const known = !last ? '' : record === 'remove' ? record : toRecord(commit, record, after)
  const reply = await commitScript(
    redis,
    [
      connection.lease,
      connection.scopes,
      keys.facts(connectionId, scopeId),
      connection.entities,
      connection.references,
      connection.sequence,
      outboxNumber,
      outbox,
      keys.sync(connectionId, commit.syncId),
    ],
    [commit.token, connectionId, scopeId, version, known, JSON.stringify(steps), keys.outboxChannel, shard],
  )
  const [state, what] = z.array(z.string()).parse(reply)
  if (state === 'committed') return { state }
  if (state === 'conflict') return { state, what: what ?? '' }
  if (state === 'fenced') throw new FencedError('the connection', { connectionId, syncId: commit.syncId, scopeId })
  throw new InvariantError('The commit script answered something unknown', { connectionId, scopeId })
}

function toRecord({ syncId }: Commit, record: Exclude<Commit['record'], 'remove'>, version: string): string {
  return JSON.stringify({ ...record, version, readBy: syncId } satisfies ScopeRecord)
}

type WireStep = ReturnType<typeof toWireStep>['step']

/** The calls that the steps need; at least one, so that the scope's record is written. */
function toCalls(commit: Commit): WireStep[][] {
  const calls: WireStep[][] = [[]]
  let [events, bytes] = [0, 0]
  for (const step of commit.steps) {
    const wire = toWireStep(step, commit)
    if (events > 0 && (events + wire.events > eventsPerCallMax || bytes + wire.bytes > bytesPerCallMax)) {
      calls.push([])
      events = 0
      bytes = 0
    }
    calls.at(-1)?.push(wire.step)
    events += wire.events
    bytes += wire.bytes
  }
  return calls
}

function toWireStep(step: Step, commit: Commit) {
  const wire = (events: readonly PendingEvent[] | undefined) => events?.map((event) => toWireEvent(event, commit))
  const wired = {
    ...step,
    expect: step.expect && [step.expect.id, step.expect.entity === null ? '' : sha1(step.expect.entity)],
    events: wire(step.events),
    gone: wire(step.gone),
    kept: step.kept && { put: step.kept.put, events: wire(step.kept.events) },
  }
  const events = (wired.events?.length ?? 0) + Math.max(wired.gone?.length ?? 0, wired.kept?.events?.length ?? 0)
  return { step: wired, events, bytes: JSON.stringify(wired).length }
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
