import { queryOptions } from '@tanstack/react-query'
import { type Answer, answered, client, type ItemOf } from './client.ts'
import { ApiProblem } from './problem.ts'

export type Connection = Answer<'getConnection'>
export type Sync = Answer<'getSync'>
export type Hold = Answer<'getHold'>
export type ToldEvent = ItemOf<'listFeed'>

/** How often figures that change by themselves are asked for anew while somebody looks at them. */
const refreshMs = 10_000

/** All connections of the tenant; there are few. */
export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => {
    const all: Connection[] = []
    for (let cursor: string | undefined; ; ) {
      const query = { limit: 200, ...(cursor !== undefined && { cursor }) }
      const { items, next } = await answered(client.GET('/v1/connections', { params: { query }, signal }))
      all.push(...items)
      if (next === null) return all
      cursor = next
    }
  },
  refetchInterval: refreshMs,
})

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => answered(client.GET('/v1/connections/{id}', { params: { path: { id } }, signal })),
    refetchInterval: refreshMs,
  })

export const countsQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'counts'],
    queryFn: ({ signal }) => answered(client.GET('/v1/connections/{id}/counts', { params: { path: { id } }, signal })),
    refetchInterval: refreshMs,
  })

export const coverageQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'coverage'],
    queryFn: ({ signal }) =>
      answered(client.GET('/v1/connections/{id}/coverage', { params: { path: { id } }, signal })),
    refetchInterval: refreshMs,
  })

/** What waits for a decision; null: nothing is held. */
export const holdQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'hold'],
    queryFn: async ({ signal }): Promise<Hold | null> => {
      try {
        return await answered(client.GET('/v1/connections/{id}/hold', { params: { path: { id } }, signal }))
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'nothing-held') return null
        throw error
      }
    },
    refetchInterval: refreshMs,
  })
