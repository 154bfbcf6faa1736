import { expectedFacts, type Truth } from './access.ts'
import { type StreamRecord, withoutRepeats } from './stream.ts'

/**
 * Oracle (b): no revocation was ever published for a grant, or nesting, that existed in Bitbucket during the whole of the
 * sync. It needs no clock: whoever changes the truth notes each state of it in a `TruthHistory`, and for each sync
 * between which of these states it ran.
 */

/** The first and the last state of the truth that a sync can have met, by their numbers in the history. */
export interface SyncWindow {
  readonly from: number
  readonly to: number
}

/** Every state that a workspace was in, one after the other, by what is held in it. */
export class TruthHistory {
  readonly #states: ReadonlySet<string>[] = []

  /** Notes the next state and answers its number, counted from 0. */
  note(truth: Truth): number {
    const { grants, nestings } = expectedFacts(truth)
    return this.#states.push(new Set([...grants, ...nestings])) - 1
  }

  /** The number of the state noted last; -1 before the first. */
  get latest(): number {
    return this.#states.length - 1
  }

  /** Grants and nestings of a state that the one after it lacks. */
  lostAfter(number: number): number {
    const after = this.#states[number + 1]
    return after === undefined ? 0 : [...(this.#states[number] ?? [])].filter((id) => !after.has(id)).length
  }

  /** @throws Error for a window in which there is no state: then nothing could be judged */
  heldThroughout(id: string, { from, to }: SyncWindow): boolean {
    const states = this.#states.slice(from, to + 1)
    if (from < 0 || states.length === 0) throw new Error(`there is no state of the truth from ${from} to ${to}`)
    return states.every((state) => state.has(id))
  }
}

/** What the stream of a connection told as gone. */
export interface Revocation {
  /** The grant or nesting: `holder|entitlement`. */
  readonly id: string
  readonly record: StreamRecord
}

/** Every grant and nesting that was told as gone, also where another level took its place. */
export function revocationsOf(records: readonly StreamRecord[]): Revocation[] {
  return withoutRepeats(records).flatMap((record) => {
    const id = revokedBy(record)
    return id === null ? [] : [{ id, record }]
  })
}

/**
 * Every false revocation among the records of one connection. `windowOf` says when the sync of that id ran; a
 * revocation by a sync that it does not know is a violation too.
 */
export function falseRevocations(
  records: readonly StreamRecord[],
  history: TruthHistory,
  windowOf: (syncId: string) => SyncWindow | undefined,
): string[] {
  return revocationsOf(records).flatMap(({ id, record: { connectionId, sequence, name, syncId } }) => {
    const place = `${connectionId} ${sequence} ${name} ${id}`
    const window = windowOf(syncId)
    if (window === undefined) return [`${place}: nobody asked for the sync ${syncId}`]
    const { from, to } = window
    return history.heldThroughout(id, window)
      ? [`${place}: held in every state of the truth from ${from} to ${to}`]
      : []
  })
}

function revokedBy({ name, subject, value }: StreamRecord): string | null {
  switch (name) {
    case 'service-user-entitlement.revoked':
    case 'entitlement-nesting.removed':
      return subject
    case 'service-user-entitlement.changed':
    case 'entitlement-nesting.changed': {
      // Absent fields give an id that nobody holds; that the record is wrong is for the oracle of causality to say.
      const { serviceUserId, container, from } = JSON.parse(value) as Record<string, string | undefined>
      return `${serviceUserId ?? container}|${from}`
    }
    default:
      return null
  }
}
