import type { SimulatorClock } from './clock.ts'
import type { Answer as ObservedAnswer } from './conformance/deviation.ts'
import type { ConformanceReport } from './conformance/report.ts'
import type { Authentication } from './credentials/authentication.ts'
import type { Era } from './era.ts'
import type { FaultSchedule } from './faults/schedule.ts'
import type { Deliveries } from './hooks/deliveries.ts'
import type { Limits } from './limits/limits.ts'
import type { RequestCounter } from './requests/counter.ts'
import type { RequestLog } from './requests/log.ts'
import type { World } from './world/types.ts'

/** What a simulator is made of. */
export interface SimulatorContext {
  readonly era: Era
  readonly world: World
  readonly clock: SimulatorClock
  readonly authentication: Authentication
  readonly limits: Limits
  readonly faults: FaultSchedule
  readonly counter: RequestCounter
  readonly log: RequestLog
  readonly deliveries: Deliveries
  /** The largest `pagelen` by route, where it is not 100. */
  readonly pagelenMax: Map<string, number>
  /** Told of every answer that no fault has touched. */
  readonly observe: (answer: ObservedAnswer) => void
  /** What that has found; null when nobody checks. */
  conformance(): ConformanceReport | null
}
