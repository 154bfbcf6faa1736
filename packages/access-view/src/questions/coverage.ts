import type { ConnectionDetails } from '@clarity/shared/contract/connections'
import type { StateValue } from '@clarity/shared/contract/state'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import {
  type Asked,
  type At,
  findConnection,
  heldAt,
  type Included,
  includedAt,
  resolveAt,
  toBigint,
  type Whose,
} from './at.ts'
import { type KnownSync, toSync } from './syncs.ts'

export interface SequenceOf extends Included {
  /** From which event on it is known who had which access; 0: from the first one. */
  readonly knownFrom: number
  /** Since when; null: from the first event on. */
  readonly knownSince: string | null
  /** The connection was removed: nothing follows. */
  readonly removed: boolean
  /** Events are missing: the connection is being made anew, and what is told meanwhile is of before the gap. */
  readonly rebuilding: boolean
  /** From this event on something may be missing that could not be told; null: nothing is. */
  readonly incompleteSince: number | null
}

/** How far the view is with a connection, and how far back it reaches. */
export async function sequenceOf(db: Kysely<Tables>, whose: Whose): Promise<SequenceOf> {
  const row = await findConnection(db, whose)
  const at = { connection: row.key, sequence: row.handled_sequence }
  const begins = await includedAt(db, { connection: row.key, sequence: row.begins_sequence })
  return {
    ...(await includedAt(db, at)),
    knownFrom: begins.sequence,
    knownSince: begins.time,
    removed: row.removed,
    rebuilding: row.rebuild,
    incompleteSince: row.incomplete_sequence === null ? null : Number(row.incomplete_sequence),
  }
}

export interface ConnectionCoverage extends Included {
  /** The last sync that came to its end by then: what it read is at least so new. Null: none did, or it is forgotten. */
  readonly lastCompleted: KnownSync | null
  /** When that ended. */
  readonly observedAt: string | null
  /** `partial`: something could not be read, then or now; `none`: no sync has come to its end. */
  readonly state: 'complete' | 'partial' | 'none'
  /** The scopes that cannot be observed: what is known of them stays as last known. */
  readonly unobservable: readonly StateValue<'scope'>[]
  /** Why nothing new is told; null: all is well. */
  readonly health: StateValue<'connection-health'> | null
  /** Since when it is paused; null: it is not. */
  readonly pause: StateValue<'connection-pause'> | null
  readonly details: ConnectionDetails | null
}

/** How fresh an answer about that moment is, and what it does not cover. */
export async function coverage(db: Kysely<Tables>, asked: Asked): Promise<ConnectionCoverage> {
  const at = await resolveAt(db, asked)
  const { rows } = await sql<Selectable<Tables['syncs']>>`
    select s.* from syncs s
    where s.connection = ${at.connection} and s.state = 'completed' and s.last_sequence <= ${toBigint(at.sequence)}
    order by s.last_sequence desc limit 1`.execute(db)
  const last = rows[0] === undefined ? null : toSync(rows[0])
  const conditions = await readConditions(db, at)
  const isWhole =
    conditions.unobservable.length === 0 && (last?.coverage?.stale ?? 0) + (last?.coverage?.unobservable ?? 0) === 0
  return {
    lastCompleted: last,
    observedAt: last?.finishedAt ?? null,
    state: last === null ? 'none' : isWhole ? 'complete' : 'partial',
    ...conditions,
    ...(await includedAt(db, at)),
  }
}

async function readConditions(
  db: Kysely<Tables>,
  at: At,
): Promise<Pick<ConnectionCoverage, 'unobservable' | 'health' | 'pause' | 'details'>> {
  const { rows } = await sql<Selectable<Tables['conditions']>>`
    select c.* from conditions c where ${heldAt(at, 'c')} order by c.kind, c.id`.execute(db)
  const valuesOf = (kind: string) => rows.filter((row) => row.kind === kind).map(({ value }) => value)
  // What is stored under a kind was accepted by the schema of that kind.
  return {
    unobservable: valuesOf('scope') as StateValue<'scope'>[],
    health: (valuesOf('connection-health')[0] as StateValue<'connection-health'> | undefined) ?? null,
    pause: (valuesOf('connection-pause')[0] as StateValue<'connection-pause'> | undefined) ?? null,
    details: (valuesOf('connection')[0] as ConnectionDetails | undefined) ?? null,
  }
}
