import { z } from 'zod'
import { type BudgetOptions, budgetIdOf, defaultBudget } from './budget.ts'
import type { BudgetKeys, Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'

const readScript = loadScript('read-budget')

/** How a budget stands, for whoever looks at it. */
export interface BudgetReading {
  readonly limit: number
  /** Requests that count as made. */
  readonly used: number
  /** Requests of leases that are under way. */
  readonly leased: number
  /** What syncs leave to who waits for an answer. */
  readonly keptBack: number
  readonly free: number
  readonly freeForSyncs: number
  /** When syncs have room again; null: now. */
  readonly nextFreeAtMs: number | null
  /** How many syncs have at later times if nobody takes any more. */
  readonly forecast: readonly { readonly atMs: number; readonly freeForSyncs: number }[]
  /** Until when nothing is given out because Bitbucket has refused; null: it has not. */
  readonly restingUntilMs: number | null
  readonly atMs: number
}

/** A lease as it is kept: how much of the budget it counts for, and when no longer. */
export interface CountingLease {
  readonly size: number
  readonly untilMs: number
}

const forecastMinutes = [5, 15, 30, 60]

/**
 * Reads how the budget of a credential stands; it takes nothing and changes nothing.
 * @throws DependencyError by the connection
 */
export function createBudgetReader(redis: RedisClient, keys: Keys, options: Partial<BudgetOptions> = {}) {
  const all = { ...defaultBudget, ...options }
  return async (credential: { readonly kind: string; readonly key: string }): Promise<BudgetReading> => {
    const now = options.now === undefined ? '' : String(options.now())
    const { leases, refusedUntilMs, nowMs } = await readState(redis, keys.budget(budgetIdOf(credential)), now)
    return toBudgetReading(leases, refusedUntilMs, nowMs, all)
  }
}

/**
 * A lease that is under way counts until a window after its end, one that was settled until a window after that: so what counts
 * for longer than a window from now is under way.
 */
export function toBudgetReading(
  leases: readonly CountingLease[],
  refusedUntilMs: number,
  nowMs: number,
  { limit, windowMs, reserve }: Pick<BudgetOptions, 'limit' | 'windowMs' | 'reserve'>,
): BudgetReading {
  const sum = (counts: (lease: CountingLease) => boolean) =>
    leases.reduce((total, lease) => total + (counts(lease) ? lease.size : 0), 0)
  const countedAt = (atMs: number) => sum(({ untilMs }) => untilMs > atMs)
  const ceiling = Math.floor(limit * (1 - Math.max(...Object.values(reserve))))
  const freeAt = (atMs: number, most: number) => (refusedUntilMs > atMs ? 0 : Math.max(0, most - countedAt(atMs)))
  const leased = sum(({ untilMs }) => untilMs > nowMs + windowMs)
  const freeForSyncs = freeAt(nowMs, ceiling)
  const changes = [refusedUntilMs, ...leases.map(({ untilMs }) => untilMs)].filter((atMs) => atMs > nowMs)
  const next = changes.toSorted((a, b) => a - b).find((atMs) => freeAt(atMs, ceiling) > 0)
  return {
    limit,
    used: countedAt(nowMs) - leased,
    leased,
    keptBack: limit - ceiling,
    free: freeAt(nowMs, limit),
    freeForSyncs,
    nextFreeAtMs: freeForSyncs > 0 ? null : (next ?? null),
    forecast: forecastMinutes.map((minutes) => {
      const atMs = nowMs + minutes * 60_000
      return { atMs, freeForSyncs: freeAt(atMs, ceiling) }
    }),
    restingUntilMs: refusedUntilMs > nowMs ? refusedUntilMs : null,
    atMs: nowMs,
  }
}

const Reply = z.tuple([z.coerce.number(), z.coerce.number()]).rest(z.coerce.number())

/** All of it as of one moment. */
async function readState(redis: RedisClient, { state, leases, sizes }: BudgetKeys, now: string) {
  const reply = await readScript(redis, [state, leases, sizes], [now])
  const [nowMs, refusedUntilMs, ...counting] = Reply.parse(reply)
  return {
    nowMs,
    refusedUntilMs,
    leases: counting.flatMap((size, index): CountingLease[] =>
      index % 2 === 0 ? [{ size, untilMs: counting[index + 1] ?? 0 }] : [],
    ),
  }
}
