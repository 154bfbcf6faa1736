import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toApiProblem } from '../../ui/query-view.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { countOf } from '../../ui/time.tsx'
import styles from './access.module.css'
import type { AccessSearch } from './access-search.ts'
import { AccessLink } from './parts.tsx'
import { type AccessList, entitlementList, peopleList, resourceList } from './queries.ts'
import { carried, useAccess } from './use-access.ts'

const shownMax = 6

/** What is called so, kind by kind: the first few, and the way to all of them. */
export function SearchResults({ text }: { readonly text: string }) {
  const { connectionId, search: here } = useAccess()
  const search = carried(here, { q: text })
  return (
    <div className={styles.results}>
      <Found
        title="People"
        all={{ page: 'people', q: text }}
        list={peopleList(connectionId, search)}
        item={({ serviceUser: { id, membership, attributes }, privileged }) => ({
          search: { page: 'person', person: id },
          name: attributes.displayName ?? attributes.nickname ?? id,
          note: [membership === 'outside' ? 'outside' : attributes.workspaceRole, privileged && 'administers something']
            .filter(Boolean)
            .join(', '),
        })}
      />
      {(['group', 'project', 'repository'] as const).map((kind) => (
        <Found
          key={kind}
          title={resourceTitles[kind][0]}
          all={{ page: resourceTitles[kind][1], q: text }}
          list={resourceList(connectionId, kind, search)}
          item={({ id, resource, people }) => ({
            search: { page: 'resource', resource: id },
            name: resource.name,
            note: kind === 'group' ? countOf(people, 'member') : countOf(people, 'person', 'people'),
          })}
        />
      ))}
      <Found
        title="Entitlements"
        all={{ page: 'entitlements', q: text }}
        list={entitlementList(connectionId, search)}
        item={({ entitlement: { id, name } }) => ({ search: { page: 'entitlement', entitlement: id }, name, note: '' })}
      />
    </div>
  )
}

const resourceTitles = {
  group: ['Groups', 'groups'],
  project: ['Projects', 'projects'],
  repository: ['Repositories', 'repositories'],
} as const

function Found<Item>({
  title,
  list,
  item,
  all,
}: {
  readonly title: string
  readonly list: AccessList<Item>
  readonly item: (item: Item) => { readonly search: AccessSearch; readonly name: string; readonly note: string }
  readonly all: AccessSearch
}) {
  const { data, error } = useInfiniteQuery({ ...list.few, placeholderData: keepPreviousData })
  return (
    <section aria-label={title} className="stack-small">
      <h3>{title}</h3>
      {data === undefined && error === null && <Skeleton lines={3} label={`Searching ${title.toLowerCase()}`} />}
      {data === undefined && error !== null && <ErrorState problem={toApiProblem(error)} />}
      {data !== undefined && <Items found={data.pages.flatMap(({ items }) => items).map(item)} all={all} />}
    </section>
  )
}

function Items({
  found,
  all,
}: {
  readonly found: readonly { readonly search: AccessSearch; readonly name: string; readonly note: string }[]
  readonly all: AccessSearch
}): ReactNode {
  if (found.length === 0) return <p className="muted">Nothing is called so.</p>
  return (
    <>
      <ul>
        {found.slice(0, shownMax).map(({ search, name, note }) => (
          <li key={JSON.stringify(search)}>
            <AccessLink search={search}>{name}</AccessLink>
            <span className="muted small">{note}</span>
          </li>
        ))}
      </ul>
      {found.length > shownMax && (
        <p className="small">
          <AccessLink search={all}>All that are called so</AccessLink>
        </p>
      )}
    </>
  )
}
