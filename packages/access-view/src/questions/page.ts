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

const Cursor = z.strictObject({
  /** Which list, in which order. */
  of: z.string(),
  /** All pages are as of the same event. */
  at: z.string().regex(/^\d{1,19}$/),
  after: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).readonly(),
})

/** Where a page begins, and as of which event. */
export interface PageStart {
  readonly at: At
  /** Null at the beginning of the list. */
  readonly after: Key | null
  readonly limit: number
  readonly of: string
}

/** Resolves connection and moment of a list; `of` names it together with its order. @throws InputError */
export async function startPage(db: Kysely<Tables>, of: string, asked: Asked & Paged): Promise<PageStart> {
  const { limit = limitDefault } = asked
  const cursor = asked.cursor === undefined ? null : parseCursor(asked.cursor, of)
  const at = await resolveAt(db, asked, cursor && BigInt(cursor.at))
  return { at, after: cursor?.after ?? null, limit: Math.min(Math.max(1, limit), limitMax), of }
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
  if (after.length !== columns.length) throw invalidCursor()
  const compare = order === 'asc' ? sql`>` : sql`<`
  return sql`(${sql.join(columns)}) ${compare} (${sql.join(after.map((value) => sql`${value}`))})`
}

/** The condition that a text is found in a column of what is searched in; undefined for an empty text. */
export function contains(column: RawBuilder<unknown>, text: string | undefined): RawBuilder<boolean> | undefined {
  const wanted = toSearchText(text)
  if (wanted === '') return undefined
  return sql`${column} like ${`%${wanted.replace(/[\\%_]/g, '\\$&')}%`}`
}

export function toCursor(cursor: z.infer<typeof Cursor>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

export function parseCursor(text: string, of: string): z.infer<typeof Cursor> {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw invalidCursor()
  }
  const parsed = Cursor.safeParse(json)
  if (!parsed.success || parsed.data.of !== of) throw invalidCursor()
  return parsed.data
}

function invalidCursor(): InputError {
  return new InputError('invalid-cursor', 'The cursor is none of this list', {
    remedy: 'Give `next` of the page before as it came, with the same question.',
  })
}
