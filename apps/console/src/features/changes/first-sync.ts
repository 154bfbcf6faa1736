import { queryOptions } from '@tanstack/react-query'
import { answered, client } from '../../api/client.ts'
import { completedSyncsQuery } from '../../api/feed.ts'
import { ApiProblem } from '../../api/problem.ts'

/** The end of the first sync: what is told before it, it found; what comes after it, has changed. */
export interface FirstSync {
  readonly sequence: number
  readonly endedAt: string
}

const againMs = 5_000

/** The first sync that came to its end; null: there is none yet, or it is so long ago that it cannot be told any more. */
export const firstSyncQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['feed', connectionId, 'first-sync'],
    queryFn: async ({ client: queryClient, signal }): Promise<FirstSync | null> => {
      const { items, more } = await queryClient.fetchQuery({ ...completedSyncsQuery(connectionId), retry: false })
      const first = items.at(-1)
      if (first === undefined || more || !(await isKeptFromTheFirst(connectionId, signal))) return null
      return { sequence: first.sequence, endedAt: first.headers.ce_time }
    },
    staleTime: Number.POSITIVE_INFINITY,
    // What a connection that was just made tells takes a moment to be known here.
    refetchInterval: ({ state }) => (state.status === 'error' ? againMs : false),
  })

async function isKeptFromTheFirst(connectionId: string, signal: AbortSignal): Promise<boolean> {
  const params = { path: { id: connectionId }, query: { after: 0, limit: 1 } }
  try {
    const { items } = await answered(client.GET('/v1/connections/{id}/changes', { params, signal }))
    return items[0]?.sequence === 1
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'sequence-not-kept') return false
    throw error
  }
}
