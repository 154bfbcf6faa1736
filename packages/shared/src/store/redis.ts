import { Redis } from 'ioredis'
import { DependencyError } from '../runtime/errors.ts'
import type { HealthCheck } from '../runtime/health.ts'
import type { Logger } from '../runtime/log.ts'
import { parseRedisUrl } from '../runtime/redis-url.ts'
import { Secret } from '../runtime/secret.ts'
import { giveUpSilent } from './give-up-silent.ts'
import type { ConnectionManner, RedisClient } from './redis-client.ts'
import { createCluster } from './redis-cluster.ts'
import { writeTogether } from './write-together.ts'

export interface RedisOptions {
  /** `fail` answers an error within seconds (a caller waits for us); `wait` holds the command until Redis is back. */
  readonly whenAway: 'fail' | 'wait'
  readonly log: Logger
}

const retryMsMax = { fail: 500, wait: 5_000 } as const
const connectTimeoutMs = 2_000

/** A connection to Redis, or to a cluster, that reconnects by itself and tells the log when it is lost and when it is back. */
export function createRedis(url: string | Secret, { whenAway, log }: RedisOptions): RedisClient {
  const text = url instanceof Secret ? url.reveal() : url
  const place = parseRedisUrl(text)
  const retryMs = (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 6), retryMsMax[whenAway])
  const common = {
    maxRetriesPerRequest: whenAway === 'wait' ? null : 1,
    ...(whenAway === 'fail' && { connectTimeout: connectTimeoutMs }),
    // What was sent without an answer is sent again: without that, ioredis forgets it and whoever waits for it waits for
    // ever. Every script of ours can be run twice: the second run finds that things are no longer as it expected.
    autoResendUnfulfilledCommands: true,
  }
  const redis =
    place?.type === 'cluster'
      ? createCluster(place, { whenAway, log, common, retryMs })
      : createServer(text, { whenAway, common, retryMs })
  let lost = false
  redis.on('error', (err) => {
    if (!lost) log.warn({ event: 'redis.lost', err }, 'Redis is away, reconnecting')
    lost = true
  })
  redis.on('ready', () => {
    if (lost) log.info({ event: 'redis.back' }, 'Redis is back')
    lost = false
  })
  return redis
}

function createServer(url: string, { whenAway, common, retryMs }: ConnectionManner): Redis {
  const redis = new Redis(url, { ...common, retryStrategy: retryMs })
  writeTogether(redis)
  if (whenAway === 'fail') giveUpSilent(redis)
  return redis
}

const awayNames = new Set(['MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError'])
const awayMessages =
  /Connection is closed|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|LOADING|READONLY|OOM |MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|UNBLOCKED|Cluster isn't ready|Too many Cluster redirections|None of startup nodes/

/** A DependencyError when `error` says that Redis is away or takes no writes; otherwise `error` itself. */
export function toDependencyError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!awayNames.has(error.name) && !awayMessages.test(error.message)) return error
  return new DependencyError('redis', 'Redis does not answer or takes no writes', {
    remedy: 'See that Redis runs, is reachable at REDIS_URL and has memory left; work goes on by itself afterwards.',
    cause: error,
  })
}

/** Logs what BullMQ reports, but for a Redis that is away: its connection has told that already. */
export function queueErrorLog(log: Logger): (error: Error) => void {
  return (err) => {
    if (toDependencyError(err) === err) log.warn({ event: 'queue.error', err }, 'the queue reports an error')
  }
}

/** Ready when Redis answers; of a cluster, any node of it. */
export function pingRedis(redis: RedisClient): HealthCheck {
  return {
    name: 'redis',
    check: async () => {
      await redis.ping()
    },
  }
}
