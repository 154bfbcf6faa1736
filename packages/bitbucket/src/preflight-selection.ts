import type { UpstreamError } from '@clarity/shared/runtime/errors'
import type { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { requestsOfList } from './full-sync-cost.ts'
import { type FirstRows, type ListingSpec, readListing } from './pages.ts'

/** What a read of Bitbucket gave, or why it gave nothing. */
export type Outcome<T> =
  | { readonly state: 'readable'; readonly value: T }
  | { readonly state: 'refused'; readonly error: UpstreamError }

/** What is to be read of a list. */
export interface Selection<Row> {
  /** Those that are known: of a list that was not read whole, the ones among its first rows. */
  readonly rows: readonly Row[]
  /** How many they are, of how many; null where that is not known. */
  readonly included: number | null
  readonly of: number | null
}

/** Nobody at a form waits for more. */
const listRequestsMax = 20

/**
 * Selects what is included, of the whole list where reading that takes few requests; none more where its first rows are all of
 * them, or nothing is left out.
 */
export async function select<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  first: Outcome<FirstRows<z.output<Schema>>>,
  isIncluded: ((row: z.output<Schema>) => boolean) | null,
  signal: AbortSignal | undefined,
): Promise<Selection<z.output<Schema>>> {
  if (first.state === 'refused') return { rows: [], included: null, of: null }
  const { rows, count } = first.value
  if (isIncluded === null) return { rows, included: count, of: count }
  const whole = await readWhole(client, spec, first.value, signal)
  if (whole === null) return { rows: rows.filter(isIncluded), included: null, of: count }
  const selected = whole.filter(isIncluded)
  return { rows: selected, included: selected.length, of: whole.length }
}

async function readWhole<Schema extends z.ZodType>(
  client: BitbucketClient,
  spec: ListingSpec<Schema>,
  { rows, count, isWhole }: FirstRows<z.output<Schema>>,
  signal: AbortSignal | undefined,
): Promise<readonly z.output<Schema>[] | null> {
  if (isWhole) return rows
  if (count === null || requestsOfList(count) > listRequestsMax) return null
  const listing = await readListing(client, { ...spec, signal })
  return listing.state === 'complete' ? listing.rows : null
}
