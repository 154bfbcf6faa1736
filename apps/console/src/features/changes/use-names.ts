import { queryOptions, useQueries } from '@tanstack/react-query'
import { answered, answeredJson, client } from '../../api/client.ts'
import type { Names } from './sentence.ts'

/**
 * The name of a service user or resource; null: nobody knows it. It is asked for as of the event that mentions it, when what has
 * gone since was there still, and asked for once: what is renamed says so by an event of its own.
 */
export const nameQuery = (connectionId: string, id: string, sequence?: number) =>
  queryOptions({
    queryKey: ['names', connectionId, id],
    queryFn: async ({ signal }) => {
      const then = sequence === undefined ? null : await readName(connectionId, id, { atSequence: sequence }, signal)
      return then ?? (await readName(connectionId, id, {}, signal))
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** The names of all that an event mentions, as far as they have come. */
export function useNames(connectionId: string, ids: readonly string[], sequence?: number): Names {
  return useQueries({
    queries: ids.map((id) => nameQuery(connectionId, id, sequence)),
    combine: (results): Names => {
      const known = new Map(ids.map((id, index) => [id, results[index]?.data ?? null]))
      return (id) => known.get(id) ?? null
    },
  })
}

async function readName(
  connectionId: string,
  id: string,
  asOf: { readonly atSequence?: number },
  signal: AbortSignal,
): Promise<string | null> {
  try {
    if (id.startsWith('user:')) {
      const path = { id: connectionId, serviceUserId: id }
      const { serviceUser } = await answered(
        client.GET('/v1/connections/{id}/service-users/{serviceUserId}', { params: { path, query: asOf }, signal }),
      )
      return serviceUser.attributes.displayName ?? serviceUser.attributes.nickname ?? null
    }
    const query = { resource: id, limit: 1, ...asOf }
    const { items } = await answeredJson(
      client.GET('/v1/connections/{id}/entitlements', { params: { path: { id: connectionId }, query }, signal }),
    )
    return items[0]?.entitlement.resource.name ?? null
  } catch (error) {
    if (signal.aborted) throw error
    // Not there at that moment, or that moment is not kept: the sentence does without.
    return null
  }
}
