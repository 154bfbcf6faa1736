import { infiniteQueryOptions } from '@tanstack/react-query'
import { answered, client } from '../../api/client.ts'
import type { AuditSearch } from './audit-search.ts'

/** Who did what to a connection, the latest first, page by page. */
export const auditQuery = (id: string, search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['connections', id, 'audit', search],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...search, ...pageParam }
      return answered(client.GET('/v1/connections/{id}/audit', { params: { path: { id }, query }, signal }))
    },
    initialPageParam: {} as { readonly cursor?: string },
    getNextPageParam: ({ next }) => (next === null ? undefined : { cursor: next }),
    refetchInterval: 10_000,
  })
