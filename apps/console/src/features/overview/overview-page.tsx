import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { connectionQuery } from '../../api/queries.ts'
import { useTitle } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { BudgetPanel } from './budget-panel.tsx'
import { CountsPanel } from './counts-panel.tsx'
import { CoveragePanel } from './coverage-panel.tsx'
import { FreshnessPanel } from './freshness-panel.tsx'
import { LastSyncsPanel } from './last-syncs-panel.tsx'
import { StatePanel } from './state-panel.tsx'

/** How a connection is: its state and why, what is in it, how fresh and how complete that is, and what its hour has left. */
export function OverviewPage() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/' })
  const query = useQuery(connectionQuery(connectionId))
  const mayRead = useMay('access:read')
  useTitle(query.data?.name ?? 'Overview')
  return (
    <QueryView query={query}>
      {(connection) => (
        <div className="stack">
          <StatePanel connection={connection} />
          {mayRead ? (
            <>
              <CountsPanel connectionId={connectionId} />
              <FreshnessPanel connectionId={connectionId} />
            </>
          ) : (
            <Panel title="Who has access, and how fresh that is">
              <NoPermission scope="access:read" />
            </Panel>
          )}
          <div className="columns">
            <BudgetPanel connectionId={connectionId} />
            <LastSyncsPanel connection={connection} />
          </div>
          {mayRead && <CoveragePanel connectionId={connectionId} />}
        </div>
      )}
    </QueryView>
  )
}
