import { InputError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'

/** What lists have in common: pages of at most 200, and an opaque place from which the next one begins. */

export const pageLimitMax = 200
const pageLimitDefault = 50

export const PageQuery = z.object({
  limit: z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(1, 'is less than 1')
    .max(pageLimitMax, `is more than ${pageLimitMax}`)
    .default(pageLimitDefault)
    .describe(`How many at most; ${pageLimitMax} at most`),
  cursor: z.string().min(1).max(2_000).optional().describe('`next` of the page before; left out: the first page'),
})

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z
      .string()
      .nullable()
      .describe('Give it as `cursor` to get the page after this one; null: this is the last one'),
  })
}

/** A place in a list, as an opaque text. What it means is between us and ourselves, and may change. */
export function toCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** @throws InputError 400 when it is none that this list has given */
export function fromCursor<Place>(cursor: string | undefined, schema: z.ZodType<Place>): Place | null {
  if (cursor === undefined) return null
  const place = schema.safeParse(parse(cursor))
  if (place.success) return place.data
  throw invalidCursor()
}

export function invalidCursor(): InputError {
  const message = 'is no cursor of this list with these filters'
  const remedy = 'Begin without a cursor, and give `next` of each page as the cursor of the one after it.'
  return new InputError('invalid-cursor', `The cursor ${message}`, {
    remedy,
    mistakes: [{ field: 'cursor', message, remedy }],
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
