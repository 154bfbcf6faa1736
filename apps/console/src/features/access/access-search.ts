import type { QueryOf } from '../../api/client.ts'

type Choices<Value> = readonly Exclude<Value, undefined>[]
type People = QueryOf<'listServiceUsers'>
type Ways = QueryOf<'accessOfUser'>

/** What can be said by one of a few words. */
const words = {
  page: [
    ...(['people', 'groups', 'projects', 'repositories', 'entitlements', 'grants', 'nestings', 'changes'] as const),
    ...(['person', 'resource', 'entitlement'] as const),
  ],
  part: ['now', 'given', 'before'],
  kind: ['person', 'app', 'team', 'unknown'] satisfies Choices<People['kind']>,
  status: ['active', 'inactive', 'closed', 'unknown'] satisfies Choices<People['status']>,
  membership: ['member', 'outside'] satisfies Choices<People['membership']>,
  via: ['direct', 'group', 'project', 'project-group', 'workspace-owner'] satisfies Choices<Ways['via']>,
  sort: ['name', 'level'] satisfies Choices<Ways['sort']>,
  resourceKind: ['workspace', 'group', 'project', 'repository'] satisfies Choices<
    QueryOf<'listGrants'>['resourceKind']
  >,
  entitlementKind: [
    ...(['workspace-role', 'group-membership', 'project-permission', 'repository-permission'] as const),
  ] satisfies Choices<QueryOf<'listEntitlements'>['kind']>,
  ended: ['none', 'also', 'only'] satisfies Choices<QueryOf<'listGrants'>['ended']>,
} as const
const texts = ['q', 'person', 'resource', 'entitlement', 'project', 'why', 'level', 'atLeast', 'notSeenSince'] as const
const moments = ['asOf', 'from', 'to'] as const
const flags = ['privileged', 'matched', 'otherPath', 'private', 'several'] as const

type Words = typeof words

/** What the address of the access explorer says: what is looked at, and by which filters. All of it may be linked to. */
export type AccessSearch = { readonly [Name in keyof Words]?: Words[Name][number] } & {
  readonly [Name in (typeof texts)[number] | (typeof moments)[number]]?: string
} & { readonly [Name in (typeof flags)[number]]?: boolean }

/** What is looked at: a list, or one of a list; nothing: the questions. */
export type AccessPageName = Words['page'][number]

const textLengthMax = 500

/** Whatever of an address is understood; the rest is as if it were not there. */
export function readAccessSearch(search: Readonly<Record<string, unknown>>): AccessSearch {
  const read = Object.entries(search).flatMap(([name, value]) => {
    // An address that is written by hand may have digits where a text is meant.
    const plain = typeof value === 'number' ? String(value) : value
    return isUnderstood(name, plain) ? [[name, plain]] : []
  })
  // Each was held against its table.
  return Object.fromEntries(read) as AccessSearch
}

function isUnderstood(name: string, value: unknown): boolean {
  if (flags.some((flag) => flag === name)) return typeof value === 'boolean'
  if (typeof value !== 'string' || value === '' || value.length > textLengthMax) return false
  if (moments.some((moment) => moment === name)) return !Number.isNaN(Date.parse(value))
  if (texts.some((text) => text === name)) return true
  return Object.entries(words).some(([word, choices]) => word === name && choices.some((choice) => choice === value))
}

/** Another address with these parts changed; what is undefined is taken out. */
export function changedSearch(
  search: AccessSearch,
  changes: { readonly [Name in keyof AccessSearch]?: AccessSearch[Name] | undefined },
): AccessSearch {
  return defined({ ...search, ...changes })
}

/** Without what is undefined. */
export function defined<Part extends object>(parts: Part): { [Name in keyof Part]: Exclude<Part[Name], undefined> } {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof Part]: Exclude<Part[Name], undefined> }
}

const filterNames = [
  ...(['q', 'kind', 'status', 'membership', 'via', 'resourceKind', 'entitlementKind', 'ended', 'project'] as const),
  ...(['level', 'atLeast', 'notSeenSince', 'privileged', 'matched', 'otherPath', 'private', 'several'] as const),
] satisfies readonly (keyof AccessSearch)[]

/** Whether something but what is looked at narrows the list. */
export function hasFilters(search: AccessSearch): boolean {
  return filterNames.some((name) => search[name] !== undefined)
}

/** The same place without its filters. */
export function withoutFilters(search: AccessSearch): AccessSearch {
  return changedSearch(search, Object.fromEntries(filterNames.map((name) => [name, undefined])))
}
