import type { Figure, FigureName } from './figure.ts'
import type { ScalingPoint } from './scaling.ts'

export interface Context {
  /** A smaller form, for trying: seconds instead of minutes. */
  readonly quick: boolean
  /** Tells how far it is. */
  readonly say: (line: string) => void
}

export interface Measured {
  readonly figures: readonly Figure[]
  readonly points?: readonly ScalingPoint[]
}

/** Figures that come of one run. */
export interface Part {
  readonly figures: readonly FigureName[]
  readonly measure: (context: Context) => Promise<Measured>
}
