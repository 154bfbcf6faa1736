import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, client } from '../../api/client.ts'
import { readFeed } from '../../api/feed.ts'
import type { Hold } from '../../api/queries.ts'
import type { HeldRemoval } from './held-causes.ts'

/** More are not listed one by one: so many can be named in one decision. */
export const listedMax = 10_000
const pageSize = 200
const historyMax = 30

/** All that is held, removal by removal, as far as it can be listed. Read anew when the hold has become another. */
export const removalsQuery = (connectionId: string, { id, wouldRemove, expiresAt }: Hold) =>
  queryOptions({
    queryKey: ['connections', connectionId, 'held-removals', id, expiresAt, wouldRemove.grants, wouldRemove.nestings],
    queryFn: async ({ signal }): Promise<readonly HeldRemoval[]> => {
      const all: HeldRemoval[] = []
      for (let cursor: string | undefined; ; ) {
        const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) }
        const params = { path: { id: connectionId }, query }
        const page = await answered(client.GET('/v1/connections/{id}/hold/removals', { params, signal }))
        all.push(...page.items)
        if (page.next === null || all.length >= listedMax) return all.slice(0, listedMax)
        cursor = page.next
      }
    },
    placeholderData: keepPreviousData,
  })

/** What was held and decided before, the last first. */
export const holdHistoryQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['connections', connectionId, 'hold-history'],
    queryFn: async ({ signal }) => {
      const names = ['sync.held', 'sync.released'] as const
      const pages = await Promise.all(names.map((name) => readFeed(connectionId, { name, limit: historyMax }, signal)))
      return pages.flatMap(({ items }) => items).toSorted((a, b) => b.sequence - a.sequence)
    },
    refetchInterval: 10_000,
  })

/** Who decided, and why; the audit log knows it. */
export const decisionsQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['connections', connectionId, 'hold-decisions'],
    queryFn: async ({ signal }) => {
      const actions = ['removals.approved', 'removals.rejected'] as const
      const pages = await Promise.all(
        actions.map((action) => {
          const params = { path: { id: connectionId }, query: { action, limit: historyMax } }
          return answered(client.GET('/v1/connections/{id}/audit', { params, signal }))
        }),
      )
      return pages.flatMap(({ items }) => items)
    },
    refetchInterval: 10_000,
  })
