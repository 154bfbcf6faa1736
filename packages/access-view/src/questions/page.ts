import { InputError } from '@clarity/shared/runtime/errors'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { toSearchText } from '../search-text.ts'
import type { Tables } from '../tables.ts'
import { type Asked, type At, type Included, includedAt, resolveAt } from './at.ts'

export const limitMax = 200
const limitDefault = 50

/** A list in parts. */
export interface Paged {
  /** `next` of the page before; the question must be the same. */
  readonly cursor?: string | undefined
  /** 50 unless said otherwise, 200 at most. */
  readonly limit?: number | undefined
}

export interface Page<Item> extends Included {
  readonly items: readonly Item[]
  /** For the page that follows; null at the end. */
  readonly next: string | null
}

/** What the last row of a page is found by, in the order of the list. */
export type Key = readonly (string | number | boolean | null)[]

/** What a key is made of. A cursor comes from outside: whatever is not of these forms would be an error of the database. */
const keyParts = {
  text: z.string().refine((text) => text.isWellFormed() && !text.includes('\0')),
  sequence: z.string().regex(/^\d{1,18}$/),
  rank: z.int().min(-9).max(9),
  time: z.iso.datetime().refine((time) => !time.startsWith('0000')),
} as const

/** Which list, in which order, and what the key of a row is made of then. */
export interface ListOrder {
  readonly of: string
  readonly key: readonly (keyof typeof keyParts)[]
}

const Cursor = z.strictObject({
  of: z.string(),
  /** All pages are as of the same event. */
  at: keyParts.sequence,
  after: z.array(z.unknown()).readonly(),
})

export interface Cursor {
  readonly of: string
  readonly at: string
  readonly after: Key
}

/** Where a page begins, and as of which event. */
export interface PageStart {
  readonly at: At
  /** Null at the beginning of the list. */
  readonly after: Key | null
  readonly limit: number
  readonly of: string
}

/** Resolves connection and moment of a list. @throws InputError */
export async function startPage(db: Kysely<Tables>, order: ListOrder, asked: Asked & Paged): Promise<PageStart> {
  const { limit = limitDefault } = asked
  const cursor = asked.cursor === undefined ? null : parseCursor(asked.cursor, order)
  const at = await resolveAt(db, asked, cursor && BigInt(cursor.at))
  return { at, after: cursor?.after ?? null, limit: Math.min(Math.max(1, limit), limitMax), of: order.of }
}

/** A page of rows, of which one more than the limit was asked for. */
export async function toPage<Row, Item>(
  db: Kysely<Tables>,
  { at, limit, of }: PageStart,
  rows: readonly Row[],
  { item, key }: { readonly item: (row: Row) => Item; readonly key: (row: Row) => Key },
): Promise<Page<Item>> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next =
    rows.length > limit && last !== undefined ? toCursor({ of, at: String(at.sequence), after: key(last) }) : null
  return { items: shown.map(item), next, ...(await includedAt(db, at)) }
}

/** The condition that a row comes after the last one of the page before, in ascending or descending order of some columns. */
export function follows(
  { after }: PageStart,
  columns: readonly RawBuilder<unknown>[],
  order: 'asc' | 'desc' = 'asc',
): RawBuilder<boolean> | undefined {
  if (after === null) return undefined
  const compare = order === 'asc' ? sql`>` : sql`<`
  return sql`(${sql.join(columns)}) ${compare} (${sql.join(after.map((value) => sql`${value}`))})`
}

/** The condition that a text is found in a column of what is searched in; undefined for an empty text. */
export function contains(column: RawBuilder<unknown>, text: string | undefined): RawBuilder<boolean> | undefined {
  const wanted = toSearchText(text)
  if (wanted === '') return undefined
  return sql`${column} like ${`%${wanted.replace(/[\\%_]/g, '\\$&')}%`}`
}

export function toCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** @throws InputError for one that the list has not given in this order */
export function parseCursor(text: string, { of, key }: ListOrder): Cursor {
  const parsed = Cursor.safeParse(parseJson(text))
  if (!parsed.success || parsed.data.of !== of) throw invalidCursor()
  const { at, after } = parsed.data
  const parts = key.map((part, index) => keyParts[part].safeParse(after[index]))
  if (after.length !== key.length) throw invalidCursor()
  return {
    of,
    at,
    after: parts.map((part) => {
      if (!part.success) throw invalidCursor()
      return part.data
    }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

function invalidCursor(): InputError {
  const message = 'is none of this list'
  const remedy = 'Give `next` of the page before as it came, with the same question.'
  return new InputError('invalid-cursor', `The cursor ${message}`, {
    remedy,
    mistakes: [{ field: 'cursor', message, remedy }],
  })
}
