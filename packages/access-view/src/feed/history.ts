/**
 * The past, backwards from the present. A version whose beginning is not met yet begins at 0, "before anything that is still known";
 * the event that began it sets that right when its turn comes, and leaves in its place what was before. So at any time, with the events
 * down to `n + 1` taken back, the versions tell for each number from `n` on exactly what held after that event.
 */
import type { AccessEvent } from '@clarity/subscriber'
import { isConditionKind } from '../tables.ts'
import { timeOf } from './fold.ts'
import { takeBack } from './take-back.ts'
import { before, keyOf, type PresentChange, type Version } from './version.ts'

export interface TakenHistory {
  /** In the place of every version of their entities that began at 0. */
  readonly versions: readonly Version[]
  /** The number below which nothing is known yet. */
  readonly begins: bigint
  /** The event there cannot be taken back, so nothing before it will be known. */
  readonly ended: boolean
}

/**
 * Takes events back, from the last to the first of a row without gaps; null is one that this release does not know, which changes
 * nothing that it has. `versions` are those that hold after the last event, of the entities that the events touch.
 */
export function takeHistory(
  events: readonly { readonly sequence: bigint; readonly event: AccessEvent | null }[],
  versions: readonly Version[],
): TakenHistory {
  const past = new Past(versions)
  let begins = events.at(-1)?.sequence ?? 0n
  for (const { sequence, event } of events.toReversed()) {
    if (event !== null && !past.takeBack(event)) return { versions: past.written(), begins, ended: true }
    begins = sequence - 1n
  }
  return { versions: past.written(), begins, ended: false }
}

class Past {
  /** Of each entity the version that holds before the last event that was taken back. */
  readonly #present = new Map<string, Version>()
  /** Those whose beginning was found. */
  readonly #done: Version[] = []
  readonly #touched = new Set<string>()

  constructor(versions: readonly Version[]) {
    for (const version of versions) this.#present.set(keyOf(version.entity), version)
  }

  /** False when the event does not fit to what held after it: what is known does not reach before it. */
  takeBack(event: AccessEvent): boolean {
    if (event.name === 'stream.event-withheld') return false
    const entities = takeBack(event, (key) => this.#present.get(key)?.entity)
    if (entities === null) return false
    if (entities.some(({ entity, after }) => !this.#fits(keyOf(entity), after, event))) return false
    for (const { entity, after, before: earlier } of entities) {
      this.#begin(keyOf(entity), after, event)
      this.#hold(keyOf(entity), earlier, event)
    }
    return true
  }

  #fits(key: string, after: PresentChange | null, { sequence }: AccessEvent): boolean {
    const version = this.#present.get(key)
    if (after === null) return version === undefined || isCondition(version.entity)
    if (version === undefined) return isCondition(after)
    return version.from.sequence === 0n || version.from.sequence === sequence
  }

  /** The version that the event began, whole: the state topic has it already when it still held at the end. */
  #begin(key: string, after: PresentChange | null, event: AccessEvent): void {
    const version = this.#present.get(key)
    this.#present.delete(key)
    if (version === undefined || version.from.sequence !== 0n) return
    this.#touched.add(key)
    this.#done.push({
      ...version,
      entity: after ?? version.entity,
      from: { sequence: event.sequence, time: timeOf(event) },
    })
  }

  #hold(key: string, entity: PresentChange | null, event: AccessEvent): void {
    if (entity === null) return
    this.#touched.add(key)
    this.#present.set(key, { entity, from: before, to: { sequence: event.sequence, time: timeOf(event) } })
  }

  written(): Version[] {
    const open = [...this.#present].filter(([key, { from }]) => from.sequence === 0n && this.#touched.has(key))
    return [...this.#done, ...open.map(([, version]) => version)]
  }
}

/** What is said of the connection itself may end without its end telling what it was: then that is not known. */
function isCondition({ kind }: PresentChange): boolean {
  return isConditionKind(kind)
}
