import { Cluster, type Redis } from 'ioredis'

/** A connection to Redis, one server or a cluster: whoever has one need not know which. */
export type RedisClient = Redis | Cluster

/** A connection to each server that takes writes: the one server, or the masters of the cluster as they are now. */
export function mastersOf(redis: RedisClient): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}

/** How a connection behaves, to one server as to each of a cluster. */
export interface ConnectionManner {
  readonly whenAway: 'fail' | 'wait'
  readonly common: {
    readonly maxRetriesPerRequest: number | null
    readonly connectTimeout?: number
    readonly autoResendUnfulfilledCommands: boolean
  }
  readonly retryMs: (attempt: number) => number
}
