import type { StateChange } from '@clarity/shared/contract/state'

/** What an event makes of one entity, or of what is said of the connection; null: it is gone. */
export type Change = Exclude<StateChange, { readonly kind: 'watermark' }>

export type Kind = Change['kind']

/** Where in a connection's sequence. `time` is null for what held before anything that is still known, with sequence 0. */
export interface Point {
  readonly sequence: bigint
  readonly time: string | null
}

/** An entity as it was from one event until another, or still is. */
export interface Version {
  readonly entity: PresentChange
  readonly from: Point
  readonly to: Point | null
}

/** A change that leaves something there. */
export type PresentChange = { [K in Kind]: Present<Extract<Change, { readonly kind: K }>> }[Kind]

type Present<Of extends Change> = Of & { readonly value: NonNullable<Of['value']> }

/** Held before anything that is still known. */
export const before: Point = { sequence: 0n, time: null }

export function isPresent(change: Change): change is PresentChange {
  return change.value !== null
}

/** What tells entities of a connection apart. */
export function keyOf({ kind, id }: Pick<Change, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}
