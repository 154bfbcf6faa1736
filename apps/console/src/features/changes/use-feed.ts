import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Answer } from '../../api/client.ts'
import { type FeedFilters, feedPageSize, readFeed } from '../../api/feed.ts'
import type { ToldEvent } from '../../api/queries.ts'
import { arrive, emptyLive, type LiveFeed, showWaiting } from './live-feed.ts'
import { type Arrival, useLiveEvents } from './use-live-events.ts'

type Page = Answer<'listFeed'>

/** What the list is of: the events that pass the filters, after an event or from the first one on. */
export interface FeedAsked {
  readonly filters: FeedFilters
  readonly after: number | undefined
}

/** The pages from the latest event down. What comes afterwards is followed, so that no page is ever asked for again. */
const feedQuery = (connectionId: string, { filters, after }: FeedAsked) =>
  infiniteQueryOptions({
    queryKey: ['feed', connectionId, filters, after ?? null],
    queryFn: ({ pageParam, signal }) => {
      const bounds = { ...(pageParam !== null && { before: pageParam }), ...(after !== undefined && { after }) }
      return readFeed(connectionId, { ...filters, ...bounds, limit: feedPageSize }, signal)
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ more, next }) => (more ? next : null),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

/** The feed as it is and as it goes on. `isAtTop` says at each arrival whether the reader sees the top of the list. */
export function useFeed(connectionId: string, asked: FeedAsked, isAtTop: () => boolean) {
  const options = feedQuery(connectionId, asked)
  const query = useInfiniteQuery(options)
  const queryClient = useQueryClient()
  const [live, setLive] = useState<LiveFeed<ToldEvent>>(emptyLive)
  const isWhole = Object.values(asked.filters).every((value) => value === undefined)
  const readAnew = useCallback(() => {
    setLive(emptyLive)
    void queryClient.resetQueries({ queryKey: options.queryKey })
  }, [queryClient, options.queryKey])
  const { lostSince } = useLiveEvents(connectionId, lastOf(query.data), {
    onArrival: async (arrival, signal) => {
      const events = isWhole ? arrival.items.toReversed() : await readThose(connectionId, asked, arrival, signal)
      setLive((before) => arrive(before, events, isAtTop()))
    },
    onGone: readAnew,
  })
  const pages = query.data?.pages.flatMap(({ items }) => items) ?? []
  return {
    query,
    lostSince,
    isWhole,
    events: [...live.shown, ...pages],
    waiting: live.waiting.length,
    isTooMuch: live.isTooMuch,
    /** Puts what waits into the list; reads the list anew where that is too much. */
    showNew: () => (live.isTooMuch ? readAnew() : setLive(showWaiting)),
  }
}

/** Which of the events that came pass the filters, the API says. */
async function readThose(connectionId: string, { filters }: FeedAsked, { after, next }: Arrival, signal: AbortSignal) {
  const { items } = await readFeed(connectionId, { ...filters, after, before: next + 1, limit: 200 }, signal)
  return items
}

function lastOf(data: InfiniteData<Page> | undefined): number | null {
  return data?.pages[0]?.last ?? null
}
