import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { syncsQuery } from '../../api/insight.ts'
import type { Sync } from '../../api/queries.ts'
import { changesOf, kindNames, sayChanges, secondsOf, triggerNames } from '../../api/sync-words.ts'
import { SyncResult } from '../../shell/sync-result.tsx'
import { useTitle } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { Ago, formatCount, formatDuration } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx'
import { StartSync } from './start-sync.tsx'
import styles from './syncs-page.module.css'

/** All syncs of a connection, the newest first, and the way to a new one. */
export function SyncsPage() {
  useTitle('Syncs')
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/syncs' })
  const query = useInfiniteQuery(syncsQuery(connectionId))
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <Panel title="Syncs" flush actions={<StartSync connectionId={connectionId} />}>
      <QueryView
        query={query}
        skeletonLines={8}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
      >
        {({ pages }) => {
          const syncs = pages.flatMap(({ items }) => items)
          if (syncs.length === 0) {
            return (
              <EmptyState title="No sync yet">
                <p>A full sync reads everything; start one.</p>
              </EmptyState>
            )
          }
          return <VirtualTable label="Syncs" columns={columns} rows={syncs} rowKey={({ id }) => id} onEnd={more} />
        }}
      </QueryView>
    </Panel>
  )
}

const columns: readonly Column<Sync>[] = [
  {
    key: 'sync',
    title: 'Sync',
    cell: (sync) => (
      <>
        <Link
          to="/connections/$connectionId/syncs/$syncId"
          params={{ connectionId: sync.connectionId, syncId: sync.id }}
        >
          {kindNames[sync.kind]}
        </Link>
        <span className={styles.when}>
          <Ago at={sync.requestedAt} />
        </span>
      </>
    ),
  },
  { key: 'result', title: 'State', width: '11rem', cell: (sync) => <SyncResult sync={sync} /> },
  { key: 'trigger', title: 'Trigger', wideOnly: true, cell: ({ trigger }) => triggerNames[trigger] },
  { key: 'duration', title: 'Duration', width: '6rem', wideOnly: true, cell: (sync) => <Duration sync={sync} /> },
  {
    key: 'requests',
    title: 'Requests',
    width: '6rem',
    wideOnly: true,
    cell: ({ progress }) => <span className="numeric">{formatCount(progress.requests)}</span>,
  },
  {
    key: 'changes',
    title: 'Changes',
    width: '2fr',
    wideOnly: true,
    cell: (sync) => (
      <span className="numeric">
        {sync.kind === 'preview' && 'would be: '}
        {sayChanges(changesOf(sync), formatCount)}
      </span>
    ),
  },
]

function Duration({ sync }: { readonly sync: Sync }) {
  const seconds = secondsOf(sync, useNow())
  return <span className="numeric">{seconds === null ? '–' : formatDuration(seconds)}</span>
}
