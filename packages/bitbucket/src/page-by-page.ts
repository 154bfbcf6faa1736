/**
 * A list that is read page by page over a longer time, by whoever goes on with it: where it stands is plain data. The rows
 * are kept by the caller, who also says how many distinct ones there are; what makes a list complete is the same as in
 * `pages.ts`.
 */
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { contractError } from './errors.ts'
import { type ListingOptions, pagesWithoutNewsMax, readFirstPage, SizeWatch } from './pages.ts'

/** Where a list is to be read on. */
export const ListCursor = z.object({
  /** Null before the first page. */
  next: z.url().nullable(),
  /** The last `size` that Bitbucket told, and whether it had grown on the way. */
  reported: z.int().nullable(),
  grew: z.boolean(),
  pages: z.int(),
  /** Distinct rows so far. */
  rows: z.int(),
  pagesWithoutNews: z.int(),
})
export type ListCursor = z.infer<typeof ListCursor>

/** Where every list begins. */
export const listBegin: ListCursor = {
  next: null,
  reported: null,
  grew: false,
  pages: 0,
  rows: 0,
  pagesWithoutNews: 0,
}

export type PageOutcome =
  /** Read on at `cursor`. */
  | { readonly state: 'more'; readonly cursor: ListCursor }
  | { readonly state: 'complete'; readonly cursor: ListCursor }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

/**
 * Reads the next page and hands its rows to `keep`, which answers how many distinct rows the list has by now.
 * @throws the signal's reason when it aborts, and what is not Bitbucket's doing
 */
export async function readNextPage<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
  from: ListCursor,
  keep: (rows: z.output<Schema>[]) => Promise<number>,
): Promise<PageOutcome> {
  const { endpoint, pageSchema: schema, signal } = options
  const size = new SizeWatch(endpoint, from)
  try {
    const { values, next, ...page } = await (from.next === null
      ? readFirstPage(client, options)
      : client.get(from.next, { endpoint, schema, signal }))
    size.see(page.size)
    const rows = await keep(values)
    const pagesWithoutNews = rows > from.rows ? 0 : from.pagesWithoutNews + 1
    const { reported, grew } = size
    const cursor = { next: next ?? null, reported, grew, pages: from.pages + 1, rows, pagesWithoutNews }
    // Only the absence of `next` ends a list: a page may be short, or empty.
    if (next === undefined) {
      size.check(rows)
      return { state: 'complete', cursor }
    }
    if (next === from.next) throw contractError(endpoint, 'looping-next', 'a page points back to itself')
    if (pagesWithoutNews > pagesWithoutNewsMax) {
      throw contractError(endpoint, 'looping-next', `${pagesWithoutNews} pages in a row brought no new row`)
    }
    return { state: 'more', cursor }
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'incomplete', error }
    throw error
  }
}
