import { queryOptions, useQuery } from '@tanstack/react-query'
import { type Answer, answered, client } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'

export type Session = Answer<'getSession'>
export type Scope = Session['scopes'][number]

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await answered(client.GET('/v1/session', { signal }))
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
})

/** Whether who is signed in may do what needs this scope. */
export function useMay(scope: Scope): boolean {
  const { data } = useQuery(sessionQuery)
  return data?.scopes.includes(scope) ?? false
}
