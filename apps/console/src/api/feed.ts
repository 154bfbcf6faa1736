import { queryOptions } from '@tanstack/react-query'
import { answered, client, type QueryOf } from './client.ts'

export type FeedFilters = Pick<QueryOf<'listFeed'>, 'name' | 'serviceUserId' | 'resource' | 'syncId' | 'privileged'>

/** How many events come at once. */
export const feedPageSize = 100
const feedPageMax = 200

/** A page of the feed, the newest first. */
export function readFeed(id: string, query: QueryOf<'listFeed'>, signal: AbortSignal) {
  return answered(client.GET('/v1/connections/{id}/feed', { params: { path: { id }, query }, signal }))
}

/** The syncs that came to their end, the last first, as far as one page of the feed reaches: `more` says whether it does. */
export const completedSyncsQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'completed-syncs'],
    queryFn: ({ signal }) => readFeed(id, { name: 'sync.completed', limit: feedPageMax }, signal),
    staleTime: 60_000,
  })
