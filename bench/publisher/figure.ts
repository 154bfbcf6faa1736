/** One figure of a bench, as whoever gathers figures takes it. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** How it was measured, and what it includes. */
  readonly method: string
  /** What it should be; null where nothing was set. */
  readonly target: string | null
}
