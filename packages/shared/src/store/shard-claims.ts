import { z } from 'zod'
import type { Keys } from './keys.ts'
import { claim, disclaim } from './lease.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

const joinScript = loadScript('join-publishers')

export interface ShardClaimsOptions {
  readonly redis: RedisClient
  readonly keys: Keys
  /** The name of this process among the publishers. */
  readonly owner: string
  /** How long the shards of a dead process stay with it. */
  readonly claimMs: number
}

/**
 * The shards that one publisher works on. All publishers that are alive share them evenly: each takes no more than its part,
 * and gives away what it has too much of when another one comes. A claim does not fence: Kafka does.
 */
export class ShardClaims {
  readonly #options: ShardClaimsOptions
  readonly #held = new Set<number>()
  #share = 0

  constructor(options: ShardClaimsOptions) {
    this.#options = options
  }

  /**
   * Says that this publisher is alive, and learns how many shards are its part. To be said again before it runs out; what it
   * holds it keeps so, also while it is busy for long with one of them.
   */
  async join(): Promise<void> {
    const { redis, keys, owner, claimMs } = this.#options
    this.#share = Math.ceil(keys.shards / (await this.#count(claimMs)))
    for (const shard of this.#held) {
      if (!(await claim(redis, keys.shard(shard).publisher, owner, claimMs))) this.#held.delete(shard)
    }
  }

  /** Takes or keeps a shard; false when it is another one's, or more than our part. */
  async hold(shard: number): Promise<boolean> {
    const { redis, keys, owner, claimMs } = this.#options
    if (!this.#held.has(shard) && this.#held.size >= this.#share) return false
    if (!(await claim(redis, keys.shard(shard).publisher, owner, claimMs))) {
      this.#held.delete(shard)
      return false
    }
    this.#held.add(shard)
    // Others were taken at the same moment, or another publisher has come.
    if (this.#held.size <= this.#share) return true
    await this.release(shard)
    return false
  }

  async release(shard: number): Promise<void> {
    const { redis, keys, owner } = this.#options
    this.#held.delete(shard)
    await disclaim(redis, keys.shard(shard).publisher, owner)
  }

  /** The others share what was our part. */
  async leave(): Promise<void> {
    await this.#count(0)
  }

  async #count(aliveMs: number): Promise<number> {
    const { redis, keys, owner } = this.#options
    return z
      .int()
      .min(0)
      .parse(await joinScript(redis, [keys.publishers], [owner, aliveMs]))
  }
}
