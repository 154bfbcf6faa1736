import type { Clock } from '@clarity/shared/runtime/clock'
import { isRetryable } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import { delayBeforeRetry, type RetryPolicy } from '@clarity/shared/runtime/retry'
import type { Keys } from '@clarity/shared/store/keys'
import { toDependencyError } from '@clarity/shared/store/redis'
import type { RedisClient } from '@clarity/shared/store/redis-client'
import type { ShardClaims } from '@clarity/shared/store/shard-claims'
import type { PublisherMetrics } from './metrics.ts'

/**
 * Which shards this process publishes: its part of them, shared evenly by all publishers that are alive. A claim runs out when
 * its owner dies, and another publisher takes the shard then. Each shard is in one of two states here:
 *
 *   not ours -> (claim) -> ours: pumped until its outbox is empty, again when a commit tells of more
 *   ours -> (claim lost, or we stop) -> not ours
 */
export interface ShardOptions {
  readonly claims: Pick<ShardClaims, 'join' | 'hold' | 'release' | 'leave'>
  /** A connection of its own, for it can do nothing else while it listens. */
  readonly listener: RedisClient
  readonly keys: Keys
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly metrics: Pick<PublisherMetrics, 'batchPublished' | 'shardFailed' | 'shardOwned'>
  readonly createPump: (shard: number) => ShardPump
  /** How often this process says that it is alive. */
  readonly joinEveryMs: number
  /** How often a shard is looked at although nobody told of anything: a message can be lost, an event not. */
  readonly pollMs: number
}

export interface ShardPump extends AsyncDisposable {
  /** Publishes one batch; answers how many events it was. */
  pumpOnce(): Promise<number>
}

const patience: RetryPolicy = { initialMs: 200, maxMs: 10_000, factor: 2, attempts: Number.POSITIVE_INFINITY }

/** Publishes until `signal` aborts; then finishes the batches under way and gives the shards back. */
export async function publishShards(options: ShardOptions, signal: AbortSignal): Promise<void> {
  const { keys, listener } = options
  const bells = Array.from({ length: keys.shards }, () => new Bell())
  listener.on('message', (_channel, shard) => bells[Number(shard)]?.ring())
  await listener.subscribe(keys.outboxChannel)
  await join(options)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const shards = [
    joinForever(options, either),
    ...bells.map((bell, shard) => publishShard(options, shard, bell, either)),
  ]
  try {
    await Promise.all(shards)
  } finally {
    // A defect in one shard ends the process: no other batch is left half-way.
    stop.abort()
    await Promise.allSettled(shards)
  }
}

async function publishShard(options: ShardOptions, shard: number, bell: Bell, signal: AbortSignal): Promise<void> {
  const { claims, clock, random, log, metrics, pollMs } = options
  await using pump = options.createPump(shard)
  let failures = 0
  while (!signal.aborted) {
    try {
      const isOurs = await claims.hold(shard)
      metrics.shardOwned(shard, isOurs)
      const begunAtMs = clock.now()
      const published = isOurs ? await pump.pumpOnce() : 0
      // Its next owner fences us in Kafka; what we know of it is of the past.
      if (!isOurs) await pump[Symbol.asyncDispose]()
      failures = 0
      if (published === 0) await bell.wait(clock, pollMs, signal)
      else {
        const durationMs = clock.now() - begunAtMs
        metrics.batchPublished({ events: published, seconds: durationMs / 1_000 })
        log.info({ event: 'batch.published', shard, records: published, durationMs }, 'published')
      }
    } catch (cause) {
      const err = toDependencyError(cause)
      if (!isRetryable(err)) throw err
      failures += 1
      metrics.shardFailed()
      const delayMs = delayBeforeRetry(patience, failures, random(), patience.initialMs)
      log[failures < 5 ? 'warn' : 'error'](
        { event: 'shard.waits', err, shard, attempt: failures, delayMs },
        'not published, waiting',
      )
      await clock.sleep(delayMs, signal).catch(() => undefined)
    }
  }
  await claims
    .release(shard)
    .catch((err: unknown) => log.warn({ event: 'claim.not-released', err, shard }, 'it runs out'))
}

async function join({ claims, log }: ShardOptions): Promise<void> {
  await claims
    .join()
    .catch((err: unknown) => log.warn({ event: 'publisher.not-joined', err: toDependencyError(err) }, 'joins later'))
}

/** Says again and again that this publisher is alive. */
async function joinForever(options: ShardOptions, signal: AbortSignal): Promise<void> {
  const { claims, clock, log, joinEveryMs } = options
  while (!signal.aborted) {
    await clock.sleep(joinEveryMs, signal).catch(() => undefined)
    if (!signal.aborted) await join(options)
  }
  await claims
    .leave()
    .catch((err: unknown) => log.warn({ event: 'publisher.not-left', err: toDependencyError(err) }, 'it runs out'))
}

/** Wakes a waiting shard early. Ringing while nobody waits is remembered. */
class Bell {
  #rung = false
  #wake: (() => void) | null = null

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const cancel = new AbortController()
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    if (!this.#rung) {
      const sleeping = clock.sleep(ms, AbortSignal.any([signal, cancel.signal])).catch(() => undefined)
      await Promise.race([woken, sleeping])
      cancel.abort()
    }
    this.#rung = false
    this.#wake = null
  }
}
