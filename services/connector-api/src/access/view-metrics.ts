import { addMeasuredGauge } from '@clarity/shared/runtime/metrics'
import type { Registry } from 'prom-client'

/** How far the access view of this process is. */
export interface ViewFigures {
  readonly state: 'catching-up' | 'live'
  readonly eventsApplied: number
  /** Null: not looked at yet. */
  readonly lag: number | null
  readonly waiting: number
}

/** Adds what tells how far the access view is; `read` answers null as long as it is not open, or switched off. */
export function addViewMetrics(registry: Registry, read: () => ViewFigures | null): void {
  addMeasuredGauge(registry, {
    name: 'clarity_access_view_live',
    help: 'Whether questions about access are answered: 1, or 0 while the view is catching up; none without a view',
    measure: async () => {
      const figures = read()
      return figures && Number(figures.state === 'live')
    },
  })
  addMeasuredGauge(registry, {
    name: 'clarity_access_view_lag_records',
    help: 'Records of the changes topic that the access view does not have yet, of the partitions that this process reads',
    measure: async () => read()?.lag ?? null,
  })
  addMeasuredGauge(registry, {
    name: 'clarity_access_view_events_applied',
    help: 'Events that this process has taken into the access view since it started',
    measure: async () => read()?.eventsApplied ?? null,
  })
  addMeasuredGauge(registry, {
    name: 'clarity_access_view_callers_waiting',
    help: 'Requests that are held open until the access view has an event that they wait for',
    measure: async () => read()?.waiting ?? null,
  })
}
