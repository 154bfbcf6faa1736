/**
 * Lists of Bitbucket, read page by page while others may change them. A page is a place in the list (an offset), so what
 * is put in or taken out before that place, between two page reads, moves rows over a page's edge. A row is constant when
 * it is in the list from the first page read to the last and keeps its place among the other constant rows.
 *
 * When a read ends as `complete`:
 * 1. Every row in it was in the list at some time during the read, and none is in it twice.
 * 2. If nothing was taken out between two page reads, every constant row is in it; where Bitbucket tells `size`, also if
 *    a page came short of a row, or without its `next`.
 * 3. If rows were taken out, and every page tells `size`, every constant row is in it, unless between the same two page
 *    reads at least as many rows were put in: only then does the `size` not shrink, and a shrunken one is no completion.
 * 4. Beyond that (no `size`, or as many put in as taken out) one read cannot know: a constant row may be missing. A second
 *    read during which nothing is taken out has it, by 2. So an absence may be believed only if two reads agree on it.
 *
 * Whatever else happens on a page (a refusal, another shape, pages in a circle, another host) ends it as `incomplete`.
 */

import { hash } from 'node:crypto'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { contractError } from './errors.ts'

/** What a page of a list is. */
export type PageSchema<Schema extends z.ZodType> = ReturnType<typeof pageOf<Schema>>

/** A list of Bitbucket: where it is, and what its rows are. */
export interface ListingSpec<Schema extends z.ZodType> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** The route as Atlassian writes it. */
  readonly endpoint: string
  /** Made once by `pageOf`, for to make a schema costs more than to read a page with it. */
  readonly pageSchema: PageSchema<Schema>
  /** What a row is recognised by. */
  readonly key: (row: z.output<Schema>) => string
}

export interface ListingOptions<Schema extends z.ZodType> extends ListingSpec<Schema> {
  readonly signal?: AbortSignal | undefined
}

/** How a read ended. `read` counts distinct rows, `reported` is the last `size` that Bitbucket told, `pages` those that came. */
export type ListingEnd =
  | { readonly state: 'complete'; readonly read: number; readonly reported: number | null; readonly pages: number }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

/** The rows of a list as they come, for one loop. A row whose content changed comes again: the later one counts. */
export interface Rows<Row> extends AsyncIterable<Row> {
  /** How the read ended; null before the loop is through, and for good when it was left early. */
  readonly end: ListingEnd | null
}

/** A whole list, or why there is none. */
export type Listing<Row> =
  | { readonly state: 'complete'; readonly rows: Row[]; readonly reported: number | null; readonly pages: number }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

/** The largest page first. Bitbucket refuses it at some endpoints, which is documented for pull requests only. */
const pageLengths = [100, 50, 10]
/** The shortest limit that is documented for any list is 50. */
const firstRowsMax = 20
/** A page may be empty and have a next one; a list in which these follow each other without end is no list. */
export const pagesWithoutNewsMax = 100
/** How often a list that changed under the read is read anew. */
const restartsMax = 1

/**
 * Reads a list holding one page of it at a time, and a digest of each row; a page is asked for when its first row is.
 * The loop throws the signal's reason when that aborts, and what is not Bitbucket's doing; all else is in `end`.
 */
export function readRows<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): Rows<z.output<Schema>> {
  let end: ListingEnd | null = null
  async function* follow() {
    end = yield* readPages(client, options)
  }
  const rows = follow()
  return {
    [Symbol.asyncIterator]: () => rows,
    get end() {
      return end
    },
  }
}

/**
 * Reads a whole list, and once more from its beginning when it changed under the read.
 * @throws the signal's reason when it aborts, and what is not Bitbucket's doing.
 */
export async function readListing<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): Promise<Listing<z.output<Schema>>> {
  for (let restarts = 0; ; restarts++) {
    const rows = new Map<string, z.output<Schema>>()
    const reader = readRows(client, options)
    for await (const row of reader) rows.set(options.key(row), row)
    const { end } = reader
    if (end?.state === 'complete') {
      const { reported, pages } = end
      return { state: 'complete', rows: [...rows.values()], reported, pages }
    }
    if (end?.state === 'incomplete' && (end.error.code !== listChanged || restarts === restartsMax)) return end
  }
}

/** The first rows of a list. */
export interface FirstRows<Row> {
  readonly rows: readonly Row[]
  /** How many rows there are; null when Bitbucket does not tell. */
  readonly count: number | null
  /** Whether these are all of them. */
  readonly isWhole: boolean
}

/** Reads the first rows of a list in one request: a page that no endpoint refuses for its length. @throws UpstreamError */
export async function readFirstRows<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): Promise<FirstRows<z.output<Schema>>> {
  const { endpoint, pageSchema: schema, signal } = options
  const path = firstPage(options, firstRowsMax)
  const { values, size, next } = await client.get(path, { endpoint, schema, signal })
  const isWhole = next === undefined && (size ?? values.length) <= values.length
  return { rows: values, count: size ?? (next === undefined ? values.length : null), isWhole }
}

async function* readPages<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): AsyncGenerator<z.output<Schema>, ListingEnd, undefined> {
  const { endpoint, pageSchema: schema, key, signal } = options
  const rows = new DistinctRows(key)
  const size = new SizeWatch(endpoint)
  const visited = new Set<string>()
  let pagesWithoutNews = 0
  try {
    let page = await readFirstPage(client, options)
    for (;;) {
      const before = rows.count
      size.see(page.size)
      for (const row of page.values) {
        signal?.throwIfAborted()
        if (rows.isNews(row)) yield row
      }
      // Only the absence of `next` ends a list: a page may be short, or empty.
      if (page.next === undefined) break
      if (visited.has(page.next))
        throw contractError(endpoint, 'looping-next', 'a page points back to one that was read')
      visited.add(page.next)
      pagesWithoutNews = rows.count > before ? 0 : pagesWithoutNews + 1
      if (pagesWithoutNews > pagesWithoutNewsMax)
        throw contractError(endpoint, 'looping-next', `${pagesWithoutNews} pages in a row brought no new row`)
      signal?.throwIfAborted()
      page = await client.get(page.next, { endpoint, schema, signal })
    }
    size.check(rows.count)
    return { state: 'complete', read: rows.count, reported: size.reported, pages: visited.size + 1 }
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'incomplete', error }
    throw error
  }
}

/** Tells rows that came before from those that did not, by key and content. */
class DistinctRows<Row> {
  readonly #key: (row: Row) => string
  /** Digests, because a list may have far more rows than are to be held. */
  readonly #digests = new Map<string, string>()

  constructor(key: (row: Row) => string) {
    this.#key = key
  }

  get count(): number {
    return this.#digests.size
  }

  isNews(row: Row): boolean {
    const key = this.#key(row)
    const digest = hash('sha256', JSON.stringify(row), 'base64')
    if (this.#digests.get(key) === digest) return false
    this.#digests.set(key, digest)
    return true
  }
}

/** The code of the error that says that a list is to be read anew. */
export const listChanged = 'list-changed'

/** Compares what Bitbucket counts, page by page, and at the end with what came. */
export class SizeWatch {
  reported: number | null
  grew: boolean
  readonly #endpoint: string

  constructor(
    endpoint: string,
    { reported, grew }: Pick<SizeWatch, 'reported' | 'grew'> = { reported: null, grew: false },
  ) {
    this.#endpoint = endpoint
    this.reported = reported
    this.grew = grew
  }

  /** @throws UpstreamError when rows were taken out since the page before: one may have slipped by. */
  see(size: number | undefined): void {
    if (size === undefined) return
    const before = this.reported ?? size
    if (size < before) throw this.#changed(`it had ${before} rows and now has ${size}`)
    this.grew ||= size > before
    this.reported = size
  }

  /** @throws UpstreamError when fewer rows came than the last page counted. */
  check(count: number): void {
    if (this.reported === null || count >= this.reported) return
    const message = `${count} rows came where Bitbucket counts ${this.reported}`
    // What was put in at a place already read is not among them, and the next read has it.
    throw this.grew ? this.#changed(message) : contractError(this.#endpoint, 'count-mismatch', message)
  }

  #changed(message: string): UpstreamError {
    return contractError(this.#endpoint, listChanged, `the list changed while it was read: ${message}`)
  }
}

/** The index in `pageLengths` that a client has come to at an endpoint; what was refused once is not asked for again. */
const acceptedLengths = new WeakMap<BitbucketClient, Map<string, number>>()

export async function readFirstPage<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): Promise<z.output<PageSchema<Schema>>> {
  const { endpoint, pageSchema: schema, signal } = options
  const accepted = acceptedLengths.get(client) ?? new Map<string, number>()
  acceptedLengths.set(client, accepted)
  for (let index = accepted.get(endpoint) ?? 0; ; index++) {
    try {
      const page = await client.get(firstPage(options, pageLengths[index] ?? 10), { endpoint, schema, signal })
      accepted.set(endpoint, index)
      return page
    } catch (error) {
      if (index + 1 >= pageLengths.length || !isInvalidPageLength(error)) throw error
    }
  }
}

function firstPage({ path, query }: Pick<ListingSpec<z.ZodType>, 'path' | 'query'>, pageLength: number): string {
  return `${path}?${new URLSearchParams({ pagelen: String(pageLength), ...query })}`
}

/** Bitbucket's REST introduction, pagination: `next` is a whole URL; only `values` and `next` are promised. */
export function pageOf<Schema extends z.ZodType>(rowSchema: Schema) {
  return z.object({ values: z.array(rowSchema), next: z.url().optional(), size: z.int().optional() })
}

function isInvalidPageLength(error: unknown): boolean {
  return error instanceof UpstreamError && error.status === 400 && /pagelen/i.test(error.message)
}
