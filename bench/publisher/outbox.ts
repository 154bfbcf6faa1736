import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { Keys } from '@clarity/shared/store/keys'
import { toWireEvent } from '@clarity/shared/store/outbox'
import type { RedisClient } from '@clarity/shared/store/redis-client'
import { eventOf } from './events.ts'

/** Where an event is in the stream. */
export interface Appended {
  readonly connectionId: ConnectionId
  /** The connection's number of it. */
  readonly sequence: number
}

const connectionsPerShard = 5
const perPipeline = 1_000
const syncId = 'syn_1'

/** Appends events to the outboxes in the place of commits; the connections are spread evenly over the shards. */
export class OutboxWriter {
  readonly #redis: RedisClient
  readonly #keys: Keys
  readonly #connections: readonly ConnectionId[]
  readonly #sequences = new Map<ConnectionId, number>()
  readonly #numbers = new Map<number, number>()

  constructor(redis: RedisClient, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
    this.#connections = chooseConnections(keys)
  }

  /** Fills the outboxes and tells nobody; gives what is in each shard's, in order. */
  async fill(events: number): Promise<Map<number, Appended[]>> {
    const byShard = new Map<number, Appended[]>()
    for (let from = 0; from < events; from += perPipeline) {
      const pipeline = this.#redis.pipeline()
      for (let index = from; index < Math.min(events, from + perPipeline); index++) {
        const { shard, appended, stream, id, fields } = this.#next(this.#connectionAt(index))
        pipeline.xadd(stream, id, ...fields)
        const inShard = byShard.get(shard)
        if (inShard === undefined) byShard.set(shard, [appended])
        else inShard.push(appended)
      }
      for (const [shard, number] of this.#numbers) pipeline.set(this.#keys.shard(shard).outboxNumber, number)
      const failed = (await pipeline.exec())?.find(([error]) => error !== null)?.[0]
      if (failed) throw failed
    }
    return byShard
  }

  /** Appends one event and rings for it in the same step, as a commit does; resolves when Redis has answered. */
  async append(shard: number): Promise<Appended> {
    const own = this.#connections.filter((connectionId) => this.#keys.shardOf(connectionId) === shard)
    const { appended, stream, id, fields, number } = this.#next(own[0] ?? this.#connectionAt(0))
    const { outboxNumber } = this.#keys.shard(shard)
    const step = this.#redis
      .multi()
      .set(outboxNumber, number)
      .xadd(stream, id, ...fields)
    const failed = (await step.publish(this.#keys.outboxChannel, String(shard)).exec())?.find(([error]) => error)?.[0]
    if (failed) throw failed
    return appended
  }

  #connectionAt(index: number): ConnectionId {
    const connectionId = this.#connections[index % this.#connections.length]
    if (connectionId === undefined) throw new RangeError('there is no connection')
    return connectionId
  }

  #next(connectionId: ConnectionId) {
    const sequence = (this.#sequences.get(connectionId) ?? 0) + 1
    this.#sequences.set(connectionId, sequence)
    const shard = this.#keys.shardOf(connectionId)
    const number = (this.#numbers.get(shard) ?? 0) + 1
    this.#numbers.set(shard, number)
    const [, json] = toWireEvent(eventOf(connectionId, sequence - 1), { tenantId: 'acme', connectionId, syncId })
    const fields = ['connection', connectionId, 'sequence', String(sequence), 'event', json]
    const appended = { connectionId, sequence }
    return { shard, number, appended, stream: this.#keys.shard(shard).outbox, id: `${number}-0`, fields }
  }
}

/** As many for each shard; the shard of an id is a hash of it. */
function chooseConnections(keys: Keys): ConnectionId[] {
  const left = new Map(Array.from({ length: keys.shards }, (_, shard) => [shard, connectionsPerShard]))
  const chosen: ConnectionId[] = []
  for (let index = 0; chosen.length < keys.shards * connectionsPerShard; index++) {
    const connectionId: ConnectionId = `con_${index}`
    const shard = keys.shardOf(connectionId)
    const more = left.get(shard) ?? 0
    if (more === 0) continue
    left.set(shard, more - 1)
    chosen.push(connectionId)
  }
  return chosen
}
