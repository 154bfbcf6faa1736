import { UpstreamError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { contractError } from './errors.ts'

/**
 * How a listing ended. `complete` is proved: every page came and parsed, none was seen twice, the last one had no
 * `next`, and no fewer rows came than Bitbucket counted. Everything else is `incomplete`, with the reason.
 */
export type Listing<Row> =
  | { readonly state: 'complete'; readonly rows: Row[]; readonly reported: number | null }
  | { readonly state: 'incomplete'; readonly error: UpstreamError }

export interface ListingOptions<Schema extends z.ZodType> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** The route as Atlassian writes it. */
  readonly endpoint: string
  readonly rowSchema: Schema
  /** What a row is recognised by: pages shift while they are read, so a row may come twice. */
  readonly key: (row: z.output<Schema>) => string
  readonly signal?: AbortSignal | undefined
}

/** The largest page first. Bitbucket refuses it at some endpoints, which is documented for pull requests only. */
const pageLengths = [100, 50, 10]

/** Reads all pages of a listing. @throws the signal's reason when it aborts, and what is not Bitbucket's doing. */
export async function readListing<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
): Promise<Listing<z.output<Schema>>> {
  try {
    return await readPages(client, options, pageLengths)
  } catch (error) {
    if (error instanceof UpstreamError) return { state: 'incomplete', error }
    throw error
  }
}

async function readPages<Schema extends z.ZodType>(
  client: BitbucketClient,
  options: ListingOptions<Schema>,
  [pageLength = 10, ...shorter]: readonly number[],
): Promise<Listing<z.output<Schema>>> {
  const { endpoint, rowSchema, key, signal } = options
  // Bitbucket's REST introduction, pagination: `next` is a whole URL, and only its absence ends a list.
  const schema = z.object({ values: z.array(rowSchema), next: z.url().optional(), size: z.int().optional() })
  const rows = new Map<string, z.output<Schema>>()
  const seen = new Set<string>()
  let reported: number | null = null
  for (let path: string | undefined = firstPage(options, pageLength); path !== undefined; ) {
    if (seen.has(path)) throw contractError(endpoint, 'looping-next', 'a page points back to one that was read')
    seen.add(path)
    let page: z.output<typeof schema>
    try {
      page = await client.get(path, { endpoint, schema, signal })
    } catch (error) {
      if (seen.size === 1 && shorter.length > 0 && isInvalidPageLength(error))
        return readPages(client, options, shorter)
      throw error
    }
    for (const row of page.values) rows.set(key(row), row)
    reported = page.size ?? null
    path = page.next
  }
  if (reported !== null && rows.size < reported) {
    throw contractError(endpoint, 'count-mismatch', `${rows.size} rows came where Bitbucket counts ${reported}`)
  }
  return { state: 'complete', rows: [...rows.values()], reported }
}

function firstPage({ path, query }: ListingOptions<z.ZodType>, pageLength: number): string {
  return `${path}?${new URLSearchParams({ pagelen: String(pageLength), ...query })}`
}

function isInvalidPageLength(error: unknown): boolean {
  return error instanceof UpstreamError && error.status === 400 && /pagelen/i.test(error.message)
}
