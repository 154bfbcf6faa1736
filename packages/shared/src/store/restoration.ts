import { randomUUID } from 'node:crypto'
import { Connection, type ConnectionDetails, RestoredSettings } from '../contract/connections.ts'
import type { ConnectionId } from '../contract/ids.ts'
import { Schedule } from '../contract/schedule.ts'
import type { SyncFailure } from '../contract/syncs.ts'
import { FencedError } from '../runtime/errors.ts'
import { Buckets } from './buckets.ts'
import { forgetConnection } from './forget-connection.ts'
import type { Keys } from './keys.ts'
import type { AuditEntry, OutboxEntry } from './outbox.ts'
import { packResource } from './pack.ts'
import type { RedisClient } from './redis-client.ts'
import { claimName } from './reservations.ts'
import { loadScript } from './script.ts'
import type { ConnectionSnapshot } from './snapshot.ts'
import { createTenantStore } from './tenants.ts'

const restoreScript = loadScript('restore')

/** Fields in one call: Redis does nothing else meanwhile. */
const fieldsPerCall = 500
const entriesPerCall = 200

/** An event that is to be published yet, with the place that it gets. */
export interface KeptEvent {
  readonly sequence: bigint
  readonly event: OutboxEntry['event']
}

export type KeptEntry = KeptEvent | Pick<AuditEntry, 'audit'>

/**
 * Brings a shard back to what Kafka has of it:
 *
 *   freeze -> (each connection) -> finish
 *
 * From the first to the last nothing is appended, so nobody sees anything between. Whoever freezes the shard once more takes
 * over; what was begun is then done from its beginning.
 */
export class Restoration {
  readonly #redis: RedisClient
  readonly #keys: Keys
  readonly #shard: number
  readonly #token: string

  private constructor(redis: RedisClient, keys: Keys, shard: number, token: string) {
    this.#redis = redis
    this.#keys = keys
    this.#shard = shard
    this.#token = token
  }

  static async freeze(redis: RedisClient, keys: Keys, shard: number): Promise<Restoration> {
    const token = randomUUID()
    await redis.set(keys.shard(shard).frozen, token)
    return new Restoration(redis, keys, shard, token)
  }

  /** The last number of each connection's events, as Redis has it. */
  async readSequences(connectionIds: readonly ConnectionId[]): Promise<Map<ConnectionId, bigint>> {
    const stored = await Promise.all(connectionIds.map((id) => this.#redis.get(this.#keys.connection(id).sequence)))
    return new Map(connectionIds.map((id, index) => [id, BigInt(stored[index] ?? 0)]))
  }

  /**
   * Puts what was told of a connection in the place of what Redis has; its next event follows `sequence`. A connection
   * that Redis does not know at all comes back without its credentials.
   */
  async restore(snapshot: ConnectionSnapshot, sequence: bigint, version: string): Promise<void> {
    const own = this.#keys.connection(snapshot.connectionId)
    const { hold, changes } = own
    const forgotten = [own.scopes, own.facts, own.resources, own.entities, own.references, own.totals, own.removals]
    const held = [hold.record, hold.held, hold.approved, hold.rejected, changes.hints, changes.pass, changes.detector]
    for (const key of [...forgotten, ...held]) await this.#run(key, [['DEL']])
    await this.#restoreRecord(snapshot)
    for (const [scopeId, fields] of snapshot.scopeFields()) {
      const buckets = new Buckets(scopeId, new Map())
      buckets.change({ set: [...fields] })
      await this.#setAll(own.facts, buckets.takeChanged())
    }
    await this.#setAll(
      own.resources,
      [...snapshot.resources()].map(([id, resource]) => [id, packResource(resource)]),
    )
    const entities = [...snapshot.entities()]
    await this.#setAll(
      own.entities,
      entities.map(([id, { json }]) => [id, json]),
    )
    await this.#setAll(
      own.references,
      entities.map(([id, { references }]) => [id, String(references)]),
    )
    await this.#setAll(
      own.totals,
      Object.entries(snapshot.totals()).map(([kind, count]) => [kind, String(count)]),
    )
    await this.#run(own.sequence, [['SET', String(sequence)]])
    // Last: what is planned from half of it is refused, for it was planned from another version.
    await this.#setAll(own.scopes, [...snapshot.scopeRecords(version)])
  }

  /** Removes all that is left of a connection that has come to its end. */
  async forget(snapshot: ConnectionSnapshot): Promise<void> {
    await forgetConnection(this.#redis, this.#keys, snapshot.connectionId)
  }

  /** Says of a sync that it has failed after all. */
  async undo(connectionId: ConnectionId, syncId: string, error: SyncFailure): Promise<void> {
    const { state } = this.#keys.sync(connectionId, syncId)
    await this.#setAll(state, [
      ['state', 'failed'],
      ['error', JSON.stringify(error)],
    ])
  }

  /**
   * Whoever worked on these connections has worked on something that is no longer so: their syncs begin anew, for what
   * they have told may be among what is dropped.
   */
  async fenceOff(connectionIds: readonly ConnectionId[]): Promise<void> {
    for (const connectionId of connectionIds) {
      await this.#fence(connectionId)
      for (const syncId of await this.#redis.lrange(this.#keys.connection(connectionId).openSyncs, 0, -1)) {
        await this.#beginAnew(connectionId, syncId)
      }
      // Also who has taken the lease in between, and has seen where the sync was.
      await this.#fence(connectionId)
    }
  }

  async #fence(connectionId: ConnectionId): Promise<void> {
    const { fence, lease } = this.#keys.connection(connectionId)
    await this.#run(fence, [['INCR']])
    await this.#run(lease, [['DEL']])
  }

  async #beginAnew(connectionId: ConnectionId, syncId: string): Promise<void> {
    const { state, listed, todo } = this.#keys.sync(connectionId, syncId)
    const counted = (await this.#redis.hkeys(state)).filter((field) => field === 'cursor' || field.includes(':'))
    if (counted.length > 0) await this.#run(state, [['HDEL', ...counted]])
    for (const key of [...listed.project, ...listed.repository, todo]) await this.#run(key, [['DEL']])
  }

  /** Ends the restoration: all entries up to `published` count as published, and only `kept` are to follow. */
  async finish(published: bigint, kept: readonly KeptEntry[]): Promise<void> {
    const { outbox, outboxNumber, published: marker, frozen } = this.#keys.shard(this.#shard)
    const rebuilt = `${outbox}:restored`
    await this.#run(rebuilt, [['DEL']])
    const entries = kept.map((entry, index) => ['XADD', `${published + BigInt(index) + 1n}-0`, ...toFields(entry)])
    for (let from = 0; from < entries.length; from += entriesPerCall) {
      await this.#run(rebuilt, entries.slice(from, from + entriesPerCall))
    }
    const last = published + BigInt(kept.length)
    await this.#runOn(
      [outbox, rebuilt, outboxNumber, marker, frozen],
      [
        ['DEL', 1],
        ...(kept.length > 0 ? [['RENAME', 2, outbox]] : []),
        ['SET', 3, String(last)],
        ['SET', 4, String(published)],
        ['DEL', 5],
      ],
    )
  }

  async #restoreRecord({ connectionId, details, health, pause }: ConnectionSnapshot): Promise<void> {
    if (details === null) return
    const { record } = this.#keys.connection(connectionId)
    const [known, credential] = await this.#redis.hmget(record, 'record', 'credential')
    const { schedule, ...told } = details
    const credentials = known == null ? noCredentials : Connection.parse(JSON.parse(known))
    const { credential: first, moreCredentials } = credentials
    const settings = RestoredSettings.parse(told)
    const connection = { ...told, ...settings, credential: first, ...(moreCredentials && { moreCredentials }) }
    const fields = [
      ['record', JSON.stringify(Connection.parse(connection))],
      ['credential', credential ?? ''],
      ['schedule', JSON.stringify(Schedule.parse(schedule))],
    ]
    if (health !== null) {
      const { reason, since, remedy } = health
      fields.push(['degraded', JSON.stringify({ reason, since, remedy })])
    }
    if (pause !== null) fields.push(['paused', pause.since])
    await this.#setAll(record, fields)
    const over = [...(health === null ? ['degraded'] : []), ...(pause === null ? ['paused'] : [])]
    if (over.length > 0) await this.#run(record, [['HDEL', ...over]])
    const { scheduled } = this.#keys.shard(this.#shard)
    await this.#run(scheduled, [[schedule.mode === 'manual' ? 'SREM' : 'SADD', connectionId]])
    await this.#reserve(details)
    await this.#restoreTenant(details)
  }

  /** A tenant that is not there is let in by nothing. The stream does not tell its name, nor whether it was suspended. */
  async #restoreTenant({ tenantId: id, createdAt }: ConnectionDetails): Promise<void> {
    await createTenantStore(this.#redis, this.#keys).add({ id, name: id, state: 'active', createdAt })
  }

  /** Neither its identifier nor its workspace may go to another connection. */
  async #reserve({ id, tenantId, uniqueIdentifier, workspace, name }: ConnectionDetails): Promise<void> {
    await this.#redis.hset(this.#keys.tenantIdentifiers(tenantId), uniqueIdentifier, id)
    await this.#redis.hset(this.#keys.tenantWorkspaces(tenantId), workspace.uuid, id)
    await claimName(this.#redis, this.#keys, tenantId, name, id)
  }

  async #setAll(key: string, fields: readonly (readonly string[])[]): Promise<void> {
    for (let from = 0; from < fields.length; from += fieldsPerCall) {
      await this.#run(key, [['HSET', ...fields.slice(from, from + fieldsPerCall).flat()]])
    }
  }

  async #run(key: string, commands: readonly (readonly string[])[]): Promise<void> {
    await this.#runOn(
      [key],
      commands.map(([name = '', ...args]) => [name, 1, ...args]),
    )
  }

  async #runOn(keys: readonly string[], commands: readonly (readonly (string | number)[])[]): Promise<void> {
    const { frozen } = this.#keys.shard(this.#shard)
    const reply = await restoreScript(this.#redis, [frozen, ...keys], [this.#token, JSON.stringify(commands)])
    if (!Array.isArray(reply) || reply[0] !== 'restored') throw new FencedError('the shard', { shard: this.#shard })
  }
}

/** The stream tells of no credentials, so they must be given again. */
const noCredentials: Pick<Connection, 'credential' | 'moreCredentials'> = {
  credential: { kind: 'oauth-consumer', key: '' },
}

/** As the scripts append it. */
function toFields(entry: KeptEntry): string[] {
  if ('audit' in entry) return ['tenant', entry.audit.record.tenantId, 'audit', JSON.stringify(entry.audit)]
  const { sequence, event } = entry
  return ['connection', event.connectionId, 'sequence', String(sequence), 'event', JSON.stringify(event)]
}
