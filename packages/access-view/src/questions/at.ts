import { InputError } from '@clarity/shared/runtime/errors'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** At which moment of the past: as it was known then. Left out: as it is known now. */
export type AsOf = { readonly time: string } | { readonly sequence: number }

/** Whose access is asked about. Both are needed: nobody finds what belongs to another tenant. */
export interface Whose {
  readonly tenantId: string
  readonly connectionId: string
}

export interface Asked extends Whose {
  readonly asOf?: AsOf | undefined
}

/** What an answer includes. */
export interface Included {
  /** The last event that is in the answer. */
  readonly sequence: number
  /** The latest time of any event up to there; null before the first one. */
  readonly time: string | null
}

/** A connection at one of its events; only `resolveAt` makes one, from tenant and connection. */
export interface At {
  readonly connection: number
  readonly sequence: bigint
}

/**
 * Finds the connection, and the event as of which is asked. Every table is then asked for what holds after that event, so that all
 * parts of an answer, and all pages of one list, are of one moment, whatever is applied meanwhile.
 * @throws InputError when the tenant has no such connection, or when nothing is known of that time any more
 */
export async function resolveAt(
  db: Kysely<Tables>,
  { tenantId, connectionId, asOf }: Asked,
  pinned: bigint | null = null,
): Promise<At> {
  const connection = await findConnection(db, { tenantId, connectionId })
  const { key, handled_sequence: handled, begins_sequence: begins } = connection
  const wanted = pinned ?? (asOf === undefined ? handled : await sequenceAsOf(db, key, handled, asOf))
  if (wanted < begins) throw notKnown(connectionId)
  if (wanted > handled) throw notIncluded(connectionId)
  return { connection: key, sequence: wanted }
}

/** The connection of that id, if it belongs to the tenant. @throws InputError when there is none */
export async function findConnection(db: Kysely<Tables>, { tenantId, connectionId }: Whose) {
  const connection = await db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', connectionId)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  if (connection !== undefined) return connection
  throw new InputError('no-such-connection', 'The access view knows no such connection', {
    remedy: 'Look at the id. A connection that was just saved is known as soon as its first event has come.',
    context: { connectionId },
  })
}

/** The last event before the first one that became known later than the time. */
async function sequenceAsOf(db: Kysely<Tables>, connection: number, handled: bigint, asOf: AsOf): Promise<bigint> {
  if ('sequence' in asOf) return BigInt(asOf.sequence)
  if (Number.isNaN(Date.parse(asOf.time))) throw noTime(asOf.time)
  const later = await db
    .selectFrom('moments')
    .select('sequence')
    .where('connection', '=', connection)
    .where('time', '>', asOf.time)
    .orderBy('time')
    .limit(1)
    .executeTakeFirst()
  return later === undefined ? handled : later.sequence - 1n
}

function notKnown(connectionId: string): InputError {
  return new InputError('time-not-kept', 'Who had which access at that time is not known', {
    remedy: 'Ask for a later time: `knownSince` of the connection says from when on it is known.',
    context: { connectionId },
  })
}

function noTime(time: string): InputError {
  return new InputError('invalid-request', 'The time that is asked about is none', {
    remedy: 'Write it as 2026-10-01T00:00:00.000Z.',
    context: { time },
  })
}

function notIncluded(connectionId: string): InputError {
  return new InputError('not-included-yet', 'The access view does not have that event yet', {
    remedy: 'Wait for it, or leave the sequence out.',
    context: { connectionId },
  })
}

/** The latest time of any event up to there. */
export async function timeAt(db: Kysely<Tables>, { connection, sequence }: At): Promise<string | null> {
  const moment = await db
    .selectFrom('moments')
    .select('time')
    .where('connection', '=', connection)
    .where('sequence', '<=', sequence)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return moment?.time ?? null
}

export async function includedAt(db: Kysely<Tables>, at: At): Promise<Included> {
  return { sequence: Number(at.sequence), time: await timeAt(db, at) }
}

/** The condition that a row of the table under `alias` is of the connection and holds after the event. */
export function heldAt(at: At, alias: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql`(${column('connection')} = ${sql.lit(at.connection)} and ${holdsAfter(at.sequence, alias)})`
}

/** The condition that a row holds after an event. */
export function holdsAfter(sequence: bigint, alias: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  const at = toBigint(sequence)
  return sql`(${column('from_sequence')} <= ${at} and (${column('to_sequence')} is null or ${column('to_sequence')} > ${at}))`
}

export function toBigint(value: bigint): RawBuilder<bigint> {
  return sql`${value.toString()}::bigint`
}

/** All of some conditions; those that are undefined are not asked for. */
export function all(...conditions: readonly (RawBuilder<unknown> | undefined | false)[]): RawBuilder<boolean> {
  const wanted = conditions.filter((condition) => condition !== undefined && condition !== false)
  return wanted.length === 0 ? sql`true` : sql`${sql.join(wanted, sql` and `)}`
}
