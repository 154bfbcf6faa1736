import { addMeasuredGauge } from '@clarity/shared/runtime/metrics'
import type { Registry } from 'prom-client'

/** How full the hour of a credential was when a slice that had used it was over. */
export interface SeenBudget {
  /** Tells credentials apart; it is in no metric. */
  readonly credential: string
  readonly used: number
  readonly limit: number
}

/** What counts in an hour is forgotten after one. */
const keptMs = 3_600_000

const fullness = ['under-half', 'under-90-percent', 'over-90-percent', 'spent'] as const

/**
 * Adds how much room there is at Bitbucket, over the credentials that this process has used within the last hour: one by one
 * they would be as many figures as there are tenants, and say whose they are.
 */
export function addBudgetMetrics(registry: Registry, nowMs: () => number) {
  const seen = new Map<string, SeenBudget & { readonly atMs: number }>()
  const lately = () => {
    for (const [credential, { atMs }] of seen) if (atMs < nowMs() - keptMs) seen.delete(credential)
    return [...seen.values()]
  }
  addMeasuredGauge(registry, {
    name: 'clarity_worker_budget_credentials',
    help: 'Credentials that this worker has used within the hour, by how much of their hour at Bitbucket is used up',
    label: 'used',
    async measure() {
      const counts = Object.fromEntries(fullness.map((name) => [name, 0]))
      for (const budget of lately()) counts[fullnessOf(budget)] = (counts[fullnessOf(budget)] ?? 0) + 1
      return counts
    },
  })
  addMeasuredGauge(registry, {
    name: 'clarity_worker_budget_free_requests',
    help: 'Requests that these credentials together had left when they were last used',
    measure: async () => lately().reduce((sum, { used, limit }) => sum + Math.max(0, limit - used), 0),
  })
  return { budgetSeen: (budget: SeenBudget) => void seen.set(budget.credential, { ...budget, atMs: nowMs() }) }
}

function fullnessOf({ used, limit }: SeenBudget): (typeof fullness)[number] {
  if (used >= limit) return 'spent'
  if (used >= 0.9 * limit) return 'over-90-percent'
  return used >= limit / 2 ? 'under-90-percent' : 'under-half'
}
