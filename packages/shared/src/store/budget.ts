/**
 * The request budget of a credential: so many requests in any rolling hour, shared by every process that uses it, and
 * kept in Redis, so that a restart forgets nothing. Processes lease small batches, for a call of Redis for each request
 * would be one too many. Whoever dies with a lease costs what is left of it, for an hour.
 *
 * Who may take how much is a matter of priority: each leaves something to those above it.
 */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { BudgetKeys, Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

const takeScript = loadScript('take-budget')
const settleScript = loadScript('settle-budget')
const refuseScript = loadScript('refuse-budget')

/** What waits for an answer comes first; then what every cycle reads; then what is read as far as there is room. */
export type BudgetPriority = 'interactive' | 'cheap-tier' | 'rolling-tier'

export interface BudgetOptions {
  /** Requests in any rolling window. */
  readonly limit: number
  readonly windowMs: number
  /** How long a batch may be used. */
  readonly leaseMs: number
  /** Share of the limit that each priority leaves to those above it. */
  readonly reserve: Readonly<Record<BudgetPriority, number>>
  /** The time, which tests alone give; Redis's own when left out. */
  readonly now?: (() => number) | undefined
}

/** An hour, and some seconds for requests that are late on their way to Bitbucket. */
export const defaultBudget: BudgetOptions = {
  limit: 1_000,
  windowMs: 3_610_000,
  leaseMs: 10_000,
  reserve: { interactive: 0, 'cheap-tier': 0.02, 'rolling-tier': 0.05 },
}

export type BudgetAnswer =
  | { readonly state: 'granted'; readonly leaseId: string; readonly count: number; readonly forMs: number }
  /** There is nothing to be had before that time has passed. */
  | { readonly state: 'spent'; readonly forMs: number }

export interface Budget {
  /** Requests in any rolling hour. */
  readonly limit: number
  /** Leases `least` (1 if not said) to `wanted` requests. The same lease id gets the same answer again. */
  take(leaseId: string, wanted: number, priority: BudgetPriority, least?: number): Promise<BudgetAnswer>
  /** Ends a lease of which `used` requests were made; the rest is free at once. */
  settle(leaseId: string, used: number): Promise<void>
  /** Bitbucket has refused for want of room: nothing is given out for that long. */
  refuse(forMs: number): Promise<void>
  /** How many requests count at the moment, those of leases under way included. */
  used(): Promise<number>
}

/** The budget under those keys. @throws DependencyError by the connection */
export function createBudget(redis: RedisClient, keys: BudgetKeys, options: BudgetOptions = defaultBudget): Budget {
  const { limit, windowMs, leaseMs, reserve } = options
  const all = [keys.state, keys.leases, keys.sizes]
  const now = () => (options.now === undefined ? '' : String(options.now()))
  const take = async (leaseId: string, wanted: number, ceiling: number, least = 1): Promise<BudgetAnswer> => {
    const reply = await takeScript(redis, all, [leaseId, wanted, ceiling, leaseMs, windowMs, now(), least])
    const [count, forMs] = Reply.parse(reply)
    return count === 0 ? { state: 'spent', forMs } : { state: 'granted', leaseId, count, forMs }
  }
  return {
    limit,
    take: (leaseId, wanted, priority, least) =>
      take(leaseId, wanted, Math.floor(limit * (1 - reserve[priority])), least),
    async settle(leaseId, used) {
      await settleScript(redis, all, [leaseId, used, windowMs, now()])
    },
    async refuse(forMs) {
      await refuseScript(redis, [keys.state], [forMs, 2 * windowMs + leaseMs, now()])
    },
    async used() {
      // Asking for nothing counts anew.
      await take('-', 0, limit)
      return Used.parse((await redis.hget(keys.state, 'used')) ?? 0)
    },
  }
}

/** The budgets of credentials, with `limit` requests in any rolling hour each. */
export function createBudgets(redis: RedisClient, keys: Keys, { limit }: Pick<BudgetOptions, 'limit'>) {
  return (credential: { readonly kind: string; readonly key: string }): Budget =>
    createBudget(redis, keys.budget(budgetIdOf(credential)), { ...defaultBudget, limit })
}

/** What a credential's budget goes by: the same for everybody who uses it, and nothing to be read from it. */
export function budgetIdOf(credential: { readonly kind: string; readonly key: string }): string {
  return hash('sha256', `${credential.kind} ${credential.key}`, 'hex').slice(0, 32)
}

const Reply = z.tuple([z.number(), z.number()])
const Used = z.coerce.number()
