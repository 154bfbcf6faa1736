import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { connectionQuery, type Sync } from '../../api/queries.ts'
import { saySchedule } from '../../api/schedule-words.ts'
import { isOver, kindNames, triggerNames } from '../../api/sync-words.ts'
import { SyncResult } from '../../shell/sync-result.tsx'
import { Notice } from '../../ui/badge.tsx'
import { useTitle } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { LostNotice } from './lost-notice.tsx'
import { SyncActions } from './sync-actions.tsx'
import { SyncBudget } from './sync-budget.tsx'
import { SyncDone } from './sync-done.tsx'
import { SyncNotRead } from './sync-not-read.tsx'
import { SyncProgress } from './sync-progress.tsx'
import { SyncScopes } from './sync-scopes.tsx'
import { SyncStats } from './sync-stats.tsx'
import { SyncVerified } from './sync-verified.tsx'
import { useLiveSync } from './use-live-sync.ts'

/** One sync: live while it goes on, and what became of it. */
export function SyncPage() {
  useTitle('Sync')
  const { connectionId, syncId } = useParams({ from: '/inside/connections/$connectionId/syncs/$syncId' })
  const { query, lostSince } = useLiveSync(connectionId, syncId)
  return (
    <QueryView
      query={query}
      skeletonLines={10}
      onProblem={({ status }) => {
        if (status === 403) return <NoPermission scope="connections:read" />
        if (status !== 404) return undefined
        return (
          <EmptyState title="There is no such sync">
            <p>
              A sync can be looked up for 90 days. <AllSyncs connectionId={connectionId} />
            </p>
          </EmptyState>
        )
      }}
    >
      {(sync) => (
        <div className="stack">
          <Head sync={sync} />
          {lostSince !== null && <LostNotice since={lostSince} />}
          {isOver(sync) ? <SyncDone sync={sync} /> : <Underway sync={sync} />}
          {sync.verified !== null && <SyncVerified connectionId={connectionId} verified={sync.verified} />}
          <SyncStats sync={sync} />
          <SyncNotRead sync={sync} />
          {sync.scopes !== null && (
            <SyncScopes connectionId={connectionId} scopes={sync.scopes} isOver={isOver(sync)} />
          )}
        </div>
      )}
    </QueryView>
  )
}

function Head({ sync }: { readonly sync: Sync }) {
  return (
    <header className="stack-small">
      <AllSyncs connectionId={sync.connectionId} />
      <div className="spread">
        <h2 className="row">
          {kindNames[sync.kind]} sync <SyncResult sync={sync} />
        </h2>
        <SyncActions sync={sync} />
      </div>
      <p className="muted small">
        {triggerNames[sync.trigger]} · <Time at={sync.requestedAt} /> · <code>{sync.id}</code>
      </p>
      {sync.kind === 'preview' && (
        <p>A preview reads like a full sync and tells nothing: below is what a full sync would change.</p>
      )}
      <p role="status" className="visually-hidden">
        {isOver(sync) ? 'The sync is over' : 'The sync goes on'}
      </p>
    </header>
  )
}

function Underway({ sync }: { readonly sync: Sync }) {
  return (
    <>
      {sync.trigger === 'saved' && <BecauseSaved connectionId={sync.connectionId} />}
      {sync.waitingFor === 'stream' && (
        <Notice tone="waiting">
          It waits until the stream has taken what was found: Kafka is away or slow. Nothing is lost.
        </Notice>
      )}
      <SyncProgress sync={sync} />
      <Panel title="Request budget">
        <SyncBudget sync={sync} />
      </Panel>
    </>
  )
}

/** Nobody has asked for it by name, and with a manual schedule it would surprise. */
function BecauseSaved({ connectionId }: { readonly connectionId: string }) {
  const { data: connection } = useQuery(connectionQuery(connectionId))
  if (connection === undefined) return null
  return (
    <Notice tone="info">
      The first full sync started because you saved; your schedule ({saySchedule(connection.schedule)}) applies
      afterwards. Closing this page stops nothing.
    </Notice>
  )
}

function AllSyncs({ connectionId }: { readonly connectionId: string }) {
  return (
    <Link to="/connections/$connectionId/syncs" params={{ connectionId }} className="small">
      All syncs
    </Link>
  )
}
