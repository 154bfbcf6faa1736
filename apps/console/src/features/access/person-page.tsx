import { useQuery } from '@tanstack/react-query'
import { Badge } from '../../ui/badge.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/state.tsx'
import type { Column } from '../../ui/virtual-table.tsx'
import styles from './access.module.css'
import { changedSearch } from './access-search.ts'
import { accessOfUserFilters } from './filters.ts'
import { ListView } from './list-view.tsx'
import { grantColumns } from './lists.tsx'
import { Filters, Level, Parts, ReadAgo, RowLink, Since } from './parts.tsx'
import { pathsInShort } from './path-words.ts'
import { accessOfUserList, grantList, type KnownPerson, personQuery, type ResourceAccess } from './queries.ts'
import { useAccess } from './use-access.ts'

/** A person: who that is, and what they can do. */
export function PersonPage({ person }: { readonly person: string }) {
  const { connectionId, search } = useAccess()
  const query = useQuery(personQuery(connectionId, person, search.asOf))
  return (
    <>
      <QueryView
        query={query}
        onProblem={({ code }) =>
          code === 'no-such-entity' ? <NotThere isPast={search.asOf !== undefined} /> : undefined
        }
        skeletonLines={3}
      >
        {(known) => <PersonFacts known={known} />}
      </QueryView>
      <Panel
        title={
          { now: 'What they can do', given: 'What they hold', before: 'What they held before' }[search.part ?? 'now']
        }
        flush
      >
        <div className={styles.lead}>
          <Parts
            parts={[
              ['now', 'Can do'],
              ['given', 'Holds directly'],
              ['before', 'Held before'],
            ]}
          />
        </div>
        {(search.part ?? 'now') === 'now' ? <CanDo person={person} /> : <Holds person={person} />}
      </Panel>
    </>
  )
}

function NotThere({ isPast }: { readonly isPast: boolean }) {
  return (
    <Panel>
      <EmptyState title={`There ${isPast ? 'was' : 'is'} no such account`}>
        <p>It may have been there at another time. What it held before is below.</p>
      </EmptyState>
    </Panel>
  )
}

function PersonFacts({ known: { serviceUser, privileged, since } }: { readonly known: KnownPerson }) {
  const { kind, status, membership, attributes } = serviceUser
  const name = attributes.displayName ?? attributes.nickname ?? 'Without a name'
  return (
    <Panel
      title={
        <span className={styles.title}>
          {name}
          {membership === 'outside' && <Badge tone="warn">Outside the workspace</Badge>}
          {status !== 'active' && <Badge tone="neutral">{`Account ${status}`}</Badge>}
          {privileged && <Badge tone="warn">Administers something</Badge>}
        </span>
      }
    >
      <Facts
        items={[
          ['Kind', kind],
          ['Role in the workspace', membership === 'outside' ? 'none' : (attributes.workspaceRole ?? 'member')],
          ['E-mail', attributes.email ?? 'not confirmed'],
          ['Last there', attributes.lastAccessedOn ?? 'not told'],
          ['Two steps to sign in', twoStepsInWords(attributes.twoFactorEnabled)],
          ['As it is since', <Since key="since" at={since} />],
        ]}
      />
    </Panel>
  )
}

function twoStepsInWords(enabled: boolean | null | undefined): string {
  return enabled == null ? 'not told' : enabled ? 'yes' : 'no'
}

function CanDo({ person }: { readonly person: string }) {
  const { connectionId, search } = useAccess()
  const columns: readonly Column<ResourceAccess>[] = [
    {
      key: 'resource',
      title: 'On',
      width: '2fr',
      cell: ({ resource, on }) => <RowLink search={changedSearch(search, { why: resource })}>{on.name}</RowLink>,
    },
    {
      key: 'kind',
      title: 'What it is',
      width: '8rem',
      wideOnly: true,
      cell: ({ on }) => <span className="muted">{on.kind}</span>,
    },
    { key: 'level', title: 'Level', width: '8rem', cell: ({ level }) => <Level level={level ?? 'none'} /> },
    { key: 'ways', title: 'By what', width: '3fr', wideOnly: true, cell: (access) => <Ways access={access} /> },
    { key: 'read', title: 'Read', width: '9rem', wideOnly: true, cell: ({ readAt }) => <ReadAgo at={readAt} /> },
  ]
  return (
    <>
      <Filters filters={accessOfUserFilters} searchLabel="Search what it is on, by name" />
      <ListView
        label="What they can do"
        list={accessOfUserList(connectionId, person, search)}
        columns={columns}
        rowKey={({ resource }) => resource}
        isCurrent={({ resource }) => resource === search.why}
        nobody="They can do nothing here."
      />
    </>
  )
}

/** The ways in words; the whole of it when it is pointed at. */
export function Ways({ access }: { readonly access: Pick<ResourceAccess, 'paths' | 'decidedBy'> }) {
  const words = pathsInShort(access)
  return <span title={words}>{words}</span>
}

function Holds({ person }: { readonly person: string }) {
  const { connectionId, search } = useAccess()
  const isPast = search.part === 'before'
  const list = grantList(
    connectionId,
    { serviceUserId: person },
    changedSearch(search, { ended: isPast ? 'only' : undefined }),
  )
  return (
    <ListView
      label={isPast ? 'What they held before' : 'What they hold directly'}
      list={list}
      columns={grantColumns(isPast, 'holder')}
      rowKey={({ id, grantedAt }) => `${id} ${grantedAt}`}
      nobody={isPast ? 'Nothing was taken from them.' : 'They hold nothing directly.'}
    />
  )
}
