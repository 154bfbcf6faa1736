import type { RequestCounter } from '../requests.ts'
import type { World } from '../world/types.ts'

/** What the control API works on. */
export interface ControlContext {
  readonly world: World
  readonly requests: RequestCounter
  readonly now: () => number
}
