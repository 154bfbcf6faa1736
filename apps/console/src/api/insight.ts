import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Answer, answered, answeredJson, client, type ItemOf } from './client.ts'
import type { Sync } from './queries.ts'

/** What the pages of a connection ask about how it is. All lie below `['connections', id]`, so that a change renews them together. */

export type Budget = Answer<'getBudget'>
export type CredentialBudget = Budget['credentials'][number]
export type Freshness = Answer<'getFreshness'>
export type ScopeAges = Freshness['freshness']['members']
export type NotRead = Answer<'getNotRead'>['scopes'][number]
export type AuditRecord = ItemOf<'listConnectionAudit'>

const refreshMs = 10_000
const pathOf = (id: string) => ({ params: { path: { id } } })

/** What is left of the hour of each credential. */
export const budgetQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'budget'],
    queryFn: ({ signal }) => answered(client.GET('/v1/connections/{id}/budget', { ...pathOf(id), signal })),
    refetchInterval: refreshMs,
  })

/** How old the facts are. */
export const freshnessQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'freshness'],
    queryFn: ({ signal }) => answered(client.GET('/v1/connections/{id}/freshness', { ...pathOf(id), signal })),
    refetchInterval: refreshMs,
  })

/** What the last try could not read. */
export const notReadQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'not-read'],
    queryFn: ({ signal }) => answered(client.GET('/v1/connections/{id}/not-read', { ...pathOf(id), signal })),
    refetchInterval: refreshMs,
  })

const listSyncs = (id: string, query: { readonly limit: number; readonly cursor?: string }, signal: AbortSignal) =>
  answered(client.GET('/v1/connections/{id}/syncs', { params: { path: { id }, query }, signal }))

/** All syncs, the newest first, page by page. */
export const syncsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['connections', id, 'syncs'],
    queryFn: ({ pageParam, signal }) => listSyncs(id, { limit: 50, ...pageParam }, signal),
    initialPageParam: {} as { readonly cursor?: string },
    getNextPageParam: ({ next }) => (next === null ? undefined : { cursor: next }),
    refetchInterval: refreshMs,
  })

/** The newest few. */
export const lastSyncsQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'last-syncs'],
    queryFn: async ({ signal }): Promise<readonly Sync[]> => (await listSyncs(id, { limit: 5 }, signal)).items,
    refetchInterval: refreshMs,
  })

export const syncQuery = (id: string, syncId: string) =>
  queryOptions({
    queryKey: ['connections', id, 'sync', syncId],
    queryFn: ({ signal }) =>
      answered(client.GET('/v1/connections/{id}/syncs/{syncId}', { params: { path: { id, syncId } }, signal })),
  })

const anHourMs = 3_600_000

/** What a resource is called; null: nobody holds anything there by itself, so that its name is not known. */
export const resourceNameQuery = (id: string, resource: string) =>
  queryOptions({
    queryKey: ['names', id, resource],
    queryFn: async ({ signal }) => {
      const query = { resource, limit: 1 }
      const { items } = await answeredJson(
        client.GET('/v1/connections/{id}/entitlements', { params: { path: { id }, query }, signal }),
      )
      return items[0]?.entitlement.resource.name ?? null
    },
    staleTime: anHourMs,
  })

/** What a service user is called; null: not told. */
export const userNameQuery = (id: string, serviceUserId: string) =>
  queryOptions({
    queryKey: ['names', id, serviceUserId],
    queryFn: async ({ signal }) => {
      const { serviceUser } = await answered(
        client.GET('/v1/connections/{id}/service-users/{serviceUserId}', {
          params: { path: { id, serviceUserId } },
          signal,
        }),
      )
      return serviceUser.attributes.displayName ?? serviceUser.attributes.nickname ?? null
    },
    staleTime: anHourMs,
  })
