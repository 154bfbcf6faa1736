// The figures that are measured, what each should be, and the shape in which they are kept.
import { z } from 'zod'

interface Spec {
  readonly unit: string
  /** What it should be; null where nothing was set. */
  readonly target: number | null
  /** On which side of the target it should lie. */
  readonly bound: 'at least' | 'at most'
}

/** Every figure of `npm run bench`, in the order in which it is shown. */
export const specs = {
  'full_sync.requests_over_floor': { unit: 'requests', target: 0, bound: 'at most' },
  'worker.responses_per_second': { unit: '1/s of one core', target: 1_000, bound: 'at least' },
  'worker.facts_per_second': { unit: '1/s of one core', target: 50_000, bound: 'at least' },
  'worker.rss_mib_at_1m_grants': { unit: 'MiB', target: 200, bound: 'at most' },
  'redis.bytes_per_grant': { unit: 'B', target: 64, bound: 'at most' },
  tenants_per_worker_core: { unit: 'tenants', target: 4_000, bound: 'at least' },
  'fairness.small_tenant_p95_ratio': { unit: 'ratio', target: 1.5, bound: 'at most' },
  'publisher.ratio_to_bare_kafkajs': { unit: 'ratio', target: 0.9, bound: 'at least' },
  'publisher.events_per_second': { unit: '1/s', target: null, bound: 'at least' },
  'latency.api_to_first_event_ms_p99': { unit: 'ms', target: 250, bound: 'at most' },
  'latency.commit_to_kafka_ms_p99': { unit: 'ms', target: 50, bound: 'at most' },
  'freshness.roles_and_groups_p95_minutes': { unit: 'min', target: 35, bound: 'at most' },
  'freshness.project_grants_p95_minutes': { unit: 'min', target: 270, bound: 'at most' },
  'freshness.repository_median_ratio_to_round_robin': { unit: 'ratio', target: 0.4, bound: 'at most' },
  'freshness.repository_oldest_hours': { unit: 'h', target: 36, bound: 'at most' },
  'access_view.events_per_second': { unit: '1/s', target: 10_000, bound: 'at least' },
  'access_view.who_can_ms_p95_at_1m_grants': { unit: 'ms', target: 100, bound: 'at most' },
  'api.read_requests_per_second': { unit: '1/s', target: null, bound: 'at least' },
} as const satisfies Readonly<Record<string, Spec>>

export const FigureName = z.enum(Object.keys(specs) as [FigureName, ...FigureName[]])
export type FigureName = keyof typeof specs

export const Figure = z.strictObject({
  name: FigureName,
  value: z.number(),
  unit: z.string(),
  method: z.string().min(1).describe('How it was measured, on what, and what it includes; a sentence'),
  target: z.number().nullable().describe('null: nothing was set'),
})
export type Figure = z.infer<typeof Figure>

/** A figure with the unit and target of its name. Four digits are kept: more of them are noise. */
export function toFigure(name: FigureName, value: number, method: string): Figure {
  if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}: nothing was measured`)
  const { unit, target } = specs[name]
  return { name, value: Number(value.toPrecision(4)), unit, method, target }
}

/** Null where there is no target. */
export function isMet({ name, value, target }: Figure): boolean | null {
  if (target === null) return null
  return specs[name].bound === 'at least' ? value >= target : value <= target
}

/** `at least 0.9`, or a dash. */
export function describeTarget({ name, target }: Figure): string {
  return target === null ? '–' : `${specs[name].bound} ${target.toLocaleString('en')}`
}
