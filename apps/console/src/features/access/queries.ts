import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answered, answeredWith, client, type ItemOf, type QueryOf } from '../../api/client.ts'
import { type AccessSearch, defined } from './access-search.ts'

const pageSize = 200
/** The first ones, and one more to know whether there are others. */
const fewSize = 7
/** What is looked at again is asked for anew after this; long lists stay as they were until somebody wants the newest. */
const freshMs = 15_000
const fewPages = 3

export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
  /** The last event that it includes. */
  readonly sequence: number
}

type Paged<Query> = Query & { readonly limit: number; readonly cursor?: string }
type Call<Item> = Promise<{
  readonly data?: ListPage<Item> | string
  readonly error?: unknown
  readonly response: Response
}>

/** A list of any length, page by page, all pages as of one moment; `few`: only its beginning; `csv`: the address of the whole as a table. */
function listOf<Query extends object, Item>(
  connectionId: string,
  path: string,
  query: Query,
  call: (query: Paged<Query>, signal: AbortSignal) => Call<Item>,
) {
  // One type of key for all lists.
  const asked: object = query
  const asText = Object.entries(query).map(([name, value]) => [name, String(value)])
  const optionsOf = (limit: number) =>
    infiniteQueryOptions({
      queryKey: ['access', connectionId, path, asked, limit],
      queryFn: async ({ pageParam, signal }): Promise<ListPage<Item>> => {
        const { data } = await answeredWith(
          call({ ...query, limit, ...(pageParam !== null && { cursor: pageParam }) }, signal),
        )
        if (data === undefined || typeof data === 'string') throw new TypeError('a list came as something else')
        return data
      },
      initialPageParam: null as string | null,
      getNextPageParam: ({ next }) => next,
      staleTime: freshMs,
      refetchOnWindowFocus: false,
      refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) <= fewPages,
    })
  return {
    csv: `/v1/connections/${connectionId}/${path}?${new URLSearchParams([...asText, ['format', 'csv']])}`,
    options: optionsOf(pageSize),
    few: optionsOf(fewSize),
  }
}

export type AccessList<Item> = ReturnType<typeof listOf<object, Item>>

const flag = (value: boolean | undefined) =>
  value === undefined ? undefined : value ? ('true' as const) : ('false' as const)

export function peopleList(
  id: string,
  { q: search, kind, status, membership, notSeenSince, asOf, ...flags }: AccessSearch,
) {
  const [privileged, matched] = [flag(flags.privileged), flag(flags.matched)]
  const query = defined({ search, kind, status, membership, notSeenSince, privileged, matched, asOf })
  return listOf(id, 'service-users', query, (paged: Paged<QueryOf<'listServiceUsers'>>, signal) =>
    client.GET('/v1/connections/{id}/service-users', { params: { path: { id }, query: paged }, signal }),
  )
}

export function resourceList(
  id: string,
  kind: 'group' | 'project' | 'repository',
  { q: search, project, asOf, ...flags }: AccessSearch,
) {
  const query = defined({ kind, search, project, private: flag(flags.private), asOf })
  return listOf(id, 'resources', query, (paged: Paged<QueryOf<'listResources'>>, signal) =>
    client.GET('/v1/connections/{id}/resources', { params: { path: { id }, query: paged }, signal }),
  )
}

export function entitlementList(id: string, { q: search, entitlementKind: kind, level, asOf, ...flags }: AccessSearch) {
  const query = defined({ search, kind, level, privileged: flag(flags.privileged), asOf })
  return listOf(id, 'entitlements', query, (paged: Paged<QueryOf<'listEntitlements'>>, signal) =>
    client.GET('/v1/connections/{id}/entitlements', { params: { path: { id }, query: paged }, signal }),
  )
}

/** What narrows a list of what is held to one holder, one resource or one entitlement. */
type Of<Operation extends 'listGrants' | 'listNestings'> = Partial<
  Pick<
    QueryOf<Operation>,
    Extract<keyof QueryOf<Operation>, 'serviceUserId' | 'container' | 'resource' | 'entitlementId'>
  >
>

export function grantList(
  id: string,
  of: Of<'listGrants'>,
  { resourceKind, level, ended, asOf, ...flags }: AccessSearch,
) {
  const [privileged, otherPath] = [flag(flags.privileged), flag(flags.otherPath)]
  const query = { ...of, ...defined({ resourceKind, level, ended, privileged, otherPath, asOf }) }
  return listOf(id, 'grants', query, (paged: Paged<QueryOf<'listGrants'>>, signal) =>
    client.GET('/v1/connections/{id}/grants', { params: { path: { id }, query: paged }, signal }),
  )
}

export function nestingList(
  id: string,
  of: Of<'listNestings'>,
  { resourceKind, level, ended, asOf, ...flags }: AccessSearch,
) {
  const query = { ...of, ...defined({ resourceKind, level, ended, privileged: flag(flags.privileged), asOf }) }
  return listOf(id, 'nestings', query, (paged: Paged<QueryOf<'listNestings'>>, signal) =>
    client.GET('/v1/connections/{id}/nestings', { params: { path: { id }, query: paged }, signal }),
  )
}

const waysOf = ({ q: search, atLeast, level, via, several, sort, asOf }: AccessSearch) =>
  defined({ search, atLeast, level, via, sort, asOf, pathsMin: several === true ? 2 : undefined })

export function accessOfUserList(id: string, serviceUserId: string, search: AccessSearch) {
  const { resourceKind } = search
  const kind = resourceKind === 'project' || resourceKind === 'repository' ? resourceKind : undefined
  const query = { serviceUserId, ...waysOf(search), ...defined({ resourceKind: kind }) }
  return listOf(id, 'access-of-user', query, (paged: Paged<QueryOf<'accessOfUser'>>, signal) =>
    client.GET('/v1/connections/{id}/access-of-user', { params: { path: { id }, query: paged }, signal }),
  )
}

export function whoCanList(id: string, resource: string, search: AccessSearch) {
  return listOf(id, 'who-can', { resource, ...waysOf(search) }, (paged: Paged<QueryOf<'whoCan'>>, signal) =>
    client.GET('/v1/connections/{id}/who-can', { params: { path: { id }, query: paged }, signal }),
  )
}

/** There is no table of it. */
export function differenceList(id: string, from: string, to: string | undefined) {
  return listOf(id, 'differences', { from, ...defined({ to }) }, (paged: Paged<QueryOf<'listDifferences'>>, signal) =>
    client.GET('/v1/connections/{id}/differences', { params: { path: { id }, query: paged }, signal }),
  )
}

export type KnownPerson = ItemOf<'listServiceUsers'>
export type KnownResource = ItemOf<'listResources'>
export type KnownEntitlement = ItemOf<'listEntitlements'>
export type KnownGrant = ItemOf<'listGrants'>
export type KnownNesting = ItemOf<'listNestings'>
export type ResourceAccess = ItemOf<'accessOfUser'>
export type PersonAccess = ItemOf<'whoCan'>
export type Difference = ItemOf<'listDifferences'>

const refreshMs = 10_000
/** What was known at a time that has passed does not change. */
const refreshing = (asOf: string | undefined) =>
  asOf === undefined ? { refetchInterval: refreshMs } : { staleTime: Number.POSITIVE_INFINITY }

export const coverageAsOfQuery = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'coverage', asOf],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/coverage', { params: { path: { id }, query: defined({ asOf }) }, signal }),
      ),
    ...refreshing(asOf),
  })

export const countsAsOfQuery = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'counts', asOf],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/counts', { params: { path: { id }, query: defined({ asOf }) }, signal }),
      ),
    ...refreshing(asOf),
  })

export const personQuery = (id: string, serviceUserId: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'person', serviceUserId, asOf],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/service-users/{serviceUserId}', {
          params: { path: { id, serviceUserId }, query: defined({ asOf }) },
          signal,
        }),
      ),
  })

/** The levels that are held on a resource; each says what it is. None: nothing is held on it by itself. */
export const levelsOnQuery = (id: string, resource: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'levels-on', resource, asOf],
    queryFn: async ({ signal }) => {
      const query = { resource, limit: 50, ...defined({ asOf }) }
      const data = await answered(
        client.GET('/v1/connections/{id}/entitlements', { params: { path: { id }, query }, signal }),
      )
      if (typeof data === 'string') throw new TypeError('a list came as something else')
      return data.items.map(({ entitlement }) => entitlement)
    },
  })

export const entitlementQuery = (id: string, entitlementId: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'entitlement', entitlementId, asOf],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/entitlements/{entitlementId}', {
          params: { path: { id, entitlementId }, query: defined({ asOf }) },
          signal,
        }),
      ),
  })

export const explainQuery = (id: string, serviceUserId: string, resource: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['access', id, 'explain', serviceUserId, resource, asOf],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/explain', {
          params: { path: { id }, query: { serviceUserId, resource, ...defined({ asOf }) } },
          signal,
        }),
      ),
  })
